"""One answer for several: who may get it, and what each would read. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from bot.console.canned import Canned
from bot.console.inbox_view import LANGUAGES
from bot.console.numbers import number
from bot.escalation.escalation import Escalated

MOST_AT_ONCE = 30


class Chosen(Struct, frozen=True):
    """Who was picked. ``seen``: of each id the newest message of the family that stood on the page."""

    seen: Mapping[str, int]
    answer: str
    confirmed: bool = False


def chosen(form: Mapping[str, str], picked: Sequence[str]) -> Chosen:
    """What the form says. One whose message did not stand there was not seen, and is left out."""
    numbers = {id: number(form.get(f"seen-{id}")) for id in picked}
    seen = {id: newest for id, newest in numbers.items() if newest is not None}
    return Chosen(seen, form.get("answer", "")[:100], form.get("confirmed") == "yes")


@dataclass(frozen=True, slots=True)
class SameText:
    """Everybody who reads the same words: ``language`` by its own name, ``lang`` its code. ``draft``: K'iche' that no speaker has read."""

    text: str = field(repr=False)
    language: str
    lang: str
    draft: bool
    minimum: bool
    ids: tuple[str, ...]
    aliases: tuple[str, ...]


def by_text(all: Iterable[Escalated], answer: Callable[[Escalated], Canned | None]) -> tuple[SameText, ...]:
    """Who reads what. Words differ by language, channel and place; who has no words of this answer is left out."""
    found: dict[Canned, list[Escalated]] = {}
    for each in all:
        said = answer(each)
        if said is not None and said.text.strip():
            found.setdefault(said, []).append(each)
    return tuple(
        SameText(
            said.text,
            LANGUAGES.get(said.language.value, said.language.value),
            said.language.value,
            said.draft,
            said.minimum,
            tuple(each.id for each in members),
            tuple(each.alias for each in members),
        )
        for said, members in found.items()
    )
