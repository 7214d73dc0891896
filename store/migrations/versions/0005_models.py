"""What chat models took, by scope and day, and which one a server chose."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "model_use",
        sa.Column("scope", sa.String(32), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("tokens_in", sa.Integer, nullable=False),
        sa.Column("tokens_out", sa.Integer, nullable=False),
    )
    op.create_table(
        "chosen_models",
        sa.Column("scope", sa.String(32), primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("chosen_by", sa.String(24), nullable=False),
        sa.Column("chosen_at", sa.String(32), nullable=False),
    )
