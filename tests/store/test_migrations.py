"""The migrations lead to exactly the tables that the code uses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
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
