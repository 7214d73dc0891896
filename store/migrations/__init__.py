"""Numbered changes of the record's tables, run by Alembic when a store is opened."""
