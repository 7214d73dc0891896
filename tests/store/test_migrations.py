"""The migrations lead to exactly the tables that the code uses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from store import schema
from store.database import MIGRATIONS, SCHEMA_VERSION, open_database


def test_a_migrated_record_has_the_tables_of_the_schema(tmp_path):
    engine = open_database(tmp_path / "record.sqlite")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_the_newest_migration_is_the_version_that_the_code_expects():
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == SCHEMA_VERSION


def test_the_record_survives_a_power_cut_and_lets_others_read(tmp_path):
    with open_database(tmp_path / "record.sqlite").connect() as connection:
        assert connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(sa.text("PRAGMA synchronous")) == 2


def test_a_record_of_an_earlier_release_keeps_its_documents(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'record.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(
            sa.text("INSERT INTO documents VALUES ('d', 'base', '/d.md', '2026-01-01', NULL)")
        )
        connection.execute(
            sa.text(
                "INSERT INTO versions VALUES ('d', 1, 'Words.', 'x', 'y', '{\"title\": \"T\"}', "
                "'[]', '2026-01-01', 'live', 1)"
            )
        )
    engine.dispose()
    with open_database(tmp_path / "record.sqlite").connect() as connection:
        row = connection.execute(sa.select(schema.versions)).one()
    assert (row.text, row.metadata, row.instructions, row.reindex) == (
        "Words.",
        {"title": "T"},
        None,
        False,
    )
