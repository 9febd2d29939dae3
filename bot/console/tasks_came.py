"""What came of the tasks that somebody did today, in sentences: of answers and of families, never a measure of her."""

from __future__ import annotations

from collections.abc import Iterable

from bot.console.desk import desk
from bot.console.facts import all_facts, flow_title
from bot.console.tasks_found import flows_by_line
from bot.console.words import words
from bot.scripts.tasks import Kind, Task
from bot.store.counts import SMALL
from bot.store.topic_reads import WEEKS, reads

_MOST_ANSWERS = 3


def came_of(did: tuple[Task, ...]) -> list[str]:
    """How often what she looked after was read, never a small number; then what her calls and sentences are for."""
    flows = _flows(did)
    counted = reads(desk().engine, desk().clock()) if flows else {}
    ordered = sorted(flows, key=lambda flow: -counted.get(flow, 0))[:_MOST_ANSWERS]
    said = [_read(flow, counted.get(flow, 0)) for flow in ordered]
    calls = sum(task.kind is Kind.CALL for task in did)
    if calls == 1:
        said.append(words("tasks.came-call.one", "What you heard there, families get from now on."))
    elif calls:
        said.append(words("tasks.came-call.more", "What you heard at %(n)s places, families get from now on.", n=calls))
    if any(task.kind is Kind.PHRASE for task in did):
        said.append(
            words("tasks.came-phrase", "What may be used of the sentences, the bot learns at its next training.")
        )
    return said


def _flows(did: Iterable[Task]) -> list[str]:
    """The answers that lean on what she looked after, each once."""
    facts, lines = {each.fact.name: each.flows for each in all_facts()}, flows_by_line()
    flows: dict[str, None] = {}
    for task in did:
        if task.kind is Kind.FACT:
            flows |= dict.fromkeys(facts.get(task.subject, ()))
        elif task.kind is Kind.LINE:
            flows |= dict.fromkeys(lines.get(task.subject, ()))
        elif task.kind is Kind.TEXT:
            flows[task.subject.partition(":")[2].partition(".")[0]] = None
        elif task.kind is Kind.REVIEW:
            flows[task.subject] = None
    return list(flows)


def _read(flow: str, n: int) -> str:
    values = {"title": flow_title(flow), "weeks": WEEKS}
    if n < SMALL:
        return words(
            "tasks.read-few",
            "The answer “%(title)s” was read fewer than %(n)s times in the last %(weeks)s weeks.",
            n=SMALL,
            **values,
        )
    return words(
        "tasks.read", "The answer “%(title)s” was read %(n)s times in the last %(weeks)s weeks.", n=n, **values
    )
