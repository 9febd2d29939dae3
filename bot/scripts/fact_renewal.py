"""A fact that somebody read again today, or that is no longer so: until when it is believed then, and the file that says it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from bot.engine.flow import Flow
from bot.frozen import replace
from bot.scripts.approval import fact_names
from bot.scripts.change_yaml import tree, written
from bot.scripts.checks.facts import MOST_DUE_IN_A_WEEK
from bot.scripts.fact import Fact, read_facts
from bot.scripts.figure import LARGEST_FIGURE, Figure, typed_in

VOLATILE_DAYS, LASTING_DAYS = 90, 270
"""How long a fact is believed after its source was read: a rule that courts are changing now, and any other. Nobody has measured it:
about what stands in flows/facts.yml for the two kinds."""
SOON, LATER = timedelta(days=14), timedelta(days=45)
NO_DATE = "n.d."
"""What stands for the date of a page that shows none."""
_PAGE = ("https://", "http://")


class NoSource(ValueError):
    """No page is named that anybody could have read."""


class DueFact(Struct, frozen=True):
    """A fact and how it stands. ``flows``: the answers that lean on it. ``days``: until it runs out, negative afterwards."""

    fact: Fact
    flows: tuple[str, ...]
    days: int

    @property
    def overdue(self) -> bool:
        """Whether its sentences are already left out."""
        return self.days < 0

    @property
    def has_page(self) -> bool:
        """Whether its source can be opened."""
        return has_page(self.fact)

    @property
    def site(self) -> str:
        """The host of its source, without www; empty where no page is named."""
        return _host(self.fact.source).removeprefix("www.") if self.has_page else ""


def has_page(fact: Fact) -> bool:
    """Whether its source is a page, and not a word on what nobody has read."""
    return is_page(fact.source)


def is_page(source: str) -> bool:
    """Whether this is the address of a page."""
    return source.startswith(_PAGE) and "." in _host(source)


def _host(source: str) -> str:
    try:
        return urlsplit(source.split()[0]).hostname or ""
    except ValueError:
        return ""


def due_facts(facts: Mapping[str, Fact], flows: Iterable[Flow], today: date) -> tuple[DueFact, ...]:
    """All facts, what runs out first at the top."""
    leans: dict[str, list[str]] = {}
    for flow in flows:
        for name in fact_names(flow):
            leans.setdefault(name, []).append(flow.name)
    found = [DueFact(fact, tuple(sorted(leans.get(name, ()))), _days(fact, today)) for name, fact in facts.items()]
    return tuple(sorted(found, key=lambda each: (each.days, each.fact.name)))


def _days(fact: Fact, today: date) -> int:
    return (fact.valid_until - today).days


def proposed(fact: Fact, facts: Mapping[str, Fact], today: date) -> date:
    """Until when it is believed when its source was read today: by its kind, in a week in which few others run out.

    A week earlier each time while that week is full; only where every week until tomorrow is full, later than its kind allows.
    """
    furthest = today + timedelta(days=VOLATILE_DAYS if fact.volatile else LASTING_DAYS)
    due = _weeks(fact, facts)
    earlier = (furthest - timedelta(weeks=n) for n in range((furthest - today).days // 7))
    later = (furthest + timedelta(weeks=n) for n in range(1, len(facts) + 2))
    days = (day for part in (earlier, later) for day in part if due[_week(day)] < MOST_DUE_IN_A_WEEK)
    return next(days, furthest)


def let_go_on(fact: Fact, facts: Mapping[str, Fact], today: date) -> date:
    """The day on which it ran out when it is no longer said from today on: yesterday, or earlier where that week is full."""
    due = _weeks(fact, facts)
    days = (today - timedelta(days=1) - timedelta(weeks=n) for n in range(len(facts) + 1))
    return next(day for day in days if due[_week(day)] < MOST_DUE_IN_A_WEEK)


def _weeks(fact: Fact, facts: Mapping[str, Fact]) -> Counter[tuple[int, int]]:
    return Counter(_week(other.valid_until) for name, other in facts.items() if name != fact.name)


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def renewed(text: str, fact: Fact, today: date, until: date) -> str:
    """facts.yml with this fact read today and believed until then: nothing else of the file is touched.

    Raises ``NoSource`` where no page is named.
    """
    if not has_page(fact):
        raise NoSource
    value = tree(text)
    body = value[fact.name]
    body["evidence"] = "seen"
    if "checked" in body:
        body["checked"] = today
    else:
        body.insert(list(body).index("evidence") + 1, "checked", today)
    body["valid_until"] = until
    return written(value)


class Rewritten(Struct, frozen=True):
    """What a fact is to say from now on, and where that was read. ``source_date``: the date that the page shows, empty for none.

    ``figures``: by name, those of its figures that are written anew; the others stay.
    """

    says: str
    source: str
    source_date: str
    volatile: bool
    figures: Mapping[str, int] = {}


def rewritten(text: str, name: str, new: Rewritten, today: date, until: date) -> str:
    """facts.yml in which this fact says that, read today. Who keeps it, its comments and all other facts stay.

    Raises FactError for a figure that is none, or that it does not say.
    """
    value = tree(text)
    body = value[name]
    body["says"], body["source"] = _quoted(new.says), _quoted(new.source)
    body["source_date"] = _quoted(new.source_date or NO_DATE)
    body["volatile"] = new.volatile
    for figure, number in new.figures.items():
        body["figures"][figure] = number
    return renewed(written(value), read_facts({name: body}, name)[name], today, until)


def with_figures(fact: Fact, new: Rewritten) -> tuple[Figure, ...]:
    """The figures of a fact as they are to be. A name that it has no figure of is passed over."""
    return tuple(replace(figure, value=new.figures.get(figure.name, figure.value)) for figure in fact.figures)


def unsaid(figures: Collection[Figure], says: str) -> tuple[str, ...]:
    """The names of those that are no number from 1 to the largest, or that the sentence does not hold with their unit."""
    fits = {figure.name for figure in figures if 1 <= figure.value <= LARGEST_FIGURE and typed_in(figure, says)}
    return tuple(figure.name for figure in figures if figure.name not in fits)


def _quoted(said: str) -> Any:
    # As all of them stand in the file, so that a colon or a hash within is no syntax.
    return DoubleQuotedScalarString(said)


def let_go(text: str, fact: Fact, day: date) -> str:
    """facts.yml in which this fact ran out on that day: the sentences that lean on it are left out from the next one on."""
    value = tree(text)
    value[fact.name]["valid_until"] = day
    return written(value)
