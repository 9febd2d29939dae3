"""Weekly counts of how questions ended, what SMS cost, how long people waited for staff and what did not arrive."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TABLES = {
    "turn_counts": ("outcome", "language"),
    "sms_counts": ("parts", "language"),
    "wait_counts": ("wait", "language"),
    "failure_counts": ("why", "channel"),
}


def upgrade() -> None:
    """A table for each, as those of topics and places are."""
    for name, parts in TABLES.items():
        op.create_table(
            name,
            sa.Column("week", sa.Date(), nullable=False),
            *(sa.Column(part, sa.String(64), nullable=False) for part in parts),
            sa.Column("n", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("week", *parts, name=f"pk_{name}"),
        )
