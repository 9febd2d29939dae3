"""One run of the canary, from the first message to the last search."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.content import load_flows
from bot.settings import REPOSITORY
from tests.canary import key_death, places, trouble
from tests.canary.installation import SECRETS, Installation
from tests.canary.needles import Needles
from tests.canary.people import Person, people
from tests.canary.places import Searched
from tests.canary.sending import Sender, Tally, message
from tests.canary.writing import agreement, no_requests, odd, posts, shares
from tests.launch.running import environ_of

DAY = 86_400
AGREEING, ROUNDS = 9, 3
"""So many further people agree that a question of theirs is kept, three in each language, and write into it what must not be; as
many again, up to so often, where the model was too slow for all of them: without it nothing is kept."""
ERASE = {"es": "BORRAR", "en": "DELETE", "quc": "BORRAR"}


@dataclass(slots=True)
class Death:
    """What the keys of two moments open, of the sealed bytes and the names of the first."""

    sealed: int = 0
    opened_before: int = 0
    opened_after: int = 0
    matched_before: int = 0
    matched_after: int = 0
    opted_out: int = 0
    remains: key_death.Remains = key_death.Remains(0, None)


@dataclass(slots=True)
class Result:
    """Everything that a run has measured. ``faults`` are what must not be, in words; the run failed if there are any."""

    people: int
    seed: int
    flows: frozenset[str]
    seconds: float = 0.0
    tally: Tally = field(default_factory=Tally)
    troubles: list[str] = field(default_factory=list)
    before: list[Searched] = field(default_factory=list)
    after: list[Searched] = field(default_factory=list)
    death: Death = field(default_factory=Death)
    planted: int = 0
    erased: int = 0
    """Escalations whose person said BORRAR."""
    agreed: int = 0
    """Questions that lie there because somebody agreed to it."""
    faults: list[str] = field(default_factory=list)


def run(tree: Path, count: int, seed: int, few: bool, say: Callable[[str], None] = lambda words: None) -> Result:
    """The whole canary in an empty folder. ``few``: the short troubles alone."""
    began = time.monotonic()
    everybody = people(count + AGREEING * ROUNDS, seed)
    persons, agreeing = everybody[:count], everybody[count:]
    result = Result(count, seed, frozenset(load_flows(REPOSITORY / "flows")))
    with Installation(tree) as installation:
        say("waiting until everything is up")
        installation.wait_until_whole()
        sender = Sender("127.0.0.1", installation.port)
        result.tally = sender.tally
        _write_in_trouble(installation, sender, persons, result, few, say)
        say("what nobody should send")
        for person in persons[:: max(1, count // 20)]:
            sender.all([odd(person)])
            for data in no_requests(person):
                sender.raw(data)
        installation.wait_until_whole()
        _check_processes(installation, result)
        result.agreed = _agree(installation, sender, agreeing)
        ids = key_death.escalate(installation, persons[::5])
        say("searching, while everything is held")
        result.before = places.search(installation, Needles(everybody, seed))
        first = key_death.take(installation)
        say("erasing, and the clock moved by 31 days")
        _erase_half(installation, sender, persons, ids, result)
        _let_time_pass(installation, sender, persons, first)
        second = key_death.take(installation)
        say("searching again")
        needles = Needles(everybody, seed)
        result.after = places.search(installation, needles, memory=not few)
        result.death = _death(installation, first, second, persons)
        result.planted = _planted(installation, needles, persons[-1])
    result.seconds = time.monotonic() - began
    result.faults += _faults(result)
    return result


def _agree(installation: Installation, sender: Sender, agreeing: Sequence[Person]) -> int:
    for first in range(0, len(agreeing), AGREEING):
        sender.all(agreement(each) for each in agreeing[first : first + AGREEING])
        if kept := places.agreed(installation):
            return kept
    return 0


def _write_in_trouble(
    installation: Installation,
    sender: Sender,
    persons: Sequence[Person],
    result: Result,
    few: bool,
    say: Callable[[str], None],
) -> None:
    """People write in groups; while each group writes, something goes wrong."""
    chance = random.Random(f"trouble {result.seed}")
    wrongs = trouble.TROUBLES[: trouble.FEW] if few else trouble.TROUBLES
    had = dict(zip((each.number for each in persons), shares(persons, result.seed), strict=True))
    for number, (name, strike) in enumerate(wrongs):
        group = persons[number :: len(wrongs)]
        say(f"{len(group)} people write: {name}")
        writing = threading.Thread(target=sender.all, args=([list(posts(each, had[each.number])) for each in group],))
        writing.start()
        time.sleep(0.5 if few else 1.5)
        strike(installation, chance)
        result.troubles.append(name)
        writing.join()
        installation.wait_until_whole(model=not few)


def _check_processes(installation: Installation, result: Result) -> None:
    """No process may write a core file, and what needs no secret has inherited none."""
    result.faults += [
        f"process {each} may write a core file" for each, limit in trouble.limits(installation) if limit != "0 0"
    ]
    for line in ("nlu", "redis"):
        for process in installation.of(line):
            held = set(environ_of(process)) & {*SECRETS, "PORT", "ENVIRONMENT"}
            result.faults += [f"{line} has inherited {', '.join(sorted(held))}"] if held else []
    if not installation.of("nlu"):
        result.faults.append("the model has no process")


def _erase_half(
    installation: Installation, sender: Sender, persons: Sequence[Person], ids: Mapping[str, Person], result: Result
) -> None:
    """Half of the people say BORRAR, and 1 where they are asked. Their keys are then gone, not later."""
    erasing = persons[::2]
    sender.all([message(each, word) for word in (ERASE[each.language], "1")] for each in erasing)
    wanted = {id for id, person in ids.items() if person in erasing}
    left = wanted & {key.name for key in key_death.take(installation).keys}
    result.erased = len(wanted)
    result.faults += [f"{len(left)} of {len(wanted)} keys outlive their person's BORRAR"] if left else []


def _let_time_pass(
    installation: Installation, sender: Sender, persons: Sequence[Person], first: key_death.Moment
) -> None:
    """The others' time runs out; returns when the purge is through."""
    # Two days for the day keys, a month for the escalations; some people go on writing.
    for days in (2, 31):
        installation.move_clock(days * DAY)
        # Its duties are due when it begins.
        installation.restart("worker")
        sender.all([message(each, "MENU")] for each in persons[1::20])
        installation.wait_until(
            lambda: bool(set(first.day_keys).isdisjoint(key_death.take(installation).day_keys)), "the day keys are gone"
        )
    installation.wait_until(
        lambda: key_death.take(installation).dead_since(first)[1], "every key is gone that should be"
    )


def _death(
    installation: Installation, first: key_death.Moment, second: key_death.Moment, persons: Sequence[Person]
) -> Death:
    dead, _ = second.dead_since(first)
    return Death(
        sealed=len(first.sealed),
        opened_before=first.opened(first.sealed),
        opened_after=second.opened(first.sealed),
        matched_before=first.matched(first.names, persons),
        matched_after=second.matched(first.names, persons),
        opted_out=key_death.opted_out(second, installation, persons),
        remains=key_death.remains(installation, dead),
    )


def _planted(installation: Installation, needles: Needles, person: Person) -> int:
    """How many of three places a leak is reported in, that is put there for the purpose: a search that finds nothing is none."""
    file = installation.tree / "tmp" / "leak"
    file.write_text(person.story(), "utf-8")
    with installation.redis() as redis:
        redis.hset(f"leak:{person.number}", "field", person.word)
        found = {each.name for each in places.search(installation, needles, memory=False) if each.hits}
        redis.delete(f"leak:{person.number}")
    file.unlink()
    expected = {"files in its tree", "keys and values of Redis", "DUMP of every key of Redis"}
    return len(found & expected)


def _faults(result: Result) -> list[str]:
    faults = [
        f"{len(each.hits)} hits {when} in {each.name}: {label} ({hit.kind}, {hit.encoding})"
        for when, searched in (("before erasing", result.before), ("after", result.after))
        for each in searched
        for label, hit in each.hits[:3]
    ]
    wrong = {name: n for name, n in result.tally.statuses.items() if name.endswith("unanswered") or " 5" in name}
    faults += [f"{n} requests: {name}" for name, n in wrong.items()]
    death = result.death
    if not death.sealed or death.opened_before < death.sealed or not death.matched_before:
        faults.append("the keys open nothing while they live: nothing is shown by their death")
    if death.opened_after or death.matched_after or death.remains.files:
        faults.append("dead keys still open, match or lie somewhere")
    if not result.agreed:
        faults.append("nobody's question was kept after her yes: nothing is shown by finding no secret in it")
    if result.planted < 3:
        faults.append("a leak that was put there is not found: the search cannot be believed")
    return faults
