"""A flow as somebody reads it on paper: a first message, what comes back, and each further step of the flow once. Pure.

The pages of docs/transcripts, for a lawyer and for a speaker: one for each flow and language, as SMS with its segments, with
what WhatsApp has beside it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from msgspec import Struct

from bot.engine.flow import Flow, Sentence
from bot.engine.parse import BACK, PERSON
from bot.engine.place import to_token
from bot.engine.walk import HUMAN, NOTICES
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.errors import ScriptsError
from bot.scripts.first_messages import BY_ENGINE, OTHER_COUNTRIES, PLACES, WORDS, begun
from bot.scripts.release import Release
from bot.scripts.walker import ANYTHING, BAD_DAY, DESK, Exchange, Walker, listener
from bot.session import Session, Spot, Writer
from bot.settings import Settings
from bot.wording.gsm7 import fold_for_sms

# For each flow a first message in each language: flows/first_words.yml.
FirstWords = Mapping[str, Mapping[str, str]]
FOLDER = "docs/transcripts"
# Within so many messages every flow is reached.
LONGEST_OPENING = 3
_NAMES = {Language.ES: "Spanish", Language.EN: "English", Language.QUC: "K'iche'"}
_MARKUP = "\\`*_<>#[]"


class TranscriptError(ScriptsError):
    """A flow that no transcript can be made of: what to write, and where."""


class _Page(Struct, frozen=True):
    """A page while it is written: the flow on both channels, and the replies that stand on it already."""

    flow: Flow
    sms: Walker
    whatsapp: Walker
    shown: set[object] = set()
    said: set[Spot] = set()

    def own_step(self, exchange: Exchange) -> str | None:
        """The step of this flow that a reply ends with; None where it is all another flow's."""
        spots = [spot for spot in (exchange.after.at, *reversed(exchange.reply.said)) if spot]
        return next((spot.step for spot in spots if spot.flow == self.flow.name), None)


def transcripts(release: Release, settings: Settings, words: FirstWords) -> Iterator[tuple[str, str]]:
    """Every page: its path in the repository, and its Markdown."""
    listen = listener(release)
    for language in Language:
        sms, whatsapp = (Walker(release, settings, language, channel, listen) for channel in Channel)
        for flow in release.script.flows.values():
            lines = _notices(sms) if flow.name == NOTICES else _talk(_Page(flow, sms, whatsapp), words)
            text = "\n\n".join((*_head(flow, language), *lines))
            yield f"{FOLDER}/{language}/{flow.name}.md", f"{text}\n"


def _head(flow: Flow, language: Language) -> Iterator[str]:
    yield f"# {flow.name}: {flow.title.english} ({_NAMES[language]})"
    yield (
        f"`flows/{flow.group}/{flow.name}.yml` as SMS. WhatsApp has the accents, and always the lines for 0, 9 and SHARE. "
        "(?) marks a number that nobody has confirmed."
    )


def opening(walker: Walker, flow: str, words: FirstWords) -> list[Exchange]:
    """The shortest talk that reaches a flow: its own first message, or that of another flow and then numbers.

    ``TranscriptError`` for a flow that nothing leads to, and for a first message that leads elsewhere.
    """
    own = _first(walker, flow, words)
    if own is not None:
        silent = not any(step.say for step in walker.release.script.flows[flow].steps.values())
        if silent or _speaks(own, flow):
            return [own]
        raise TranscriptError(f"flows/first_words.yml, {flow}, {walker.language}: this is answered by another flow")
    starts = (first for name in words if name not in BY_ENGINE and (first := _first(walker, name, words)))
    waiting = deque([first] for first in starts)
    while waiting:
        way = waiting.popleft()
        if _speaks(way[-1], flow):
            return way
        if len(way) < LONGEST_OPENING:
            waiting += [[*way, walker.say(way[-1].after, number)] for number in _numbers(walker, way[-1])]
    raise TranscriptError(f"flows/first_words.yml: nothing leads to {flow}. Write a first message, or lead to it")


def _first(walker: Walker, flow: str, words: FirstWords) -> Exchange | None:
    text = words.get(flow, {}).get(walker.language)
    if flow not in walker.release.script.flows or (text is None and flow not in BY_ENGINE):
        return None
    return begun(walker, flow, text or ANYTHING)


def _speaks(exchange: Exchange, flow: str) -> bool:
    return any(spot.flow == flow for spot in (*exchange.reply.said, exchange.after.at) if spot)


def _numbers(walker: Walker, exchange: Exchange) -> list[str]:
    """The numbers of the menu that stands there."""
    at = exchange.after.at
    step = walker.release.script.step(at.flow, at.step) if at else None
    return [str(choice.digit) for choice in step.choices] if step else []


def _talk(page: _Page, words: FirstWords) -> Iterator[str]:
    """The first message, then each further step of the flow once, in the order in which people come to it."""
    way = opening(page.sms, page.flow.name, words)
    sent = [_plain(way[0].sent or "(a voice note)"), *(exchange.sent for exchange in way[1:])]
    yield f"**{' > '.join(sent)}**"
    yield from _replied(page, way[-1])
    _note(page, way[-1])
    yield from _further(page, way[-1], "")
    for name, session in _elsewhere_known(page.sms):
        again = begun(page.sms, page.flow.name, way[0].sent, session)
        if again and _is_new(page, again):
            yield f"**{sent[0]}** (from {name}), `{page.own_step(again)}`"
            yield from _replied(page, again)
            yield from _further(page, again, name)
    if page.flow.name == HUMAN:
        yield from _with_desk(page, sent[0])
    for step in page.flow.steps.values():
        if step.say and Spot(page.flow.name, step.name) not in page.said:
            yield f"`{step.name}`, which no way above leads to"
            yield _quoted(fold_for_sms(page.sms.sentence(step.say) or step.say.english), "*alone*")
    for step in page.flow.steps.values():
        if step.child:
            yield f"`{step.name}` to a child who writes:"
            yield _quoted(fold_for_sms(page.sms.sentence(step.child) or step.child.english), "*alone*")
    if page.flow.minimum:
        yield "In production, while no lawyer has approved this flow:"
        yield _quoted(fold_for_sms(page.sms.sentence(page.flow.minimum)), "*and the menu of the step*")


def _with_desk(page: _Page, text: str) -> Iterator[str]:
    """The same flow where somebody answers at the desk: to an adult, to a child, and on a bad day."""
    child = replace(page.sms.known(), writer=Writer.CHILD)
    ways = (
        ("with a desk", DESK, page.sms.known()),
        ("a child, with a desk", DESK, child),
        ("on a bad day", BAD_DAY, page.sms.known()),
    )
    for name, board, session in ways:
        here = replace(page, sms=page.sms.with_board(board), whatsapp=page.whatsapp.with_board(board))
        exchange = begun(here.sms, page.flow.name, text, session)
        if exchange and _is_new(here, exchange):
            yield f"**{text}** ({name}), `{here.own_step(exchange)}`"
            yield from _replied(here, exchange)
            yield from _further(here, exchange, name)


def _further(page: _Page, first: Exchange, path: str) -> Iterator[str]:
    """The steps of the flow behind a reply that stand on the page nowhere yet."""
    waiting = deque([(first, path)])
    while waiting:
        before, path = waiting.popleft()
        for text in _answers(page, before):
            exchange = page.sms.say(before.after, text)
            if _is_new(page, exchange):
                here = f"{path} > {text}" if path else text
                yield f"**{here}**, `{page.own_step(exchange) or 'the end'}`"
                yield from _replied(page, exchange)
                waiting.append((exchange, here))


def _is_new(page: _Page, exchange: Exchange) -> bool:
    """Whether a reply is of this flow and stands on the page nowhere yet; from now on it does."""
    if _elsewhere(page, exchange) is not None or _key(exchange) in page.shown:
        return False
    _note(page, exchange)
    return True


def _note(page: _Page, exchange: Exchange) -> None:
    page.shown.add(_key(exchange))
    page.said.update(exchange.reply.said)


def _elsewhere_known(walker: Walker) -> Iterator[tuple[str, Session]]:
    """Somebody whose place is known before she asks."""
    for text in (*PLACES, *OTHER_COUNTRIES):
        if found := walker.release.places.find(text).found:
            yield text, walker.known(to_token(found))


def _answers(page: _Page, before: Exchange) -> tuple[str, ...]:
    """What can be answered to a step of this flow; nothing where the person is elsewhere by now."""
    at = before.after.at
    if at is None or at.flow != page.flow.name:
        return ()
    step = page.flow.steps[at.step]
    numbers = ("1", "2") if step.yes_no or step.helped else tuple(_numbers(page.sms, before))
    return (*numbers, *PLACES, *OTHER_COUNTRIES) if step.ask == "place" or step.on_place else numbers


def _key(exchange: Exchange) -> object:
    """A reply that a reader need not see twice: the same step, with organizations or without."""
    said = tuple(spot for spot in exchange.reply.said if spot.flow != NOTICES)
    return exchange.after.at, said, exchange.reply.listed


def _replied(page: _Page, exchange: Exchange) -> Iterator[str]:
    """What came back, what WhatsApp has beside it, and where each number leads."""
    count = exchange.reply.segments
    yield _quoted(exchange.reply.text, f"*{count} SMS*" if count else "*no answer is sent*")
    folded = set(exchange.reply.text.splitlines())
    lines = page.whatsapp.retold(exchange).text.splitlines()
    always = (f"{PERSON} ", f"{BACK} ", page.whatsapp.sentence(page.whatsapp.notice("share_hint")))
    more = [line for line in lines if fold_for_sms(line) not in folded and not line.startswith(always)]
    if folded - {fold_for_sms(line) for line in lines}:
        yield _quoted("\n".join(lines), "*WhatsApp*")
    elif more:
        yield f"*WhatsApp also: {_plain('; '.join(more))}*"
    if leads := [
        _led(page, exchange, number) for number in _answers(page, exchange) if number.isdigit() and len(number) == 1
    ]:
        yield f"*{', '.join(leads)}*"
    at = exchange.after.at
    if at is not None and at.flow != page.flow.name:
        yield f"*goes on in [{at.flow}]({at.flow}.md)*"


def _led(page: _Page, before: Exchange, number: str) -> str:
    """Where a number leads: a step of this page, another page, or nowhere further."""
    exchange = page.sms.say(before.after, number)
    flow = _elsewhere(page, exchange)
    return f"{number} [{flow}]({flow}.md)" if flow else f"{number} `{page.own_step(exchange) or 'the end'}`"


def _elsewhere(page: _Page, exchange: Exchange) -> str | None:
    """The other flow that a reply is of; None where it is this one's, or only the engine's own words."""
    if page.own_step(exchange) is not None:
        return None
    spots = (*exchange.reply.said, exchange.after.at)
    return next((spot.flow for spot in spots if spot and spot.flow != NOTICES), None)


def _quoted(text: str, end: str) -> str:
    lines = [f"> {_plain(line)}\\" for line in text.splitlines()]
    return "\n".join((*lines, f"> {end}"))


def _plain(text: str) -> str:
    """As Markdown shows it unchanged."""
    kept = "".join(f"\\{char}" if char in _MARKUP else char for char in text)
    return f"\\{kept}" if kept.startswith("- ") else kept


def _notices(walker: Walker) -> Iterator[str]:
    """The words that need no flow, then every sentence of the engine's own as it is written, with its fields."""
    for word in WORDS:
        exchange = walker.say(walker.known(), word)
        yield f"**{word}**"
        yield _quoted(exchange.reply.text, f"*{exchange.reply.segments} SMS*")
    yield "Every sentence:"
    steps = walker.release.script.flows[NOTICES].steps.values()
    yield "\n".join(_written(walker, sentence) for step in steps for sentence in step.sentences)


def _written(walker: Walker, sentence: Sentence) -> str:
    """A sentence as its catalog has it; in K'iche' with the Spanish that goes beside it."""
    languages = (Language.QUC, Language.ES) if walker.language is Language.QUC else (walker.language,)
    entries = (walker.release.catalogs[language].entry(sentence.key) for language in languages)
    texts = [entry.text for entry in entries if entry and entry.text] or [sentence.english]
    return f"- `{sentence.key.removeprefix(f'{NOTICES}.')}` {_plain(' / '.join(texts))}"
