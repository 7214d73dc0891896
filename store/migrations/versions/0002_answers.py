"""Answers, the messages that show them, feedback, auto-answer channels, synced commands."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "answers",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(24), nullable=False),
        sa.Column("question_message_id", sa.String(24)),
        sa.Column("asker_id", sa.String(24), nullable=False),
        sa.Column("private", sa.Boolean, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("standalone_question", sa.Text, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    op.create_table(
        "answer_messages",
        sa.Column("message_id", sa.String(24), primary_key=True),
        sa.Column("answer_id", sa.String(16), sa.ForeignKey("answers.id"), nullable=False),
    )
    op.create_table(
        "feedback",
        sa.Column("answer_id", sa.String(16), sa.ForeignKey("answers.id"), primary_key=True),
        sa.Column("user_id", sa.String(24), primary_key=True),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("given_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "auto_answer_channels",
        sa.Column("channel_id", sa.String(24), primary_key=True),
        sa.Column("guild_id", sa.String(24), nullable=False),
        sa.Column("turned_on_by", sa.String(24), nullable=False),
        sa.Column("turned_on_at", sa.String(32), nullable=False),
    )
    op.create_table(
        "synced_commands",
        sa.Column("application_id", sa.String(24), primary_key=True),
        sa.Column("sha256", sa.String(64), nullable=False),
    )
