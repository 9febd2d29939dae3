"""Seals on the rows of the directory, of notices and of withdrawals. ``db upgrade`` fills them in, under the key of the releases."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TABLES = (
    "hsds_organization",
    "hsds_service",
    "hsds_location",
    "hsds_address",
    "hsds_service_at_location",
    "hsds_phone",
    "hsds_schedule",
    "hsds_language",
    "hsds_service_area",
    "hsds_cost_option",
    "hsds_required_document",
    "hsds_taxonomy_term",
    "hsds_attribute",
    "hsds_exclusion",
    "hsds_closure",
    "area_notices",
    "withdrawals",
)


def upgrade() -> None:
    """Gives each row room for its seal."""
    for name in TABLES:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("seal", sa.String(64), nullable=True))
