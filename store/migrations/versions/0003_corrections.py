"""Corrections of documents' details, and what of a text is worded like instructions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the table and add the columns."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("document_id", sa.String(16), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("detail", sa.String(16), nullable=False),
        sa.Column("old", sa.Text),
        sa.Column("new", sa.Text),
        sa.Column("reason", sa.Text),
        sa.Column("corrected_by", sa.Text),
        sa.Column("corrected_at", sa.String(32), nullable=False),
    )
    op.create_index("corrections_by_document", "corrections", ["document_id"])
    op.add_column("versions", sa.Column("instructions", sa.JSON))
    op.add_column(
        "versions",
        sa.Column("reindex", sa.Boolean, nullable=False, server_default=sa.false()),
    )
