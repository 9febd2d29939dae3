"""/metrics: the figures of the whole installation in Prometheus' text, read from the stores when they are asked for.

The library writes the text; the figures are of Redis and SQL, which all processes and hosts share. Its own counters would be
one process' each, and its way to add them up maps files: on a full disk that ends a worker in the middle of an answer.

Nothing here tells of one person: no number, code, text, flow, topic or place; counts of people in whole steps of five, waits
in coarse ones (bot/store/traffic.py, bot/store/desk_figures.py). A store that is down leaves its figures out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from bot.app import Puente
from bot.health import free_share, readiness
from bot.store.beats import WORKER, beats
from bot.store.desk_figures import outbox_stuck, urgent_wait
from bot.store.errors import StoreError
from bot.store.keys import day_name, utc_day
from bot.store.master_key import load_master_keys
from bot.store.redis_client import redis_errors
from bot.store.traffic import in_steps, traffic

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_MADE = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
"""How docs/keys.md names a version of the master key: after the month, or day, in which it was made."""

Family = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily


def figures(puente: Puente) -> bytes:
    """The text."""
    registry = CollectorRegistry()
    registry.register(Figures(puente))
    return generate_latest(registry)


class Figures(Collector):
    """What is told of an installation."""

    def __init__(self, puente: Puente) -> None:
        self._puente = puente

    def describe(self) -> list[Family]:
        """Nothing: the names are known when they are read."""
        return []

    def collect(self) -> Iterator[Family]:
        """Every family whose store answers."""
        parts: tuple[Callable[[], Iterator[Family]], ...] = (
            *(self._health, self._disk, self._release, self._traffic, self._money),
            *(self._worker, self._desk, self._day_keys, self._master_key),
        )
        for part in parts:
            try:
                # Whole or not at all.
                yield from tuple(part())
            except StoreError:
                continue

    def _now(self) -> float:
        return self._puente.conversation.clock()

    def _health(self) -> Iterator[Family]:
        ready, parts = readiness(self._puente)
        yield gauge("puente_ready", "1 when this process has all that it must have (/readyz).", ready)
        checks = GaugeMetricFamily("puente_up", "1 for each part that is well.", labels=["part"])
        for name in ("redis", "sql", "disk", "clock", "nlu"):
            checks.add_metric([name], float(parts[name]))
        checks.add_metric(["release"], float(parts["answers"] is True and bool(parts["release"])))
        if parts.get("copies") is not None:
            checks.add_metric(["copies"], float(parts["copies"] is True))
        yield checks
        yield gauge("puente_paused", "1 while everybody gets the notice of a pause.", parts["paused"])

    def _disk(self) -> Iterator[Family]:
        share = free_share(self._puente.settings.data_dir)
        yield gauge("puente_disk_free_ratio", "The free part of the disk of DATA_DIR.", round(share, 2))

    def _release(self) -> Iterator[Family]:
        number = self._puente.content.releases.number
        yield gauge("puente_release_number", "The release that families get; 0 for the repository's files.", number)

    def _traffic(self) -> Iterator[Family]:
        told = traffic(self._puente.redis)
        answers = CounterMetricFamily("puente_answers", "Answers, in steps of five.", labels=["tier", "channel"])
        for (tier, channel), number in sorted(told.answers.items()):
            answers.add_metric([tier, channel], number)
        yield answers
        languages = CounterMetricFamily(
            "puente_answers_by_language", "The same answers, in steps of five.", labels=["tier", "language"]
        )
        for (tier, language), number in sorted(told.languages.items()):
            languages.add_metric([tier, language], number)
        yield languages
        seconds = HistogramMetricFamily("puente_answer_seconds", "From the request to its answer, in steps of five.")
        buckets = [(str(bound), float(number)) for bound, number in told.seconds.items()]
        # No sum: it would move with each single answer.
        seconds.add_metric([], [*buckets, ("+Inf", float(told.timed))], sum_value=None)
        yield seconds

    def _money(self) -> Iterator[Family]:
        spent, cap = self._puente.spending.day(), self._puente.settings.daily_segments
        if cap:
            percent = spent.segments * 100 // cap
            yield gauge(
                "puente_spent_percent", "The part of today's money (UTC) that is gone, whole percents.", percent
            )
        parts = spent.segments - spent.segments % 100
        yield gauge("puente_spent_parts", "SMS parts that went out today (UTC), in steps of a hundred.", parts)
        unanswered = GaugeMetricFamily(
            "puente_unanswered_today", "Messages of today (UTC) without an answer, in steps of five.", labels=["why"]
        )
        for why, number in (("limits", spent.silenced), ("abroad", spent.refused)):
            unanswered.add_metric([why], in_steps(number))
        yield unanswered

    def _worker(self) -> Iterator[Family]:
        now, done = self._now(), beats(self._puente.redis)
        if (spoke := done.pop(WORKER, None)) is not None:
            yield gauge("puente_worker_silent_seconds", "Since a worker last gave a sign of life.", now - spoke)
        ages = GaugeMetricFamily(
            "puente_duty_age_seconds", "Since the worker last did a duty without an error.", labels=["duty"]
        )
        for duty, at in sorted(done.items()):
            ages.add_metric([duty], max(0.0, now - at))
        yield ages

    def _desk(self) -> Iterator[Family]:
        engine, now = self._puente.engine, self._now()
        wait = urgent_wait(engine, now)
        yield gauge("puente_urgent_wait_seconds", "The longest urgent wait: 0, 600, 1800, 3600, 14400 or 86400.", wait)
        stuck = outbox_stuck(engine, now)
        yield gauge("puente_outbox_stuck", "Messages of staff that have waited two minutes and more.", stuck)
        alarms = len(self._puente.carrier_alarms.due())
        yield gauge("puente_alarms_untold", "Alarms of which no admin has been told yet.", alarms)

    def _day_keys(self) -> Iterator[Family]:
        today = utc_day(self._now())
        days = range(7, -1, -1)
        with redis_errors():
            oldest = next(
                (back for back in days if self._puente.redis.exists(day_name(today - timedelta(days=back)))), 0
            )
        yield gauge(
            "puente_day_key_age_days", "Since the day of the oldest day key began; 2 or more is too old.", oldest
        )

    def _master_key(self) -> Iterator[Family]:
        age = master_key_age(load_master_keys(self._puente.settings).current.name, utc_day(self._now()))
        if age is not None:
            yield gauge("puente_master_key_age_days", "Since the date in the name of the master key.", age)


def gauge(name: str, says: str, value: float) -> GaugeMetricFamily:
    """A figure without labels."""
    return GaugeMetricFamily(name, says, value=float(value))


def master_key_age(name: str, today: date) -> int | None:
    """Days since the date that a version of the master key is named after; None where it bears none."""
    found = _MADE.match(name)
    try:
        made = datetime(int(found[1]), int(found[2]), int(found[3] or 1), tzinfo=UTC).date() if found else None
    except ValueError:
        return None
    return (today - made).days if made else None
