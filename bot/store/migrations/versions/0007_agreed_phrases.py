"""Whether a family itself agreed that a sentence is kept, and the week of such a one: it goes sooner than those of the team."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Says of each sentence who brought it. All that are there came by the team."""
    with op.batch_alter_table("phrases") as table:
        table.add_column(sa.Column("origin", sa.String(8), server_default="", nullable=False))
        table.add_column(sa.Column("week", sa.Date(), nullable=True))
