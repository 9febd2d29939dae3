"""Which numbers have to be called again, the most urgent first, and what to ask. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from enum import IntEnum

from msgspec import Struct

from bot.directory.freshness import Freshness
from bot.directory.listed import Listed, days_left

_WIDTH = 110
_UNKNOWN = {
    "hours": "the hours",
    "cost": "what it costs",
    "documents": "which papers it asks for",
    "interpreters": "K'iche' or an interpreter",
}


class Urgency(IntEnum):
    """Why it is to be called; the lower the sooner."""

    FLAGGED = 0
    NEVER = 1
    TOO_OLD = 2
    CALL_FIRST = 3
    SOON = 4


_BY_AGE = {
    Freshness.NEVER_CONFIRMED: Urgency.NEVER,
    Freshness.TOO_OLD: Urgency.TOO_OLD,
    Freshness.CALL_FIRST: Urgency.CALL_FIRST,
}


class CallAgain(Struct, frozen=True):
    """One row to call. ``left``: days for which it is still told plainly, None where nobody ever confirmed it."""

    listed: Listed
    urgency: Urgency
    left: int | None


def call_again(rows: Iterable[Listed], today: date, days: int) -> list[CallAgain]:
    """What families may be sent to, or what they say does not work, and which has to be called within ``days``; most urgent first.

    Held back rows are left to the launch list: a number that nobody is given need not be called again.
    """
    found = [CallAgain(each, urgency, days_left(each, today)) for each, urgency in _urgent(rows, today, days)]
    return sorted(found, key=_order)


def _urgent(rows: Iterable[Listed], today: date, days: int) -> Iterator[tuple[Listed, Urgency]]:
    for each in rows:
        left = days_left(each, today)
        if each.flags:
            yield each, Urgency.FLAGGED
        elif each.held_back:
            continue
        elif each.freshness(today) in _BY_AGE:
            yield each, _BY_AGE[each.freshness(today)]
        elif left is not None and left <= days:
            yield each, Urgency.SOON


def _order(call: CallAgain) -> tuple[int, int, int, str]:
    left = -100_000 if call.left is None else call.left
    return call.urgency, -call.listed.flags, left, call.listed.code


def where(each: Listed) -> str:
    """``Chicago, IL``, ``Tapachula, Chiapas, MX``, ``by phone, US``."""
    if not each.city:
        return f"by phone, {each.country}"
    country = "" if each.country == "US" else each.country
    state = "" if each.state in each.city else each.state
    return ", ".join(part for part in (each.city, state, country) if part)


def told(calls: Sequence[CallAgain]) -> str:
    """As a person reads it in the terminal: the places in the order of their most urgent call, what is claimed, what to ask."""
    by_place: dict[tuple[str, str, str], list[CallAgain]] = {}
    for call in calls:
        by_place.setdefault(call.listed.place, []).append(call)
    groups = sorted(by_place.values(), key=lambda group: (_order(group[0])[:3], -len(group), group[0].listed.place))
    return "\n\n".join("\n".join(_place(group)) for group in groups)


def _place(calls: Sequence[CallAgain]) -> Iterator[str]:
    yield where(calls[0].listed)
    for call in calls:
        each = call.listed
        numbers = ", ".join(has.phone.text for has in each.numbers) or "no number"
        yield f"  {each.name} ({each.code}): {numbers}"
        yield f"      {why(call)}"
        for line in (f"Listed: {_claimed(each)}", f"Ask: {what_to_ask(each)}"):
            yield from textwrap.wrap(line, _WIDTH, initial_indent="      ", subsequent_indent="        ")


def why(call: CallAgain) -> str:
    """Why it is to be called, with the last confirmation and who gave it."""
    said = f"last confirmed {_confirmed(call.listed)}" if call.listed.confirmed else "nobody has ever confirmed it"
    match call.urgency:
        case Urgency.FLAGGED:
            people = "a family says" if call.listed.flags == 1 else f"{call.listed.flags} families say"
            return f"FLAGGED: {people} that it does not work; {said}"
        case Urgency.NEVER:
            return "NEVER CONFIRMED: not offered in production"
        case Urgency.TOO_OLD:
            return f"TOO OLD: not offered any more; {said}"
        case Urgency.CALL_FIRST:
            return f'OLD: offered with "call first"; {said}'
        case Urgency.SOON:
            return f"good for {call.left} more days; {said}"


def _confirmed(each: Listed) -> str:
    if not each.confirmed:
        return ""
    day, by, how = each.confirmed
    return f"{day} by {by}" + (f" ({how})" if how else "")


def _claimed(each: Listed) -> str:
    kinds = ", ".join(kind.replace("_", " ") for kind in each.kinds) or "no help"
    hours = each.hours_en or "hours not known"
    return f"{kinds}; {hours}; speaks {', '.join(each.languages) or 'not known'}"


def what_to_ask(each: Listed) -> str:
    """The questions of a call: the number, what is claimed, and what nobody knows."""
    unknown = [_UNKNOWN[name] for name in each.unknown]
    first = "Does the number work, and are new families taken?" if each.numbers else "Find the number."
    return f"{first} Is what is listed true?" + (f" Not known: {', '.join(unknown)}." if unknown else "")
