"""Rows of the desk as values and back: what is sealed of an escalation, and under which place, is known here alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, insert, update

from bot.escalation.escalation import About, Author, Escalated, Said, Urgency
from bot.store.models import Escalation, EscalationMessage
from bot.store.sealed import Key, seal, unseal

COLUMNS = (
    *(Escalation.id, Escalation.channel, Escalation.opened, Escalation.organization, Escalation.urgency),
    *(Escalation.claimed_by, Escalation.claimed_at, Escalation.waiting_since, Escalation.last_inbound),
    *(Escalation.last_staff, Escalation.last_bot, Escalation.pass_to, Escalation.closed, Escalation.resolution),
    *(Escalation.about, Escalation.erased),
)
"""What ``escalated`` reads."""
SAID = (
    *(EscalationMessage.number, EscalationMessage.escalation, EscalationMessage.author, EscalationMessage.at),
    *(EscalationMessage.sealed, EscalationMessage.by, EscalationMessage.beside),
)
"""What ``said`` reads."""

_URGENCY = 4
_ESCALATIONS, _MESSAGES = Escalation.__tablename__, EscalationMessage.__tablename__


def escalated(row: Any, key: Key) -> Escalated:
    """A row of ``COLUMNS``, unsealed; it may go on with others. Raises ``SealBroken``."""
    # By their order, as Escalated has it: an inbox of hundreds is read so several times a minute.
    values = list(row[: len(COLUMNS) - 1])
    urgency, about = values[_URGENCY], values[-1]
    values[_URGENCY] = Urgency(urgency)
    values[-1] = About() if about is None else unsealed_about(key, about)
    return Escalated(*values)


def sealed_about(key: Key, about: About) -> bytes:
    """For the column of that name of the escalation whose key this is."""
    return seal(key, about.to_bytes(), table=_ESCALATIONS, row=key.name, column="about")


def unsealed_about(key: Key, sealed: bytes) -> About:
    """What ``sealed_about`` sealed. Raises ``SealBroken``."""
    return About.from_bytes(_about(key, sealed))


def unsealed_language_and_topic(key: Key, sealed: bytes) -> tuple[str | None, str | None]:
    """Those two alone of it. Raises ``SealBroken``."""
    return About.language_and_topic(_about(key, sealed))


def said(row: Any, key: Key) -> Said:
    """A row of ``SAID``, unsealed. Raises ``SealBroken``."""
    number, _, author, at, sealed, by, beside = row
    text = unseal(key, sealed, table=_MESSAGES, row=number, column=author).decode()
    known = {} if beside is None else json.loads(_unsealed_beside(key, number, beside).decode())
    return Said(number, Author(author), at, text, by, known)


def write(
    connection: Connection,
    key: Key,
    author: Author,
    at: float,
    text: str,
    by: int | None = None,
    beside: Mapping[str, Any] | None = None,
    inbound: str | None = None,
) -> int:
    """Adds a message to the escalation whose key this is, within a transaction that holds its row; returns its number."""
    row = {"escalation": key.name, "author": author.value, "at": int(at), "sealed": b"", "by": by, "inbound": inbound}
    number = int(connection.execute(insert(EscalationMessage).values(**row)).inserted_primary_key[0])  # type: ignore[index]
    # The number belongs to the place that it is sealed for, and only the database knows it.
    values: dict[str, bytes] = {
        "sealed": seal(key, text.encode(), table=_MESSAGES, row=number, column=author.value),
    }
    if beside:
        values["beside"] = sealed_beside(key, number, beside)
    connection.execute(update(EscalationMessage).where(EscalationMessage.number == number).values(values))
    return number


def sealed_beside(key: Key, number: int, beside: Mapping[str, Any]) -> bytes:
    """``Said.beside`` for the column of that name of this message."""
    plain = json.dumps(beside, ensure_ascii=False, separators=(",", ":"))
    return seal(key, plain.encode(), table=_MESSAGES, row=number, column="beside")


def _about(key: Key, sealed: bytes) -> bytes:
    return unseal(key, sealed, table=_ESCALATIONS, row=key.name, column="about")


def _unsealed_beside(key: Key, number: int, sealed: bytes) -> bytes:
    return unseal(key, sealed, table=_MESSAGES, row=number, column="beside")
