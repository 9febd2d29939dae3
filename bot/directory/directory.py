"""The directory as the conversation searches it: built once from its tables, in memory, never changed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from bot.directory.assemble import assemble
from bot.directory.ball_tree import Ball, ball_of, in_order, joined
from bot.directory.entry import KINDS, Entry, Weeks, entry_of
from bot.directory.fold import fold
from bot.directory.hsds.package import Package
from bot.directory.organizations import Organizations
from bot.directory.service_at_location import ServiceAtLocation
from bot.frozen import replace


class State(Struct, frozen=True):
    """What lies in one state or department, by kind of help: for everybody, for some only; and by name what has no point on the map."""

    open_to_all: Mapping[str, Ball]
    noted: Mapping[str, Ball]
    unplaced: tuple[Entry, ...]


class Country(Struct, frozen=True):
    """States by their folded names, and ``whole``: all of them as one; ``statewide`` and ``national``: what works for all of one,
    wherever its door is, by name."""

    states: Mapping[str, State]
    whole: State
    statewide: Mapping[str, tuple[Entry, ...]]
    national: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Directory:
    """``services`` are all, also those that are never offered; ``countries`` holds those that can be, by where they are.

    ``organizations``: what answers may name.
    """

    services: tuple[ServiceAtLocation, ...] = field(repr=False)
    countries: Mapping[str, Country] = field(repr=False)
    organizations: Organizations = field(default_factory=Organizations, repr=False)

    @classmethod
    def of(cls, services: Iterable[ServiceAtLocation]) -> Directory:
        """A directory of these, ready to be searched."""
        services = tuple(services)
        by_country: dict[str, list[Entry]] = {}
        weeks: Weeks = {}
        for service in services:
            if entry := entry_of(service, weeks):
                by_country.setdefault(service.country, []).append(entry)
        made = {name: _country(entries) for name, entries in by_country.items()}
        return cls(services, made, Organizations.of(services))

    @classmethod
    def of_package(cls, package: Package) -> Directory:
        """The directory of these tables."""
        return cls.of(assemble(package))


def state_key(name: str) -> str:
    """A state as it is looked up: ``Quiché`` and ``quiche`` are one."""
    return fold(name)


def _country(found: Sequence[Entry]) -> Country:
    placed = [replace(entry, rank=rank) for rank, entry in enumerate(in_order(found))]
    entries = [*placed, *(entry for entry in found if entry.point is None)]
    states: dict[str, list[Entry]] = {}
    statewide: dict[str, list[Entry]] = {}
    for entry in entries:
        states.setdefault(state_key(entry.service.state), []).append(entry)
        for state in entry.service.states:
            statewide.setdefault(state_key(state), []).append(entry)
    made = {name: _state(some) for name, some in states.items()}
    return Country(
        made,
        _as_one(made.values()),
        {name: _by_name(some) for name, some in statewide.items()},
        _by_name(entry for entry in entries if entry.service.area == "national"),
    )


def _state(entries: Sequence[Entry]) -> State:
    placed = [entry for entry in entries if entry.point]
    return State(
        _by_kind([entry for entry in placed if not entry.noted]),
        _by_kind([entry for entry in placed if entry.noted]),
        # Those that work for a whole state or country are found as such.
        _by_name(entry for entry in entries if entry.point is None and entry.service.area == "local"),
    )


def _as_one(states: Collection[State]) -> State:
    """Several states in one, so that a search near a town does not begin with each of them."""
    return State(
        _joined([state.open_to_all for state in states]),
        _joined([state.noted for state in states]),
        _by_name(entry for state in states for entry in state.unplaced),
    )


def _by_name(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.service.name, entry.service.id)))


def _joined(by_kind: Sequence[Mapping[str, Ball]]) -> Mapping[str, Ball]:
    balls = ((kind, joined(each[kind] for each in by_kind if kind in each)) for kind in KINDS)
    return {kind: ball for kind, ball in balls if ball}


def _by_kind(placed: Sequence[Entry]) -> Mapping[str, Ball]:
    """A ball for each kind, ANY among them: a search then never meets what is of no use to it."""
    balls = ((kind, ball_of([entry for entry in placed if entry.kinds & bits])) for kind, bits in KINDS.items())
    return {kind: ball for kind, ball in balls if ball}
