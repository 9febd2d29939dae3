"""The desk: escalations as staff see them, the outbox, organizations, accounts; and an audit that the database itself keeps whole."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Makes the tables of the desk."""
    _accounts()
    _organizations()
    _escalations()
    _outbox()
    _wrong_guesses()
    _audit_stays()


def _audit_stays() -> None:
    """The database itself keeps the audit: nothing is changed, and only what a purge has noted as its foot is taken out.

    Whoever owns the tables can take the triggers away; the seals and a head that was noted elsewhere are against that.
    """
    for statement in _IN_SQLITE if op.get_bind().dialect.name == "sqlite" else _IN_POSTGRESQL:
        op.execute(statement)


_IN_SQLITE = (
    """
    CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END
    """,
    # INSERT OR REPLACE takes the former row out without asking the trigger of DELETE.
    """
    CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq)
    BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END
    """,
    """
    CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
    WHEN OLD.seq > COALESCE(
        (SELECT CAST(substr(value, 1, instr(value, '|') - 1) AS INTEGER) FROM meta WHERE key = 'audit foot'), 0)
    BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END
    """,
)
_IN_POSTGRESQL = (
    """
    CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF OLD.seq <= COALESCE((SELECT split_part(value, '|', 1)::bigint FROM meta WHERE key = 'audit foot'), 0) THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the audit is only ever added to';
    END $$
    """,
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stays()",
    "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays()",
)


def _accounts() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password", sa.String(255), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("fs_uniquifier", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("organization", sa.String(32), nullable=True),
        sa.Column("roles", sa.String(100), nullable=False),
        sa.Column("tf_primary_method", sa.String(20), nullable=True),
        sa.Column("tf_totp_secret", sa.String(400), nullable=True),
        sa.Column("mf_recovery_codes", sa.Text(), nullable=True),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=True),
        sa.Column("on_duty", sa.BigInteger(), nullable=True),
        sa.Column("back_at", sa.BigInteger(), nullable=True),
        sa.Column("tf_last_counter", sa.BigInteger(), nullable=True),
        sa.Column("shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("quiet", sa.String(11), server_default="", nullable=False),
        sa.Column("inbox", sa.String(200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.UniqueConstraint("fs_uniquifier", name="uq_users_fs_uniquifier"),
    )
    op.create_table(
        "console_sessions",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="fk_console_sessions_user_users"),
        sa.PrimaryKeyConstraint("id", name="pk_console_sessions"),
    )
    op.create_index("ix_console_sessions_user", "console_sessions", ["user"])
    op.create_table(
        "invitations",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("organization", sa.String(32), nullable=True),
        sa.Column("roles", sa.String(100), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
    )


def _organizations() -> None:
    op.create_table(
        "desk_organizations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("languages", sa.String(64), nullable=False),
        sa.Column("states", sa.String(400), nullable=False),
        sa.Column("topics", sa.String(400), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("debrief", sa.String(200), nullable=False),
        sa.Column("urgent_a_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_desk_organizations"),
    )
    op.create_table(
        "desk_agreements",
        sa.Column("organization", sa.String(32), nullable=False),
        sa.Column("sees", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("organization", "sees", name="pk_desk_agreements"),
    )
    op.create_table(
        "interpreters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("variety", sa.String(64), nullable=False),
        sa.Column("organization", sa.String(32), nullable=True),
        sa.Column("contact", sa.String(200), nullable=False),
        sa.Column("hours", sa.String(200), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_interpreters"),
    )
    op.create_table(
        "message_templates",
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sid", name="pk_message_templates"),
    )


def _escalations() -> None:
    op.add_column("escalations", sa.Column("organization", sa.String(32), nullable=True))
    op.add_column("escalations", sa.Column("urgency", sa.String(8), server_default="normal", nullable=False))
    op.add_column("escalations", sa.Column("about", sa.LargeBinary(), nullable=True))
    op.add_column("escalations", sa.Column("claimed_by", sa.Integer(), nullable=True))
    op.add_column("escalations", sa.Column("claimed_at", sa.BigInteger(), nullable=True))
    op.add_column("escalations", sa.Column("waiting_since", sa.BigInteger(), nullable=True))
    op.add_column("escalations", sa.Column("last_inbound", sa.BigInteger(), nullable=True))
    op.add_column("escalations", sa.Column("last_staff", sa.BigInteger(), nullable=True))
    op.add_column("escalations", sa.Column("last_bot", sa.BigInteger(), nullable=True))
    op.add_column("escalations", sa.Column("pass_to", sa.String(32), nullable=True))
    op.add_column("escalations", sa.Column("resolution", sa.String(16), nullable=True))
    op.add_column("escalations", sa.Column("alarm", sa.BigInteger(), nullable=True))
    op.add_column("escalations", sa.Column("alarmed", sa.BigInteger(), nullable=True))
    op.create_index("ix_escalations_open", "escalations", ["closed", "erased"])
    op.add_column("escalation_messages", sa.Column("by", sa.Integer(), nullable=True))
    op.add_column("escalation_messages", sa.Column("beside", sa.LargeBinary(), nullable=True))
    op.add_column("escalation_messages", sa.Column("inbound", sa.String(32), nullable=True))
    op.create_index("ix_escalation_messages_inbound", "escalation_messages", ["escalation", "inbound"], unique=True)


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("escalation", sa.String(64), nullable=False),
        sa.Column("message", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=True),
        sa.Column("sid", sa.String(64), nullable=True),
        sa.Column("error", sa.Integer(), nullable=True),
        sa.Column("template", sa.String(64), nullable=True),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["escalation"], ["escalations.id"], name="fk_outbox_escalation_escalations"),
        sa.ForeignKeyConstraint(
            ["message"], ["escalation_messages.number"], name="fk_outbox_message_escalation_messages"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "not_before"])
    op.create_index("ix_outbox_escalation", "outbox", ["escalation"])
    op.create_index("ix_outbox_message", "outbox", ["message"])


def _wrong_guesses() -> None:
    op.create_table(
        "wrong_guesses",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("heard", sa.String(64), nullable=False),
        sa.Column("right", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wrong_guesses"),
    )
