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

KEY_BYTES = 32
BUCKET_BITS = 14

RETENTION: Mapping[str, timedelta] = MappingProxyType(
    {
        "session": timedelta(hours=24),
        "topic": timedelta(minutes=30),
        "sensitive topic": timedelta(minutes=15),
        "stored reply": timedelta(hours=24),
        "day key": timedelta(hours=48),
        "closed escalation": timedelta(days=7),
        "escalation": timedelta(days=30),
        "unfinished erasing": timedelta(days=14),
        "shared phone": timedelta(days=90),
        "copy at the carrier": timedelta(hours=24),
        "audit": timedelta(days=365),
        # Nothing about a family; kept so that a coordinator can look up what was said.
        "area notice": timedelta(days=30),
        # 13 months, rounded down to whole days: never longer than what is promised.
        "counts": timedelta(days=395),
    }
)
"""How long each thing is kept, by the bot's clock. Redis TTLs are only a backstop of twice the time."""


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


TABLES: Mapping[str, Kind] = MappingProxyType(
    {
        "opt_outs": Kind.FAMILY,
        "shared_phones": Kind.FAMILY,
        "escalations": Kind.FAMILY,
        "escalation_messages": Kind.FAMILY,
        "erasures": Kind.FAMILY,
        "audit": Kind.STAFF,
        "area_notices": Kind.CONTENT,
        "meta": Kind.CONTENT,
        "alembic_version": Kind.CONTENT,
        "topic_counts": Kind.COUNTS,
        "place_counts": Kind.COUNTS,
    }
)
"""Every table of SQL by whom it is about. A new table without a kind fails a test."""


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


def opt_out_key(long_key: bytes, address: str) -> str:
    """The name under which an opt-out is kept until the person comes back: 64 hex digits."""
    return _digest(long_key, "opt-out", address).hex()


def shared_phone_key(long_key: bytes, address: str) -> str:
    """The name under which a shelter's phone is marked as shared: 64 hex digits, tied to no other name of it."""
    return _digest(long_key, "shared phone", address).hex()


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
