"""The answers in SQL: releases, what is being changed, and what volunteers have said about texts, facts and phrases."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Makes the tables of the answers, and what of an account says who may look after which."""
    _people()
    _releases()
    _changes()
    _volunteers()
    _directory()


def _people() -> None:
    op.add_column("users", sa.Column("works_in", sa.String(16), server_default="", nullable=False))
    op.add_column("users", sa.Column("state", sa.String(8), server_default="", nullable=False))
    op.add_column("users", sa.Column("speaker_of", sa.String(80), server_default="", nullable=False))
    op.add_column("users", sa.Column("licence", sa.String(120), server_default="", nullable=False))


def _releases() -> None:
    op.create_table(
        "content_files",
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha", name="pk_content_files"),
    )
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.Column("flows", sa.Text(), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.Column("again", sa.Integer(), nullable=True),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_releases"),
    )
    op.create_table(
        "withdrawals",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("restored_by", sa.Integer(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_withdrawals"),
    )
    op.create_index("ix_withdrawals_flow", "withdrawals", ["flow"])


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(64), nullable=False),
        sa.Column("open", sa.String(64), nullable=True),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("yaml", sa.Text(), nullable=True),
        sa.Column("yaml_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("folder", sa.String(16), nullable=True),
        sa.Column("keys", sa.Text(), server_default="{}", nullable=False),
        sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("heir", sa.String(64), nullable=True),
        sa.Column("approval", sa.Text(), nullable=True),
        sa.Column("note", sa.String(400), server_default="", nullable=False),
        sa.Column("remark", sa.String(600), server_default="", nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("changed", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=True),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("decided", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("release", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.UniqueConstraint("open", name="uq_changes_open"),
    )
    op.create_index("ix_changes_flow", "changes", ["flow"])
    op.create_table(
        "change_texts",
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("meaning", sa.Boolean(), nullable=True),
        sa.Column("still_right", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("review", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name="fk_change_texts_change_changes"),
        sa.PrimaryKeyConstraint("change", "key", "language", name="pk_change_texts"),
    )
    op.create_table(
        "change_hands",
        sa.Column("change", sa.Integer(), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name="fk_change_hands_change_changes"),
        sa.PrimaryKeyConstraint("change", "user", name="pk_change_hands"),
    )
    op.create_table(
        "autosaves",
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.id"], name="fk_autosaves_user_users"),
        sa.PrimaryKeyConstraint("user", "key", "language", name="pk_autosaves"),
    )
    op.create_table(
        "kept_tests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(64), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_kept_tests"),
    )
    op.create_index("ix_kept_tests_flow", "kept_tests", ["flow"])


def _volunteers() -> None:
    op.create_table(
        "tasks_taken",
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("user", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(12), nullable=False),
        sa.PrimaryKeyConstraint("kind", "subject", "user", name="pk_tasks_taken"),
    )
    op.create_index("ix_tasks_taken_user", "tasks_taken", ["user", "until"])
    op.create_table(
        "fact_checks",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fact", sa.String(64), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("checked", sa.Date(), nullable=False),
        sa.Column("true", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(600), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_fact_checks"),
    )
    op.create_index("ix_fact_checks_fact", "fact_checks", ["fact"])
    op.create_table(
        "text_notes",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("unsure", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(600), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_text_notes"),
    )
    op.create_index("ix_text_notes_key", "text_notes", ["key"])
    op.create_table(
        "recordings",
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("sha", sa.String(64), nullable=False),
        sa.Column("words", sa.String(64), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "language", name="pk_recordings"),
    )
    op.create_table(
        "phrases",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("quarter", sa.String(6), nullable=False),
        sa.Column("language", sa.String(3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.String(320), nullable=False),
        sa.Column("heard", sa.String(64), nullable=False),
        sa.Column("topic", sa.String(64), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_phrases"),
    )
    op.create_index("ix_phrases_folded", "phrases", ["language", "folded"], unique=True)


def _directory() -> None:
    for name in ("not_asked", "description_es", "description_quc"):
        op.add_column("hsds_service", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("hsds_location", sa.Column("sensitive", sa.Text(), nullable=True))
    op.create_table(
        "directory_contacts",
        sa.Column("organization", sa.String(36), nullable=False),
        sa.Column("contact", sa.String(400), nullable=False),
        sa.Column("by", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organization", name="pk_directory_contacts"),
    )
