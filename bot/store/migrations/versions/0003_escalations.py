"""Escalations, unfinished erasings, shared phones and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Makes the tables that the desk will work with."""
    op.create_table(
        "shared_phones",
        sa.Column("contact_key", sa.String(64), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_key", name="pk_shared_phones"),
    )
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("closed", sa.BigInteger(), nullable=True),
        sa.Column("erased", sa.BigInteger(), nullable=True),
        sa.Column("held_since", sa.BigInteger(), nullable=True),
        sa.Column("held_by", sa.String(64), nullable=True),
        sa.Column("held_for", sa.String(128), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_escalations"),
    )
    op.create_table(
        "escalation_messages",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("escalation", sa.String(64), nullable=False),
        sa.Column("author", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_escalation_messages"),
        sa.ForeignKeyConstraint(
            ["escalation"], ["escalations.id"], name="fk_escalation_messages_escalation_escalations"
        ),
    )
    op.create_index("ix_escalation_messages_escalation", "escalation_messages", ["escalation"])
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("object", sa.String(255), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_audit"),
    )
