"""Documents, versions, passages, embeddings and the state of the derived indexes."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "documents",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("scope", sa.String(32), nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("added_at", sa.String(32), nullable=False),
        sa.Column("added_by", sa.Text),
        sa.UniqueConstraint("scope", "origin"),
    )
    op.create_table(
        "versions",
        sa.Column("document_id", sa.String(16), sa.ForeignKey("documents.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("bytes_sha256", sa.String(64), nullable=False),
        sa.Column("metadata", sa.JSON, nullable=False),
        sa.Column("references", sa.JSON, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("indexed", sa.Boolean, nullable=False),
    )
    op.create_index("versions_by_bytes", "versions", ["bytes_sha256"])
    op.create_index("versions_by_state", "versions", ["state", "indexed"])
    op.create_table(
        "passages",
        sa.Column("id", sa.String(48), primary_key=True),
        sa.Column("document_id", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("heading_path", sa.JSON, nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
        sa.Column("tokens", sa.Integer, nullable=False),
        sa.Column("embedding_key", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id", "version"], ["versions.document_id", "versions.number"]
        ),
    )
    op.create_index("passages_by_version", "passages", ["document_id", "version"])
    op.create_index("passages_by_embedding", "passages", ["embedding_key"])
    op.create_table(
        "embeddings",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("fingerprint", sa.String(128), primary_key=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
        sa.Column("sentence_vectors", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "index_state",
        sa.Column("name", sa.String(16), primary_key=True),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("fingerprint", sa.String(160), nullable=False),
    )
