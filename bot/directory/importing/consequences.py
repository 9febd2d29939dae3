"""What an import changes for families: what they will be told that they were not told, and what not any more. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from bot.directory.hsds.changes import Change
from bot.directory.hsds.package import Package, Row
from bot.directory.importing.owners import Owners
from bot.directory.importing.records import phone_text, said

OFFERED_AGAIN, NOT_CONFIRMED, NOT_OFFERED = range(3)
"""How heavy it is: somebody may be sent to a place that does not help, or is not there, first."""


class Consequence(Struct, frozen=True):
    """``organization`` is an id. ``words`` begin in small letters: they follow its name."""

    weight: int
    organization: str
    words: str


Told = tuple[int, str]
_Number = tuple[str, str, str]


class _Seen(Struct, frozen=True):
    """``confirmed``: organization, number and extension of what is confirmed afterwards. ``assured``: the day on which a service
    of an organization was confirmed, where this import does not confirm it anew."""

    owners: Owners
    confirmed: frozenset[_Number]
    assured: dict[str, str]


def consequences(made: Iterable[Change], old: Package, new: Package) -> tuple[Consequence, ...]:
    """The heaviest first. What is new or goes as a whole organization is told once, not for each of its records."""
    if not any(old.rows("organization")):
        return ()
    owners = Owners(new, old)
    phones = (each for each in new.rows("phone") if each["verified_on"])
    numbers = frozenset((owners.of("phone", each), each["number"], each["extension"]) for each in phones)
    seen = _Seen(owners, numbers, dict(_assured(old, new)))
    found: dict[Consequence, None] = {}
    for change in made:
        owner = owners.of(change.table, change.new or change.old or {})
        if change.table != "organization" and (old.get("organization", owner) is None or _gone(owner, new)):
            continue
        for weight, words in _RULES.get(change.table, _nothing)(change, seen):
            found[Consequence(weight, owner, words)] = None
    return tuple(sorted(found, key=lambda each: (each.weight, _name(owners, each.organization), each.words)))


def _assured(old: Package, new: Package) -> Iterator[tuple[str, str]]:
    for each in new.rows("service"):
        before = old.get("service", each["id"])
        if each["assured_date"] and before and before["assured_date"] == each["assured_date"]:
            yield each["organization_id"], each["assured_date"]


def _gone(owner: str, new: Package) -> bool:
    return bool(owner) and new.get("organization", owner) is None


def _name(owners: Owners, organization: str) -> str:
    row = owners.row("organization", organization)
    return row["name"] if row else ""


def _nothing(change: Change, seen: _Seen) -> Iterator[Told]:
    yield from ()


def _organization(change: Change, seen: _Seen) -> Iterator[Told]:
    old, new = change.old, change.new
    if old is None:
        return
    if new is None:
        yield NOT_OFFERED, "goes with all its services"
        return
    if old["member"] == "yes" != new["member"]:
        yield NOT_CONFIRMED, f"its membership is not sure any more: yes -> {new['member']}"
    if old["source_seen"] == "yes" != new["source_seen"]:
        yield NOT_CONFIRMED, f"nobody has seen its source any more: source_seen yes -> {new['source_seen']}"


def _service(change: Change, seen: _Seen) -> Iterator[Told]:
    old, new = change.old, change.new
    if old is None:
        return
    organization = seen.owners.row("organization", old["organization_id"])
    # Many an organization has one service of its own name.
    name = "its service" if organization and organization["name"] == old["name"] else old["name"]
    if new is None:
        if old["status"] == "active":
            yield NOT_OFFERED, f"{name} goes"
        return
    if old["status"] != new["status"]:
        again = new["status"] == "active"
        told = "is active again" if again else "is not offered any more"
        yield OFFERED_AGAIN if again else NOT_OFFERED, f"{name} {told}: {old['status']} -> {new['status']}"
    yield from _less_confirmed(old, new, "assured_date", name)


def _phone(change: Change, seen: _Seen) -> Iterator[Told]:
    old, new = change.old, change.new
    if old is None or not old["verified_on"]:
        return
    if new and (old["number"], old["extension"]) == (new["number"], new["extension"]):
        yield from _less_confirmed(old, new, "verified_on", f"the phone {phone_text(new)}")
    elif (seen.owners.of("phone", old), old["number"], old["extension"]) in seen.confirmed:
        return  # It stands in another record, as confirmed as it was.
    elif new is None:
        yield NOT_CONFIRMED, f"the confirmed phone {phone_text(old)} goes"
    elif not new["verified_on"]:
        was = f"the confirmation of {old['verified_on']} was of {phone_text(old)}"
        yield NOT_CONFIRMED, f"the phone {phone_text(new)} is not confirmed: {was}"


def _less_confirmed(old: Row, new: Row, column: str, what: str) -> Iterator[Told]:
    if old[column] and not new[column]:
        yield NOT_CONFIRMED, f"{what} is not confirmed any more (it was on {old[column]})"
    elif old[column] > new[column]:
        yield NOT_CONFIRMED, f"the confirmation of {what} goes back from {old[column]} to {new[column]}"


def _address(change: Change, seen: _Seen) -> Iterator[Told]:
    """A door that moves is as unknown as a number that changes, but no column says when a door was seen."""
    old, new = change.old, change.new
    assured = seen.assured.get(seen.owners.of("address", old), "") if old else ""
    if not old or not assured or not set(change.fields) & {"address_1", "address_2", "city"}:
        return
    door = old["address_1"] or old["city"]
    moved = "the address goes" if new is None else f"the address is {new['address_1'] or new['city']} now"
    yield NOT_CONFIRMED, f"{moved}: the confirmation of {assured} was of {door}"


def _barrier(change: Change, seen: _Seen) -> Iterator[Told]:
    was, becomes = (said(change.table, row, seen.owners) if row else "" for row in (change.old, change.new))
    closed = "closed " if change.table == "closure" else ""
    if not becomes:
        yield OFFERED_AGAIN, f"does not hold any more: {closed}{was}"
    elif not was:
        yield NOT_OFFERED, f"holds from now on: {closed}{becomes}"
    elif was != becomes:
        yield OFFERED_AGAIN, f"{closed}{was} becomes {becomes}"


_RULES: dict[str, Callable[[Change, _Seen], Iterator[Told]]] = {
    "organization": _organization,
    "service": _service,
    "phone": _phone,
    "address": _address,
    "exclusion": _barrier,
    "closure": _barrier,
}
