"""What there is to do: facts that run out, organizations to call, texts that others left behind, phrases, reviews. From the stores."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.console.access import person, viewer
from bot.console.desk import desk
from bot.console.facts import all_facts, flow_title
from bot.console.languages import LANGUAGES
from bot.console.words import page_language, words
from bot.directory.freshness import Freshness
from bot.directory.hotline import Hotline
from bot.engine.flow import DURABLE_FLOWS, Group
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Stage
from bot.scripts.change_answer import ORDER
from bot.scripts.fact_renewal import LATER
from bot.scripts.tasks import Kind, Open, Task, Worker
from bot.store.directory_seen import EntrySeen
from bot.wording.fill import placeholders
from bot.wording.state import State

_FIRST_OF_ALL, _FIRST = -10_000, -1_000
_MOST_PHRASES = 10
_MOST_FLOWS = 100


class Shown(Struct, frozen=True):
    """A task in words: ``title`` asks, ``about`` says of what, in ``lang`` where it is not that of the page."""

    open: Open
    title: str
    about: str
    lang: str = ""

    @property
    def task(self) -> Task:
        """The task itself."""
        return self.open.task


def worker() -> Worker:
    """Whoever looks. Who has said no languages works in that of her pages."""
    mine = person()
    languages = frozenset(mine.works_in) or frozenset({Language(mine.language)})
    return Worker(viewer().has(Role.PUBLISHER), languages, mine.state)


def found(who: Worker) -> dict[Task, Shown]:
    """Everything that there is to do for somebody like her, by task."""
    parts = (_facts(), _calls(), _lines(), _texts(who), _phrases(who), _reviews())
    return {each.task: each for part in parts for each in part}


def _facts() -> Iterator[Shown]:
    changed, waiting, me = desk().facts.changed(viewer()), desk().facts.waiting(viewer()), viewer()
    for each in all_facts():
        name = each.fact.name
        waits = waiting.get(name)
        if waits and waits.by == me.user and not me.has(Role.PUBLISHER):
            continue
        if name not in changed and waits is None and each.days > LATER.days:
            continue
        weight = each.days + (_FIRST_OF_ALL if name in changed else 0) + (_FIRST if waits else 0)
        urgent = any(is_urgent(flow) for flow in each.flows)
        opened = Open(Task(Kind.FACT, name), urgent, weight=weight, publishers=name in changed)
        title = words("tasks.fact", "Is this still true?")
        if name in changed:
            title = words("tasks.fact-changed", "Somebody says that this changed")
        yield Shown(opened, title, each.fact.says, "en")


def _calls() -> Iterator[Shown]:
    directory, today = desk().directory, desk().directory.today()
    flagged = directory.flagged(viewer())
    for each in directory.seen(viewer()).entries.values():
        listed, flags = each.listed, flagged.get(each.code, 0)
        if not listed.numbers or not listed.has_a_door or listed.status != "active":
            continue
        if not flags and listed.freshness(today) is Freshness.FRESH:
            continue
        state = f"{listed.country}-{listed.state}" if listed.state else ""
        opened = Open(Task(Kind.CALL, each.code), bool(flags), state=state, weight=-flags)
        yield Shown(opened, words("tasks.call", "Call them: is it still right?"), place_of(each))


def _lines() -> Iterator[Shown]:
    """Numbers and sites of hotlines that nobody has called for a while. Emergency numbers are none: nobody tries those."""
    doubted, leans = desk().lines.doubted(viewer()), flows_by_line()
    known = desk().lines.lines(viewer())
    own = desk().lines.wrote(viewer())
    for line in dict.fromkeys([*desk().lines.due(viewer()), *(known[id] for id in doubted)]):
        if line.id in own:
            continue  # Somebody else calls a number that she wrote.
        said, named = line.id in doubted, leans.get(line.id, ())
        # Nearly every answer for people in danger names some: that alone must not push every other call aside.
        opened = Open(
            Task(Kind.LINE, line.id),
            urgent=said,
            state=f"{line.country}-{line.state}" if line.state else "",
            publishers=said,
            weight=-len(named) - _MOST_FLOWS * sum(map(is_urgent, named)),
        )
        title = words("tasks.line", "Is this number still right?")
        if line.kind == "site":
            title = words("tasks.line-site", "Is this page still right?")
        if said:
            title = words("tasks.line-doubted", "Somebody says that this number is not right")
        yield Shown(opened, title, f"{line.text}: {line_purpose(line)}")


def line_purpose(line: Hotline) -> str:
    """What it is for, in the language of the page."""
    return line.purpose_es if page_language() == Language.ES.value else line.purpose_en


def flows_by_line() -> dict[str, tuple[str, ...]]:
    """By line, the answers that name it."""
    found: dict[str, dict[str, None]] = {}
    for flow in desk().puente.conversation.release().script.flows.values():
        for sentence in flow.sentences:
            for name in placeholders(sentence.english):
                found.setdefault(name, {})[flow.name] = None
    return {name: tuple(flows) for name, flows in found.items()}


def place_of(entry: EntrySeen) -> str:
    """Its name and town."""
    return ", ".join(filter(None, (entry.listed.name, entry.listed.city, entry.listed.state)))


def _texts(who: Worker) -> Iterator[Shown]:
    """Texts left behind by another language: in open drafts, then in what is published."""
    seen: set[str] = set()
    for opened in desk().changes.all():
        seen.add(opened.flow)
        if opened.stage is not Stage.DRAFT or opened.draft.archived:
            continue
        for line in desk().changes.answer(opened.flow).lines:
            for language in ORDER:
                if line.said[language].stale and language in who.works_in:
                    yield _text(line.key, language)
    release = desk().puente.conversation.release()
    for language in ORDER:
        for key, entry in release.catalogs[language].entries.items() if language in who.works_in else ():
            flow = key.partition(".")[0]
            if entry.text and entry.state is State.STALE and flow not in seen and flow in release.script.flows:
                yield _text(key, language)


def _text(key: str, language: Language) -> Shown:
    flow = key.partition(".")[0]
    opened = Open(Task(Kind.TEXT, f"{language.value}:{key}"), is_urgent(flow), language=language)
    title = words(
        "tasks.text", "Another language changed: is the %(language)s still right?", language=LANGUAGES[language]
    )
    return Shown(opened, title, flow_title(flow))


def _phrases(who: Worker) -> Iterator[Shown]:
    for language in ORDER:
        waiting = desk().phrases.waiting(viewer(), language.value) if language in who.works_in else ()
        for n, each in enumerate(waiting[:_MOST_PHRASES]):
            urgent = is_urgent(each.heard) or is_urgent(each.topic)
            opened = Open(Task(Kind.PHRASE, each.id), urgent, language=language, weight=n)
            title = words("tasks.phrase", "A family's words were not understood")
            yield Shown(opened, title, each.text, each.language)


def _reviews() -> Iterator[Shown]:
    for n, opened in enumerate(desk().changes.all()):
        if opened.stage is Stage.REVIEW and not opened.wrote(viewer().user):
            task = Open(Task(Kind.REVIEW, opened.flow), is_urgent(opened.flow), publishers=True, weight=n)
            yield Shown(
                task, words("tasks.review", "An answer waits to be read and published"), flow_title(opened.flow)
            )


def is_urgent(flow: str) -> bool:
    """Whether people in danger ask for it."""
    flows = desk().puente.conversation.release().script.flows
    return flow in DURABLE_FLOWS or (flow in flows and flows[flow].group is Group.URGENT)
