"""The words of privacy: names that cannot be turned back into a number, and how long each thing is kept.

Pure: no clock, no IO. A phone number is never hashed bare (the whole number space can be tried in hours), so
every name here is an HMAC-SHA256 under a key that is kept elsewhere; when the key is gone the name means
nothing.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct

KEY_BYTES = 32
BUCKET_BITS = 14

RETENTION: Mapping[str, timedelta] = MappingProxyType(
    {
        "session": timedelta(hours=24),
        "topic": timedelta(minutes=30),
        "sensitive topic": timedelta(minutes=15),
        "stored reply": timedelta(hours=24),
        # Nobody can be told from it; as long as a retry or a rumour makes the same text come again.
        "understood text": timedelta(minutes=10),
        "day key": timedelta(hours=48),
        "closed escalation": timedelta(days=7),
        "escalation": timedelta(days=30),
        "tombstone": timedelta(days=30),
        "unfinished erasing": timedelta(days=14),
        "shared phone": timedelta(days=90),
        "copy at the carrier": timedelta(hours=24),
        "audit": timedelta(days=365),
        # So that a coordinator can look at the week.
        "spent segments": timedelta(days=8),
        "key without a row": timedelta(days=1),
        # Nothing about a family; kept so that a coordinator can look up what was said.
        "area notice": timedelta(days=30),
        "directory history": timedelta(days=365),
        # As long as anybody may stay logged in.
        "console session": timedelta(hours=12),
        # Its link is good for a week; then it can be sent again for another one.
        "invitation": timedelta(days=14),
        # The longest that a quarter and the one after it last together.
        "phrase": timedelta(days=184),
        # What a family itself agreed to keep, and was told so.
        "agreed phrase": timedelta(days=30),
        # What somebody typed at the console and did not save; who took which task there.
        "unsaved text": timedelta(days=30),
        "task": timedelta(days=30),
        # 13 months, rounded down to whole days: never longer than what is promised.
        "counts": timedelta(days=395),
        # Deleted by `backup make`, of those in its folder.
        "backup": timedelta(days=30),
    }
)
"""How long each thing is kept, by the bot's clock. Redis TTLs, where there is one, are only a backstop."""


class Kind(StrEnum):
    """Whom a table of SQL is about. It decides what a backup may take along and who asks for the table's end."""

    FAMILY = "family"
    STAFF = "staff"
    CONTENT = "content"
    COUNTS = "counts"


class Erased(StrEnum):
    """How an erasing went, by the name of the notice that says so.

    ``DONE``: nothing is left here. ``UNFINISHED``: a store is down, and the worker finishes it. ``LOST``: nobody could even
    note it. ``HELD``: all but a conversation with staff that counsel holds.
    """

    DONE = "erased"
    UNFINISHED = "erase_unfinished"
    LOST = "erase_failed"
    HELD = "erase_held"


class Store(StrEnum):
    """Where something lies."""

    SQL = "sql"
    REDIS = "redis"
    KEYS = "key store"


class Kept(Struct, frozen=True):
    """One thing that is stored, and what ends it.

    ``name`` is a table of SQL or of the key store, or in Redis a pattern of names (``*`` for anything, ``?`` for one sign).
    ``ends`` says in words what takes it away; ``after`` is how long it may be there at most, None where no time ends it.
    """

    store: Store
    name: str
    kind: Kind
    ends: str
    after: timedelta | None


_S, _R, _K = Store.SQL, Store.REDIS, Store.KEYS
_LOCK = timedelta(seconds=12)
_MIRROR = timedelta(hours=48)
_WEEKS = timedelta(weeks=5)
_DIRECTORY = (
    *("organization", "service", "location", "address", "service_at_location", "phone", "schedule", "language"),
    *("service_area", "cost_option", "required_document", "taxonomy_term", "attribute", "exclusion", "closure"),
)
"""The tables of the directory, bot/directory/hsds/tables.py."""
_SERVICE = ("turn", "sms", "wait", "failure")
"""Kinds of weekly counts of how well families are served, bot/store/tally.py."""

KEPT: tuple[Kept, ...] = (
    Kept(_S, "opt_outs", Kind.FAMILY, "the person comes back", None),
    Kept(_S, "shared_phones", Kind.FAMILY, "purge, when its time is over", RETENTION["shared phone"]),
    Kept(
        _S,
        "escalations",
        Kind.FAMILY,
        "the person erases it, or purge: 7 days after it was closed, 30 after it was opened; a tombstone without number stays "
        "30 days more; never while counsel holds it",
        RETENTION["escalation"] + RETENTION["tombstone"],
    ),
    Kept(_S, "escalation_messages", Kind.FAMILY, "with their escalation; no tombstone", RETENTION["escalation"]),
    Kept(_S, "outbox", Kind.FAMILY, "with their escalation; no tombstone", RETENTION["escalation"]),
    Kept(
        _S,
        "phrases",
        Kind.FAMILY,
        "a volunteer sees that somebody could be known by it, or purge, when the quarter after theirs is over; 30 days after the "
        "Monday of their week, where a family agreed to keep them; what was exported stands in nlu/data as well",
        RETENTION["phrase"],
    ),
    Kept(_S, "erasures", Kind.FAMILY, "the erasing is finished, or purge", RETENTION["unfinished erasing"]),
    Kept(_S, "audit", Kind.STAFF, "purge; the seal of the last row that was cut stays in meta", RETENTION["audit"]),
    Kept(_S, "users", Kind.STAFF, "nothing: one who left may log in no more, and the audit still names her", None),
    Kept(
        _S,
        "console_sessions",
        Kind.STAFF,
        "logging out, or purge: 12 hours after the login",
        RETENTION["console session"],
    ),
    Kept(
        _S,
        "invitations",
        Kind.STAFF,
        "purge, when it was taken or taken back, 14 days after it was made at most",
        RETENTION["invitation"],
    ),
    Kept(_S, "interpreters", Kind.STAFF, "staff change them; one who left is not asked any more", None),
    Kept(_S, "directory_contacts", Kind.STAFF, "staff change them, or take the organization out", None),
    Kept(_S, "desk_organizations", Kind.CONTENT, "staff change them", None),
    Kept(_S, "desk_agreements", Kind.CONTENT, "staff end the agreement", None),
    Kept(_S, "message_templates", Kind.CONTENT, "staff change them", None),
    Kept(_S, "area_notices", Kind.CONTENT, "purge, counted from their end", RETENTION["area notice"]),
    Kept(_S, "content_files", Kind.CONTENT, "nothing: every release can be brought back", None),
    Kept(_S, "releases", Kind.CONTENT, "nothing: the history of the answers", None),
    Kept(_S, "withdrawals", Kind.CONTENT, "nothing: the history of the answers", None),
    Kept(_S, "changes", Kind.CONTENT, "nothing: the history of the answers", None),
    Kept(_S, "change_texts", Kind.CONTENT, "nothing: the history of the answers", None),
    Kept(_S, "change_hands", Kind.STAFF, "nothing: whoever wrote a text may not publish it", None),
    Kept(_S, "autosaves", Kind.STAFF, "it is saved or thrown away, or purge", RETENTION["unsaved text"]),
    Kept(_S, "kept_tests", Kind.CONTENT, "staff take them out", None),
    Kept(
        _S,
        "tasks_taken",
        Kind.STAFF,
        "purge, when it has been over for 30 days; it is hers for a week at most",
        RETENTION["task"] + timedelta(weeks=1),
    ),
    Kept(_S, "fact_checks", Kind.STAFF, "nothing: the history of the facts", None),
    Kept(_S, "text_notes", Kind.STAFF, "nothing: the history of the texts", None),
    Kept(_S, "recordings", Kind.CONTENT, "staff put another in its place", None),
    Kept(_S, "meta", Kind.CONTENT, "nothing: facts about the installation", None),
    Kept(_S, "alembic_version", Kind.CONTENT, "nothing: one row", None),
    Kept(_S, "topic_counts", Kind.COUNTS, "purge", RETENTION["counts"]),
    Kept(_S, "place_counts", Kind.COUNTS, "purge", RETENTION["counts"]),
    Kept(_S, "gap_counts", Kind.COUNTS, "purge", RETENTION["counts"]),
    *(Kept(_S, f"{kind}_counts", Kind.COUNTS, "purge", RETENTION["counts"]) for kind in _SERVICE),
    Kept(_S, "directory_flags", Kind.COUNTS, "the record is confirmed or changed, or purge", RETENTION["counts"]),
    *(Kept(_S, f"hsds_{table}", Kind.CONTENT, "staff take the record out", None) for table in _DIRECTORY),
    Kept(_S, "hsds_history", Kind.STAFF, "purge", RETENTION["directory history"]),
    Kept(
        _K,
        "keys",
        Kind.FAMILY,
        "the erasing of what it opens; purge, where no row has named it for a day",
        RETENTION["escalation"],
    ),
    Kept(_K, "master_keys", Kind.CONTENT, "a rotation that needs it no more", None),
    Kept(_R, "{????}:lock", Kind.FAMILY, "the turn ends; its TTL", _LOCK),
    Kept(_R, "{????}:fence", Kind.FAMILY, "its TTL", _LOCK),
    Kept(_R, "{????}:queue", Kind.FAMILY, "nobody waits any more; its TTL", _LOCK),
    Kept(_R, "{????}:seen", Kind.FAMILY, "nobody waits any more; its TTL", _LOCK),
    Kept(_R, "{????}:session:*", Kind.FAMILY, "the person erases it, or purge", RETENTION["session"]),
    Kept(_R, "{????}:replies:*", Kind.FAMILY, "purge; an erasing empties them", RETENTION["stored reply"]),
    Kept(
        _R,
        "{????}:esc:*",
        Kind.FAMILY,
        "the escalation is closed or erased; its TTL, if nobody writes it again",
        _MIRROR,
    ),
    Kept(_R, "{????}:esc-all:*", Kind.FAMILY, "the escalation is erased; its TTL, if nobody writes it again", _MIRROR),
    Kept(_R, "{escalations}:whole", Kind.CONTENT, "its TTL, if nobody writes it again", _MIRROR),
    Kept(_R, "{optouts}", Kind.FAMILY, "the person comes back", None),
    Kept(_R, "{optouts}:next", Kind.FAMILY, "it becomes the mirror", None),
    Kept(_R, "{optouts}:pending", Kind.FAMILY, "the worker has written it into SQL", None),
    Kept(_R, "{sharedphones}:next", Kind.FAMILY, "it becomes the mirror", RETENTION["shared phone"]),
    Kept(_R, "{sharedphones}", Kind.FAMILY, "the mark in SQL ends", RETENTION["shared phone"]),
    Kept(_R, "{pause}", Kind.CONTENT, "its TTL, if nobody writes it again", _MIRROR),
    Kept(_R, "{desk}", Kind.CONTENT, "its TTL, if nobody writes it again", _MIRROR),
    Kept(_R, "{desk}:looking:*", Kind.STAFF, "its TTL, if nobody has the conversation open", timedelta(seconds=40)),
    Kept(_R, "{areanotices}", Kind.CONTENT, "its TTL, if nobody writes it again", _MIRROR),
    Kept(_R, "{menus}", Kind.CONTENT, "its TTL, if nobody writes it again", _MIRROR),
    Kept(_R, "{menus}:rest", Kind.CONTENT, "its TTL", timedelta(minutes=10)),
    Kept(_R, "{menus}:ready", Kind.CONTENT, "its TTL, if the worker is not there", timedelta(seconds=15)),
    Kept(_R, "{menus}:errand:*", Kind.FAMILY, "the worker takes it, or the turn ends", timedelta(seconds=5)),
    Kept(_R, "{menus}:asked", Kind.CONTENT, "the worker takes it, or its TTL", timedelta(seconds=10)),
    Kept(_R, "{menus}:done:*", Kind.CONTENT, "its TTL", timedelta(seconds=10)),
    Kept(
        _R,
        "day:*",
        Kind.FAMILY,
        "the next day but one begins (UTC): it is deleted then, and by purge",
        RETENTION["day key"],
    ),
    Kept(_R, "counts:topic:*", Kind.COUNTS, "the worker has written them into SQL", _WEEKS),
    Kept(_R, "counts:place:*", Kind.COUNTS, "the worker has written them into SQL", _WEEKS),
    Kept(_R, "counts:gap:*", Kind.COUNTS, "the worker has written them into SQL", _WEEKS),
    *(Kept(_R, f"counts:{kind}:*", Kind.COUNTS, "the worker has written them into SQL", _WEEKS) for kind in _SERVICE),
    Kept(_R, "{directoryflags}", Kind.COUNTS, "the worker has written them into SQL", _WEEKS),
    Kept(_R, "spent:*", Kind.COUNTS, "purge", RETENTION["spent segments"]),
    Kept(_R, "understood:*", Kind.FAMILY, "its TTL", RETENTION["understood text"]),
    Kept(_R, "traffic", Kind.COUNTS, "Redis is started again", None),
    Kept(_R, "worker:done", Kind.CONTENT, "the duty is done again; Redis is started again", None),
    Kept(_R, "console:tries*", Kind.STAFF, "its TTL", timedelta(minutes=15)),
    Kept(_R, "try:*", Kind.COUNTS, "its TTL", timedelta(minutes=2)),
    Kept(_R, "{erasures}", Kind.FAMILY, "the erasing is finished, or given up", RETENTION["unfinished erasing"]),
    Kept(_R, "copies:last", Kind.COUNTS, "the next sweep; its TTL", 2 * RETENTION["day key"]),
    Kept(_R, "copies:refused", Kind.FAMILY, "the next sweep, a day later; its TTL", 2 * RETENTION["day key"]),
    Kept(
        _R, "{purge}:unnamed", Kind.CONTENT, "a row names the key, or purge destroys it", RETENTION["key without a row"]
    ),
)
"""THE table of retention: everything that is stored anywhere. What is in no row fails a test. Purge may be 15 minutes late."""

TABLES: Mapping[str, Kind] = MappingProxyType({row.name: row.kind for row in KEPT if row.store is Store.SQL})
"""Every table of SQL by whom it is about."""


@dataclass(frozen=True, slots=True)
class Peppers:
    """The two long-lived secrets of an installation, 32 random bytes each.

    ``routing`` names the lock and the slot of a person, ``opt_out`` the people who asked us to stop. Equal or
    short ones are refused with ``ValueError``: one key for two purposes would tie the two names of a person
    together.
    """

    routing: bytes = field(repr=False)
    opt_out: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.routing) != KEY_BYTES or len(self.opt_out) != KEY_BYTES:
            raise ValueError(f"a pepper is {KEY_BYTES} bytes long")
        if hmac.compare_digest(self.routing, self.opt_out):
            raise ValueError("the routing pepper and the opt-out pepper must differ")


def contact_key(day_key: bytes, address: str) -> str:
    """The name of a person for one UTC day: 32 hex digits."""
    return _digest(day_key, "contact", address).hex()[:32]


def sid_key(day_key: bytes, sid: str) -> str:
    """The name of a message for one UTC day: 32 hex digits. The carrier's own id leads to the number."""
    return _digest(day_key, "sid", sid).hex()[:32]


def refused_key(day_key: bytes, sid: str) -> str:
    """The name of a message that the carrier would not delete yet, tied to no other name of it: 32 hex digits."""
    return _digest(day_key, "refused", sid).hex()[:32]


def text_key(day_key: bytes, text: str) -> str:
    """By which a text is known again within one UTC day, whoever wrote it: 32 hex digits."""
    return _digest(day_key, "text", text).hex()[:32]


def opt_out_key(long_key: bytes, address: str) -> str:
    """The name under which an opt-out is kept until the person comes back: 64 hex digits."""
    return _digest(long_key, "opt-out", address).hex()


def shared_phone_key(long_key: bytes, address: str) -> str:
    """The name under which a shelter's phone is marked as shared: 64 hex digits, tied to no other name of it."""
    return _digest(long_key, "shared phone", address).hex()


def inbound_key(escalation_key: bytes, what: str, sid: str) -> str:
    """The name of a carrier's message, or of the answer to it, under the key of its escalation: 32 hex digits, dead with it."""
    return _digest(escalation_key, what, sid).hex()[:32]


def bucket(routing_key: bytes, address: str) -> str:
    """The first 14 bits as 4 hex digits: the same on both sides of midnight, too coarse to name anyone."""
    digest = _digest(routing_key, "bucket", address)
    return f"{int.from_bytes(digest[:2], 'big') >> (16 - BUCKET_BITS):04x}"


def _digest(key: bytes, purpose: str, value: str) -> bytes:
    # The purpose keeps two names under one key apart; the zero byte keeps purpose and value apart.
    return hmac.digest(key, f"{purpose}\0{value}".encode(), "sha256")


def where_of(error: BaseException) -> str:
    """File and line where an error arose, for logs: never its message, which may hold what a person wrote."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}" if trace else "?"
