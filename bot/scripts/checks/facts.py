"""Dated truth: every fact named is there, none falls due unseen, and first answers in danger lean on nothing that changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bot.directory.organizations import is_field
from bot.engine.flow import DURABLE_FLOWS, Group
from bot.scripts.approval import fact_names
from bot.scripts.checks.fields import other_fields
from bot.scripts.fact import LARGEST_SHARE_LOST
from bot.scripts.finding import Finding, error, warning
from bot.scripts.release import Release
from bot.scripts.texts import FACTS_FILE, flow_file
from bot.scripts.ways import first_passages

MOST_DUE_IN_A_WEEK = 5

UNKNOWN_FACT = error(
    "unknown fact",
    "nobody would notice when the sentence is no longer true",
    "Write the fact into facts.yml, with its source, or correct the name",
)
UNUSED_FACT = warning(
    "fact that no flow names",
    "somebody will check it again and again for no answer at all",
    "Name it where a sentence leans on it, or take it out",
)
DUE_TOGETHER = error(
    "too many facts due in one week",
    "volunteers cannot read so many sources in a week, and answers lose sentences meanwhile",
    f"Spread them: no more than {MOST_DUE_IN_A_WEEK} in a week",
)
DUE_ON_ONE_DAY = error(
    "a third of the facts due on one day",
    "the bot takes that for a wrong clock and goes on saying all of them",
    "Spread the days on which they run out",
)
VOLATILE = error(
    "volatile fact in a first answer",
    "in danger a family acts at once on what it reads, and this rule may have changed last week",
    "Put its sentence under also with fact:, or accept it with the reason why the words stay true",
    by_judgement=True,
)
TAKEN_FIELD = error(
    "figure named like another field",
    "a family would read a number of days where a phone number belongs, or the other way round",
    "Give the figure another name in facts.yml",
)


def check_facts(release: Release) -> Iterator[Finding]:
    """The facts beside the flows that lean on them."""
    used: set[str] = set()
    for flow in release.script.flows.values():
        named = set(fact_names(flow))
        used |= named
        for name in sorted(named - set(release.facts)):
            problem = f"there is no fact {name!r} in facts.yml"
            yield UNKNOWN_FACT.broken(flow_file(flow), flow.name, problem, said=name)
    for name in sorted(set(release.facts) - used):
        yield UNUSED_FACT.broken(FACTS_FILE, name, "no flow leans on it", said=name)
    yield from _due(release)
    yield from _volatile(release)
    yield from _taken(release)


def _taken(release: Release) -> Iterator[Finding]:
    others = other_fields(release)
    for figure in (figure for fact in release.facts.values() for figure in fact.figures):
        if figure.field in others or is_field(figure.field):
            problem = f"${figure.field} is another field already"
            yield TAKEN_FIELD.broken(FACTS_FILE, figure.fact, problem, said=f"${figure.field}")


def _due(release: Release) -> Iterator[Finding]:
    weeks = Counter(fact.valid_until.isocalendar()[:2] for fact in release.facts.values())
    for (year, week), count in sorted(weeks.items()):
        if count > MOST_DUE_IN_A_WEEK:
            yield DUE_TOGETHER.broken(
                FACTS_FILE, f"{year}-W{week:02}", f"{count} facts fall due in week {week} of {year}"
            )
    days = Counter(fact.valid_until for fact in release.facts.values())
    for day, count in sorted(days.items()):
        if count > max(1, len(release.facts) * LARGEST_SHARE_LOST):
            yield DUE_ON_ONE_DAY.broken(FACTS_FILE, day.isoformat(), f"{count} of {len(release.facts)} facts fall due")


def _volatile(release: Release) -> Iterator[Finding]:
    """``facts`` of a flow are those that every ``say`` leans on: the first answer too, unless somebody judged its words."""
    for flow in release.script.flows.values():
        if flow.group is not Group.URGENT and flow.name not in DURABLE_FLOWS:
            continue
        if not any(step.say for passage in first_passages(release.script, flow) for _, step in passage.said):
            continue
        for name in flow.facts:
            if name in release.facts and release.facts[name].volatile:
                problem = f"the fact {name!r} is volatile and say leans on it"
                yield VOLATILE.broken(flow_file(flow), flow.name, problem, said=name)
