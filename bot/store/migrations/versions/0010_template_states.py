"""How far a template of WhatsApp is with Meta, since when that is known, and why Twilio could not be asked."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Of those that are there nobody has asked yet: until then they may be sent as before."""
    with op.batch_alter_table("message_templates") as table:
        table.add_column(sa.Column("approval", sa.String(16), nullable=True))
        table.add_column(sa.Column("approval_reason", sa.Text(), nullable=True))
        table.add_column(sa.Column("approval_heard", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("approval_asked", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("approval_trouble", sa.String(32), nullable=True))
