"""Puts the page of an answer together: texts, states, checks and costs of each step, and the phone of those that stand open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from bot.console.editor_checks import Rules, findings_of, hard_to_read, with_texts
from bot.console.editor_difference import Run, difference
from bot.console.editor_read import Reading
from bot.console.editor_steps import Placed, StepTexts, Teller
from bot.console.editor_view import ORDER, Cell, Cost, Row, StepView, Text, Typed
from bot.console.finding_words import told
from bot.console.preview_phone import Phone, Samples, phone
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.change import Place
from bot.scripts.checks.fields import UNKNOWN_FIELD
from bot.scripts.checks.translations import FIELDS_DIFFER, STALE
from bot.scripts.finding import Finding
from bot.scripts.release import Release
from bot.scripts.rewriting import may_ask_meaning
from bot.wording.gsm7 import Encoding, encoding, fold_for_sms, most_characters
from bot.wording.reading import level
from bot.wording.state import State

Look = tuple[Language, Channel]
FIRST_LOOK: Look = (Language.ES, Channel.SMS)
# Room of messages that hold a letter from outside the alphabet of SMS: alone, and in each of several parts.
_ROOM_UCS2 = (70, 67)


class Desk(Struct, frozen=True):
    """What the pages are made with: who says where texts stand, what they are measured by, what fills their fields, the price."""

    teller: Teller
    rules: Rules
    samples: Samples
    price: float


class Form(Struct, frozen=True):
    """What was typed and is not saved, by key and language, and what is wrong with it."""

    typed: Mapping[tuple[str, Language], Typed]
    errors: Mapping[tuple[str, Language], str]

    @property
    def texts(self) -> dict[tuple[str, Language], str]:
        """The words alone."""
        return {place: each.text for place, each in self.typed.items()}


NOTHING = Form({}, {})


def steps(reading: Reading, desk: Desk, open: Iterable[str], look: Look, form: Form = NOTHING) -> tuple[StepView, ...]:
    """All steps; those of ``open`` with what they cost and their phone. Without a name the first is open."""
    parts = desk.teller.steps(reading.flow)
    wanted = set(open) & {each.name for each in parts} or {parts[0].name}
    release = with_texts(reading.release, reading.flow, form.texts) if form.typed else reading.release
    found = findings_of(release, reading.flow, desk.rules)
    return tuple(
        _step(reading, release, each, desk, found, form, look if each.name in wanted else None) for each in parts
    )


def step(reading: Reading, desk: Desk, name: str, look: Look, form: Form) -> StepView | None:
    """One step as it would be with what is typed; None where there is none of this name."""
    part = next((each for each in desk.teller.steps(reading.flow) if each.name == name), None)
    if part is None:
        return None
    release = with_texts(reading.release, reading.flow, form.texts)
    found = findings_of(release, reading.flow, desk.rules, name)
    return _step(reading, release, part, desk, found, form, look)


def _step(
    reading: Reading,
    release: Release,
    part: StepTexts,
    desk: Desk,
    found: Sequence[Finding],
    form: Form,
    look: Look | None,
) -> StepView:
    rows = tuple(_row(reading, each, found, form) for each in part.texts)
    if look is None:
        return StepView(part.name, part.title, rows)
    by_sms = {
        language: phone(release, reading.flow, part.step, (language, Channel.SMS), desk.samples) for language in ORDER
    }
    shown = by_sms[look[0]] if look[1] is Channel.SMS else phone(release, reading.flow, part.step, look, desk.samples)
    costs = tuple(cost(by_sms[language], rows, desk.price) for language in ORDER)
    return StepView(part.name, part.title, rows, True, costs, shown)


def _row(reading: Reading, placed: Placed, found: Sequence[Finding], form: Form) -> Row:
    cells = [_cell(reading, placed, language, found, form) for language in ORDER]
    return Row(placed.key, placed.where, placed.short, tuple(cells), placed.fact)


def _cell(reading: Reading, placed: Placed, language: Language, found: Sequence[Finding], form: Form) -> Cell:
    place = (placed.key, language)
    saved, typed = reading.texts[place], form.typed.get(place)
    text = saved.text if typed is None else typed.text
    error = form.errors.get(place, "")
    asks = saved.asks or bool(typed and typed.meaning is not None)
    if typed is not None and typed.version != saved.version and text != saved.text:
        # It was begun over an older version: it must not be taken for one over this.
        saved = replace(saved, version=typed.version)
    entry = reading.release.catalogs[language].entry(placed.key)
    return Cell(
        placed.key,
        language,
        saved,
        text,
        typed.meaning if typed else None,
        typed.still_right if typed else False,
        asks,
        error,
        tuple(dict.fromkeys(map(told, _beside(found, place)))),
        hard_to_read(text, language),
        # A name or a choice is a few words: they have no level.
        level=None if placed.short else level(text, language),
        may_ask=may_ask_meaning(language, saved.former, entry),
        before=_before(reading, placed.key, saved),
    )


def _beside(found: Sequence[Finding], place: Place) -> Iterator[Finding]:
    """What is told beside a text. That it is stale stands above it already; what is no field differs from every field."""
    mine = [each for each in found if (each.where, each.language) == place]
    unknown = {each.said for each in mine if each.rule is UNKNOWN_FIELD}
    for each in mine:
        if each.rule is not STALE and not (each.rule is FIELDS_DIFFER and each.said in unknown):
            yield each


def _before(reading: Reading, key: str, saved: Text) -> tuple[Run, ...]:
    """What the draft does to the language that this text has to follow."""
    if saved.state is not State.STALE or saved.since is None:
        return ()
    other = reading.texts[key, saved.since]
    return difference(other.former, other.text) if other.former != other.text else ()


def cost(shown: Phone, rows: Sequence[Row], price: float) -> Cost:
    """What the dearest answer of a step costs in one language. ``price``: US dollars for a part of an SMS."""
    dearest = shown.dearest
    texts = [cell.text for row in rows for cell in row.cells if cell.language is shown.language]
    plain = any(fold_for_sms(text) != text for text in texts)
    if dearest is None:
        return Cost(shown.language, 0, 0.0, 0, 0, 0, (), plain)
    count = len(dearest.parts)
    return Cost(
        shown.language,
        count,
        count * price,
        len(dearest.text),
        _room(dearest.text, count),
        dearest.limit,
        dearest.letters,
        plain,
    )


def _room(sent: str, count: int) -> int:
    if encoding(sent) is Encoding.GSM7:
        return most_characters(max(count, 1))
    return _ROOM_UCS2[0] if count <= 1 else _ROOM_UCS2[1] * count
