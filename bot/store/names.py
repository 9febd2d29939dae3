"""The names in Redis that more than one module uses. Everything of a person lies in one cluster slot, ``{b}``."""

from __future__ import annotations

import hashlib

from msgspec import Struct

from bot.privacy import Peppers, bucket, contact_key

WHOLE = "{escalations}:whole"
"""Says since when, and under which day key, every escalation of SQL stands in Redis: ``<ms>|<mark of the day key>``."""

SHARED_PHONES = "{sharedphones}"
"""The set of the marked phones, mirrored from SQL by bot/store/shared_phones.py."""
WAITING = "{erasures}"
"""The hash of those whose erasing is not finished, each under the contact key of the day on which it was asked for."""
_OPEN, _KEPT = "esc", "esc-all"


class PersonNames(Struct, frozen=True):
    """The names of one person in Redis, each pair for today and yesterday."""

    lock: str
    fence: str
    queue: str
    seen: str
    sessions: tuple[str, str]
    replies: tuple[str, str]
    escalations: tuple[str, str]
    kept: tuple[str, str]
    contacts: tuple[str, str]


def person_names(peppers: Peppers, address: str, pair: tuple[bytes, bytes]) -> PersonNames:
    """The names of a person under the day keys of today and yesterday."""
    tag = slot(peppers, address)
    today, yesterday = contact_key(pair[0], address), contact_key(pair[1], address)

    def both(kind: str) -> tuple[str, str]:
        return f"{tag}:{kind}:{today}", f"{tag}:{kind}:{yesterday}"

    return PersonNames(
        lock=f"{tag}:lock",
        fence=f"{tag}:fence",
        queue=f"{tag}:queue",
        seen=f"{tag}:seen",
        sessions=both("session"),
        replies=both("replies"),
        escalations=both(_OPEN),
        kept=both(_KEPT),
        contacts=(today, yesterday),
    )


def slot(peppers: Peppers, address: str) -> str:
    """The hash tag of a person: it is the same on both sides of midnight."""
    return f"{{{bucket(peppers.routing, address)}}}"


def open_entry(peppers: Peppers, day_key: bytes, address: str) -> str:
    """Where the id of a person's open escalation stands."""
    return f"{slot(peppers, address)}:{_OPEN}:{contact_key(day_key, address)}"


def kept_entry(peppers: Peppers, day_key: bytes, address: str) -> str:
    """Where the set of the ids of all of a person's escalations stands that are not erased yet."""
    return f"{slot(peppers, address)}:{_KEPT}:{contact_key(day_key, address)}"


def mark_of(day_key: bytes) -> str:
    """By which a day key is known again. It leads to nothing that was named under it."""
    return hashlib.sha256(b"mark\0" + day_key).hexdigest()[:16]
