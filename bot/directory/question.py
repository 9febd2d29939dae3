"""Who asks for what, when: tells of each entry what it costs her, or that she is not sent there. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from math import inf

from bot.directory.ball_tree import Ball
from bot.directory.entry import KINDS, LANGUAGES, Entry
from bot.directory.freshness import FRESH_DAYS, STALE_DAYS
from bot.directory.holidays import public_holidays
from bot.directory.hours import open_by_the_clock
from bot.directory.offer import local_day, phone_to_give
from bot.directory.ranking import CALL_FIRST_KM, closed_km
from bot.directory.service_at_location import ServiceAtLocation, without
from bot.language import Language


@dataclass(slots=True)
class Question:
    """``country``: where she asks, and all that she is told of. ``now`` is aware; ``unconfirmed``: what nobody ever confirmed may be
    offered (development); ``exclude``: ids of services, organizations and phones that she is not told of.

    ``kinds`` is ``kind`` as bits of Entry.kinds, ``spoken`` the place of her language in Entry.language_km.
    """

    kind: str
    country: str
    now: datetime
    language: Language
    government: bool
    unconfirmed: bool
    exclude: frozenset[str]
    kinds: int = field(init=False)
    spoken: int = field(init=False)
    _unknown_km: float = field(init=False)
    _shut_km: float = field(init=False)
    # Ordinals: the first days that are still believed and fresh, and the last, which has come somewhere on earth.
    _believed: int = field(init=False)
    _fresh: int = field(init=False)
    _tomorrow: int = field(init=False)
    _holidays: frozenset[date] = field(init=False)
    _clocks: dict[tzinfo, tuple[date, int]] = field(init=False, default_factory=dict)
    _hours: dict[tzinfo, tuple[int, bool]] = field(init=False, default_factory=dict)
    # Hours are shared by many services: by identity, because comparing two weeks takes longer than reading one.
    _closed: dict[int, float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.kinds = KINDS.get(self.kind, 0)
        self.spoken = LANGUAGES.index(self.language)
        self._unknown_km, self._shut_km = closed_km(None, self.kind), closed_km(False, self.kind)
        day = local_day(self.now)
        self._holidays = public_holidays(self.country, day)
        today = day.toordinal()
        self._believed, self._fresh, self._tomorrow = today - STALE_DAYS, today - FRESH_DAYS, today + 1

    def least(self, ball: Ball) -> float:
        """What the cheapest in a ball costs at least; infinity where she is sent to none of them."""
        if ball.confirmed < self._believed and not self.unconfirmed:
            return inf
        cost: float = ball.language_km[self.spoken]
        if ball.confirmed < self._fresh:
            cost += CALL_FIRST_KM
        if ball.zone is None:
            return cost + self._unknown_km
        hour, holiday = self._hours.get(ball.zone) or self._hour(ball.zone)
        if (ball.festive if holiday else ball.week) >> hour & 1:
            return cost
        if ball.unsure or (holiday and ball.week >> hour & 1):
            return cost + self._unknown_km
        return cost + self._shut_km

    def cost(self, entry: Entry) -> float | None:
        """How many kilometres farther it counts than it is; None where she is not sent."""
        if not entry.kinds & self.kinds or (entry.office and not self.government) or not self._is_offered(entry):
            return None
        if entry.service.closed and entry.service.closed_on(local_day(self.now, entry.service.zone)):
            return None
        if self.exclude and not self._is_left(entry.service):
            return None
        cost: float = entry.language_km[self.spoken]
        if not self._fresh <= entry.confirmed <= self._tomorrow:
            cost += CALL_FIRST_KM
        return cost + self._closed_km(entry)

    def _is_offered(self, entry: Entry) -> bool:
        """offer.is_offered, by ordinals."""
        if self._believed <= entry.confirmed <= self._tomorrow:
            if entry.service.address or (self.unconfirmed and entry.verified):
                return True
            return any(self._believed <= each <= self._tomorrow for each in entry.verified)
        # Long ago is not the same as never.
        if not self.unconfirmed or 0 < entry.confirmed < self._believed:
            return False
        return bool(entry.service.address or entry.verified)

    def _is_left(self, service: ServiceAtLocation) -> bool:
        if not self.exclude.isdisjoint((service.id, service.service_id, service.organization_id)):
            return False
        left = without(service, self.exclude)
        # Another phone of it, or its door, must still be of use.
        return left is service or self._is_reached(left)

    def _is_reached(self, service: ServiceAtLocation) -> bool:
        return bool(service.address) or phone_to_give(service, local_day(self.now), self.unconfirmed) is not None

    def _closed_km(self, entry: Entry) -> float:
        hours = entry.service.schedule
        if hours is None or entry.zone is None:
            return self._unknown_km
        hour, _ = self._hours.get(entry.zone) or self._hour(entry.zone)
        if not entry.week >> hour & 1:
            return self._shut_km
        if (key := id(hours)) not in self._closed:
            day, minute = self._clock(entry.zone)
            self._closed[key] = closed_km(open_by_the_clock(hours, day, minute, self._holidays), self.kind)
        return self._closed[key]

    def _hour(self, zone: tzinfo) -> tuple[int, bool]:
        """Which hour of the week it is by those clocks, and whether the day is a holiday."""
        day, minute = self._clock(zone)
        hour = self._hours[zone] = day.weekday() * 24 + minute // 60, day in self._holidays
        return hour

    def _clock(self, zone: tzinfo) -> tuple[date, int]:
        if zone not in self._clocks:
            local = self.now.astimezone(zone)
            self._clocks[zone] = local.date(), local.hour * 60 + local.minute
        return self._clocks[zone]
