"""The language of the bot's texts in a server, and when the bot first saw the server."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns. Servers from before have no ``met_at``; the bot does not greet them."""
    op.add_column("server_settings", sa.Column("met_at", sa.String(32)))
    op.add_column("server_settings", sa.Column("language", sa.String(8)))
