"""Settings of servers, their audit log, waiting drafts, and what documents an answer cites."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables, and fill the citations of the answers that are there."""
    op.create_table(
        "server_settings",
        sa.Column("guild_id", sa.String(24), primary_key=True),
        sa.Column("add_roles", sa.JSON, nullable=False),
        sa.Column("answer_channels", sa.JSON, nullable=False),
        sa.Column("documents_a_day", sa.Integer, nullable=False),
        sa.Column("megabytes_a_day", sa.Integer, nullable=False),
        sa.Column("greeted_at", sa.String(32)),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(24), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("document_id", sa.String(16)),
        sa.Column("title", sa.Text),
        sa.Column("detail", sa.Text),
        sa.Column("version", sa.Integer),
        sa.Column("replaced", sa.Integer),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("draft_id", sa.String(16)),
    )
    op.create_index("audit_log_by_scope", "audit_log", ["scope", "id"])
    op.create_index("audit_log_by_document", "audit_log", ["document_id", "id"])
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(24), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("answer_id", sa.String(16)),
        sa.Column("token", sa.Text),
        sa.Column("message_id", sa.String(24)),
    )
    op.create_table(
        "answer_citations",
        sa.Column("answer_id", sa.String(16), sa.ForeignKey("answers.id"), primary_key=True),
        sa.Column("document_id", sa.String(16), primary_key=True),
    )
    op.create_index("answer_citations_by_document", "answer_citations", ["document_id"])
    op.create_index("answers_by_scope", "answers", ["scope", "created_at"])
    _fill_citations()


def _fill_citations() -> None:
    """An answer that abstained, or a list of passages, opens passages but cites none."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, kind, data FROM answers")).all()
    for identifier, kind, stored in rows:
        data = json.loads(stored) if isinstance(stored, str) else stored
        if kind == "passages" or data["result"].get("verdict") == "abstained":
            continue
        for document_id in {citation["document_id"] for citation in data["citations"]}:
            connection.execute(
                sa.text("INSERT INTO answer_citations VALUES (:answer_id, :document_id)"),
                {"answer_id": identifier, "document_id": document_id},
            )
