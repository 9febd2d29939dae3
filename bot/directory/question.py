"""Who asks for what, when: tells of each entry what it costs her, or that she is not sent there. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from bot.directory.ball_tree import Ball
from bot.directory.entry import KINDS, LANGUAGES, Entry
from bot.directory.freshness import FRESH_DAYS, STALE_DAYS
from bot.directory.holidays import public_holidays
from bot.directory.hours import Hours, open_by_the_clock
from bot.directory.offer import local_day, phone_to_give
from bot.directory.ranking import CALL_FIRST_KM, closed_km
from bot.directory.service_at_location import ServiceAtLocation, without
from bot.language import Language


@dataclass(slots=True)
class Question:
    """``now`` is aware; ``unconfirmed``: what nobody ever confirmed may be offered (development); ``exclude``: ids of services,
    organizations and phones that she is not told of."""

    kind: str
    now: datetime
    language: Language
    government: bool
    unconfirmed: bool
    exclude: frozenset[str]
    _kinds: int = field(init=False)
    _number: int = field(init=False)
    _unknown_km: float = field(init=False)
    _shut_km: float = field(init=False)
    _today: int = field(init=False)
    _clocks: dict[tzinfo, tuple[date, int]] = field(init=False, default_factory=dict)
    _hours: dict[tzinfo, int] = field(init=False, default_factory=dict)
    # Hours are shared by many services: by identity, because comparing two weeks takes longer than reading one.
    _closed: dict[int, float] = field(init=False, default_factory=dict)
    _holidays: dict[str, frozenset[date]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._kinds = KINDS.get(self.kind, 0)
        self._number = LANGUAGES.index(self.language)
        self._unknown_km, self._shut_km = closed_km(None, self.kind), closed_km(False, self.kind)
        self._today = local_day(self.now).toordinal()

    def least(self, ball: Ball) -> float:
        """What the cheapest in a ball costs at least."""
        cost: float = ball.language_km[self._number]
        if ball.confirmed < self._today - FRESH_DAYS:
            cost += CALL_FIRST_KM
        if ball.zone is not None and ball.week >> self._hour(ball.zone) & 1:
            return cost
        return cost + (self._unknown_km if ball.unsure else self._shut_km)

    def cost(self, entry: Entry) -> float | None:
        """How many kilometres farther it counts than it is; None where she is not sent."""
        if not entry.kinds & self._kinds or (entry.office and not self.government) or not self._is_offered(entry):
            return None
        if entry.service.closed and entry.service.closed_on(local_day(self.now, entry.service.zone)):
            return None
        if self.exclude and not self._is_left(entry.service):
            return None
        cost: float = entry.language_km[self._number]
        if not self._today - FRESH_DAYS <= entry.confirmed <= self._today + 1:
            cost += CALL_FIRST_KM
        return cost + self._closed_km(entry.service)

    def _is_offered(self, entry: Entry) -> bool:
        """offer.is_offered, by ordinals."""
        oldest, tomorrow = self._today - STALE_DAYS, self._today + 1
        if oldest <= entry.confirmed <= tomorrow:
            if entry.service.address or (self.unconfirmed and entry.verified):
                return True
            return any(oldest <= each <= tomorrow for each in entry.verified)
        # Long ago is not the same as never.
        if not self.unconfirmed or 0 < entry.confirmed < oldest:
            return False
        return bool(entry.service.address or entry.verified)

    def _is_left(self, service: ServiceAtLocation) -> bool:
        if not self.exclude.isdisjoint((service.id, service.service_id, service.organization_id)):
            return False
        left = without(service, self.exclude)
        # Another phone of it, or its door, must still be of use.
        return left is service or self._is_reached(left)

    def _is_reached(self, service: ServiceAtLocation) -> bool:
        today = date.fromordinal(self._today)
        return bool(service.address) or phone_to_give(service, today, self.unconfirmed) is not None

    def _closed_km(self, service: ServiceAtLocation) -> float:
        if service.schedule is None:
            return self._unknown_km
        key = id(service.schedule)
        if key not in self._closed:
            self._closed[key] = closed_km(self._is_open(service.schedule, service.country), self.kind)
        return self._closed[key]

    def _is_open(self, hours: Hours, country: str) -> bool | None:
        day, minute = self._clock(hours.zone)
        if country not in self._holidays:
            self._holidays[country] = public_holidays(country, day)
        return open_by_the_clock(hours, day, minute, self._holidays[country])

    def _hour(self, zone: tzinfo) -> int:
        """Which hour of the week it is by those clocks."""
        hour = self._hours.get(zone)
        if hour is None:
            day, minute = self._clock(zone)
            hour = self._hours[zone] = day.weekday() * 24 + minute // 60
        return hour

    def _clock(self, zone: tzinfo) -> tuple[date, int]:
        if zone not in self._clocks:
            local = self.now.astimezone(zone)
            self._clocks[zone] = local.date(), local.hour * 60 + local.minute
        return self._clocks[zone]
