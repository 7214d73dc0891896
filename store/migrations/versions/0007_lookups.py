"""What is looked up for each file of a folder is found by an index, however much is there."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Find the live versions with the same bytes or text without walking through all live ones."""
    op.drop_index("versions_by_bytes", "versions")
    op.create_index("versions_by_bytes", "versions", ["bytes_sha256", "state"])
    op.create_index("versions_by_text", "versions", ["text_sha256", "state"])
