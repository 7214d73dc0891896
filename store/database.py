"""Opening the SQL record: SQLite under the store's folder, brought up to date by Alembic."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import event

from store.errors import StoreError

SCHEMA_VERSION = "0007"
"""The newest migration in ``store/migrations/versions``."""
MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(path: Path) -> sa.Engine:
    """The engine of the record at ``path``, created or migrated as needed.

    Raises :class:`StoreError` if the file is no record of ours or from a newer release.
    """
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 30})
    event.listen(engine, "connect", _set_up_connection)
    try:
        version = _version(engine)
        if version != SCHEMA_VERSION:
            _migrate(engine, version)
    except sa.exc.DatabaseError as error:
        engine.dispose()
        raise StoreError(
            f"The record {path} can't be read ({error.orig}). It was left as it is. Restore it "
            "from a backup, or move it away and ingest the documents again."
        ) from error
    return engine


def _set_up_connection(connection: sqlite3.Connection, _: object) -> None:
    cursor = connection.cursor()
    # WAL lets `tumen documents` read while a bot writes; FULL keeps what was acknowledged
    # even through a power cut.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _version(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version


def _migrate(engine: sa.Engine, version: str | None) -> None:
    if version is not None and version > SCHEMA_VERSION:
        raise StoreError(
            f"The record is from a newer release of Tumen (schema {version}, this one knows "
            f"{SCHEMA_VERSION}). Nothing was changed; upgrade Tumen."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
