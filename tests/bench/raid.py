"""The evening after a raid, played through: how long people wait with one host and with two, and with each kind of number.

Messages arrive by chance, at a rate that climbs to fifty times the usual one within ten minutes. What a host takes for one is what the
parts *web* and *free_text* have measured here before; what a number sends in a second is what Twilio says of it.
"""

from __future__ import annotations

import heapq
import json
import math
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.bench.part import Figure, Part
from tests.bench.spread import share_of, spread

KEPT = Path(__file__).resolve().parents[2] / ".bench"
MENU, FREE = ("web", "Puente, 16 clients"), ("free_text", "Puente, 8 clients")
"""Where the answers a second of a whole host lie that has nothing else to do: the part, and the name of its job."""
TIMES, CLIMB, TOP, HALF = 50, 600.0, 1_200.0, 1_800.0
"""So many times the usual, reached after so many seconds, held for so many, and then half of it every so many."""
EVENING = 2 * 3600.0
WRITTEN = 0.6
"""The share that is written and not chosen by a digit: assumed, for in fear people write."""
SEGMENTS = 2
"""Parts of an answer by SMS: most answers have so many (docs/content-report.md)."""
MODEL_WAIT, GIVE_UP = 0.8, 15.0
"""Seconds after which a turn goes on without the model, and after which Twilio takes its own fallback text."""
CORES = 2
"""Of a host, as of the machine on which it was measured."""
THROWN_AWAY = 36_000.0
"""Seconds after which Twilio throws away what it could not send (twilio.com: error 30001; read 2026-11-27)."""
USUAL = (0.1, 1.0, 4.0, 8.0)
"""Messages a second on a usual evening."""
NUMBERS = {
    "one US long code": 1.0 / SEGMENTS,
    "ten US long codes in one service": 10.0 / SEGMENTS,
    "one short code": 100.0 / SEGMENTS,
    "WhatsApp, as Twilio begins": 10.0,
    "WhatsApp, as Twilio allows on request": 50.0,
}
"""Answers a second that a sender of ours sends (twilio.com: error 30001; "WhatsApp best practices and FAQs"; read 2026-11-27)."""


@dataclass(frozen=True, slots=True)
class Host:
    """Answers a second of one host, all its cores at work: of messages that need no model, and of those that do."""

    menus: float
    written: float

    @property
    def web(self) -> float:
        """Seconds of a core for a message."""
        return CORES / self.menus

    @property
    def model(self) -> float:
        """Seconds of a core more for a message that needs the model, which has one process."""
        return max(CORES / self.written - self.web, 0.0)


@dataclass(slots=True)
class Hosts:
    """The cores and the models of some hosts, each with its line; a balancer fills the hosts evenly. Times in seconds."""

    host: Host
    cores: int
    models: int
    random: Random
    ends: list[tuple[float, int, float, bool]] = field(default_factory=list)
    """What runs on a core: when it ends, its number, when its message came, whether it is the model's work."""
    for_core: deque[tuple[float, bool]] = field(default_factory=deque)
    for_model: deque[tuple[float, float]] = field(default_factory=deque)
    """When each message came, and since when it waits."""
    answered: list[float] = field(default_factory=list)
    without: int = 0
    number: int = 0

    def until(self, moment: float) -> None:
        """Everything that ends by then."""
        while self.ends and self.ends[0][0] <= moment:
            now, _, came, was_model = heapq.heappop(self.ends)
            self.cores += 1
            if was_model:
                self.models += 1
                self._next_for_the_model(now)
            if was_model or self.random.random() >= WRITTEN:
                self.answered.append(now - came)
            elif self.models:
                self.models -= 1
                self.for_core.append((came, True))
            else:
                self.for_model.append((came, now))
            self._begin(now)

    def message(self, now: float) -> None:
        """One comes."""
        self.until(now)
        self.for_core.append((now, False))
        self._begin(now)

    def _begin(self, now: float) -> None:
        while self.cores and self.for_core:
            came, is_model = self.for_core.popleft()
            takes = (self.host.model if is_model else self.host.web) * self.random.expovariate(1.0)
            self.cores, self.number = self.cores - 1, self.number + 1
            heapq.heappush(self.ends, (now + takes, self.number, came, is_model))

    def _next_for_the_model(self, now: float) -> None:
        """Whoever has waited too long was answered meanwhile, by words and phrases alone."""
        while self.for_model:
            came, since = self.for_model.popleft()
            if now - since <= MODEL_WAIT:
                self.models -= 1
                self.for_core.append((came, True))
                return
            self.without += 1
            self.answered.append(since + MODEL_WAIT - came)


@dataclass(frozen=True, slots=True)
class Evening:
    """What came of it: seconds until each answer, the share that went by words and phrases alone, the share that Twilio gave up."""

    seconds: Sequence[float]
    without_model: float
    given_up: float


def run(smoke: bool, folder: Path) -> Part:
    """Plays every evening with one host and with two, and sends what they answer through each kind of number."""
    host = measured_host(smoke)
    if host is None:
        why = "the parts *web* and *free_text* were not measured here"
        return Part("The evening after a raid", (Figure("waiting", why),), TEXT_WITHOUT, raw={"host": None})
    usual = USUAL[:2] if smoke else USUAL
    length = 1_800.0 if smoke else EVENING
    evenings = {(rate, hosts): played(host, hosts, rate, length) for rate in usual for hosts in (1, 2)}
    figures = tuple(_figure(rate, evenings[rate, 1], evenings[rate, 2]) for rate in usual)
    lines = {(rate, name): sent(rate, per_second, length) for rate in usual for name, per_second in NUMBERS.items()}
    text = TEXT.format(
        times=TIMES,
        menus=f"{host.menus:,.0f}",
        written=f"{host.written:,.0f}",
        hosts=_hosts(evenings),
        numbers=_numbers(lines, usual),
        growth=growth(host),
    )
    raw = {f"{rate} a second, {hosts} hosts": _raw(evening) for (rate, hosts), evening in evenings.items()}
    return Part("The evening after a raid", figures, text, raw={"host": [host.menus, host.written], **raw})


def measured_host(smoke: bool) -> Host | None:
    """A host as it was measured last; None where it never was. With ``smoke`` a made-up one stands in for it."""
    try:
        menus, written = (_rate(part, job) for part, job in (MENU, FREE))
    except (OSError, KeyError, ValueError):
        return Host(500.0, 100.0) if smoke else None
    return Host(menus, written)


def _rate(part: str, job: str) -> float:
    told = json.loads((KEPT / f"{part}.json").read_text("utf-8"))["part"]["raw"][job]
    return spread([len(each["milliseconds"]) / each["seconds"] for each in told]).median


def rate_at(moment: float, usual: float) -> float:
    """Messages a second so many seconds after it began."""
    if moment < CLIMB:
        return usual * (1 + (TIMES - 1) * moment / CLIMB)
    fallen = max(0.0, moment - CLIMB - TOP)
    return usual * (1 + (TIMES - 1) * math.pow(0.5, fallen / HALF))


def arrivals(usual: float, length: float, random: Random) -> Iterator[float]:
    """The moments at which messages come: by chance, at the rate of each moment."""
    moment = 0.0
    while (moment := moment + random.expovariate(usual * TIMES)) < length:
        if random.random() * usual * TIMES < rate_at(moment, usual):
            yield moment


def played(host: Host, hosts: int, usual: float, length: float) -> Evening:
    """One evening. Whoever is answered takes a core, and the one process of the model while it is asked."""
    random = Random(11)
    all_of_them = Hosts(host, CORES * hosts, hosts, random)
    for came in arrivals(usual, length, Random(12)):
        all_of_them.message(came)
    all_of_them.until(math.inf)
    seconds = sorted(all_of_them.answered)
    late = sum(each > GIVE_UP for each in seconds)
    return Evening(seconds, all_of_them.without / len(seconds), late / len(seconds))


def sent(usual: float, per_second: float, length: float) -> Sequence[float]:
    """Seconds that each answer waits at Twilio until this sender has sent it."""
    free, waited = 0.0, list[float]()
    for came in arrivals(usual, length, Random(12)):
        free = max(free, came) + 1 / per_second
        waited.append(free - came)
    return sorted(waited)


def _figure(rate: float, one: Evening, two: Evening) -> Figure:
    told = [_time(share_of(each.seconds, 0.99)) for each in (one, two)]
    return Figure(f"{rate:g} messages a second as ever, p99: one host, two hosts", ", ".join(told))


def _time(seconds: float) -> str:
    return f"{seconds * 1000:,.0f} ms" if seconds < 10 else _long(seconds)


def _hosts(evenings: Mapping[tuple[float, int], Evening]) -> str:
    head = "| usual, at the top | hosts | p50 | p95 | p99 | without the model | given up by Twilio |\n|---|---|---|---|---|---|---|\n"
    rows = []
    for (rate, hosts), evening in evenings.items():
        times = (_time(share_of(evening.seconds, share)) for share in (0.5, 0.95, 0.99))
        shares = (f"{share:.1%}" for share in (evening.without_model, evening.given_up))
        rows.append(f"| {rate:g}, {rate * TIMES:g} a second | {hosts} | {' | '.join([*times, *shares])} |")
    return head + "\n".join(rows)


def _numbers(lines: Mapping[tuple[float, str], Sequence[float]], usual: Sequence[float]) -> str:
    head = f"| half of the answers wait | {' | '.join(f'{rate:g} a second as ever' for rate in usual)} |\n"
    rows = [
        f"| {name} | {' | '.join(_long(share_of(lines[rate, name], 0.5)) for rate in usual)} |" for name in NUMBERS
    ]
    return head + "|---" * (len(usual) + 1) + "|\n" + "\n".join(rows)


def _long(seconds: float) -> str:
    """A time as people say it."""
    if seconds > THROWN_AWAY:
        return "over 10 h: thrown away"
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6_000 else f"{seconds / 3600:.1f} h"


def growth(host: Host) -> str:
    """How many families a number of hosts carries, on paper: each writes ten messages a year, a hundredth of them in the worst hour."""
    rows = []
    for families in (10_000, 100_000, 1_000_000, 10_000_000):
        peak = families * 10 / 100 / 3600
        hosts = math.ceil(peak * (host.web + WRITTEN * host.model) / CORES / 0.5)
        rows.append(f"| {families:,} | {peak:,.1f} | {hosts:,} | {math.ceil(peak * SEGMENTS / 100):,} |")
    head = "| families | messages a second in the worst hour | hosts, half of them idle | short codes |\n|---|---|---|---|\n"
    return head + "\n".join(rows)


def _raw(evening: Evening) -> dict[str, object]:
    shares = {f"p{share * 100:g}": share_of(evening.seconds, share) for share in (0.5, 0.9, 0.95, 0.99, 0.999)}
    more = {"without model": evening.without_model, "given up": evening.given_up, "messages": len(evening.seconds)}
    return {**shares, **more}


TEXT_WITHOUT = "`make bench` measures them first."
TEXT = """
A simulation, not a measurement: what a host takes is measured above, the evening is assumed. Within ten minutes {times} times as many
messages come as on any evening; that lasts for twenty minutes, and then half of it every half hour. Six of ten are written, the others are
digits. A host answers {menus} menu turns a second or {written} written ones, as measured on this machine with the client on the same two
cores, so that a real one does better. A turn waits 0.8 s for the model and then goes by words and phrases; Twilio waits 15 s.

{hosts}

**The number is what runs out first, not the server.** An answer by SMS has two segments. A US long code sends one segment a second, a
short code a hundred; WhatsApp sends 10 messages a second at first and 50 at most. What comes faster waits at Twilio, and after ten hours
(or the service's validity period) it is thrown away. An answer about danger waits in the same line as all others.

{numbers}

So that evening wants, in this order:

1. **A sender that keeps up**: WhatsApp at the 50 a second that Twilio gives on request, and a short code, or long codes side by side in one
   Messaging Service. Registrations take weeks, so before it is needed. No server of ours helps here.
2. **A second process for the model**, on cores of its own (`RASA_URL` names several): a host runs out of the model first. Without it
   families are still answered, by words, phrases and menus.
3. **A second host for web** behind a balancer, with a Redis and a PostgreSQL that both reach (`docs/deploy.md`): no state lies in a
   process. It also survives the death of the first.

On the way to ten million families, if each writes ten messages a year and a hundredth of a year's messages fall into its worst hour:

{growth}

Then, in this order: a Redis Cluster (each person lies in one slot by 14 bits; the keys of the day and the counts of everybody lie on one
node, which is what it meets next); PostgreSQL with the conversations split by organization; and people, for some of those who write ask for
one, and no machine answers them.
"""


if __name__ == "__main__":
    from tests.bench.alone import alone

    alone(run)
