"""What the page of an answer shows: each text in three languages, its state, what is wrong with it, what sending it costs. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from bot.console.editor_difference import Run
from bot.console.finding_words import Told
from bot.console.preview_phone import Phone
from bot.language import Language
from bot.wording.gsm7 import most_characters
from bot.wording.reading import Level
from bot.wording.state import State

ORDER = (Language.ES, Language.EN, Language.QUC)
"""In which the languages stand on every page, and in the source of every page."""


class Text(Struct, frozen=True):
    """A text as it stands in what is being changed. ``version`` tells what a form was written over, ``former`` is how it goes out now.

    ``by`` and ``at``: who saved it last and when (unix seconds), where that is known. Of a stale text ``since`` is the language
    that changed, ``overtaken`` that it means something else now. ``asks``: nobody has said yet whether its own meaning changed.
    ``theirs``: what somebody else published in its place meanwhile.
    """

    text: str
    state: State
    version: int = 0
    former: str = ""
    by: str = ""
    at: int | None = None
    since: Language | None = None
    overtaken: bool = False
    asks: bool = False
    theirs: str = ""


Texts = Mapping[tuple[str, Language], Text]


class Typed(Struct, frozen=True):
    """What a form brought for one text: the words, of which version, and whether the meaning changed (None: not said)."""

    key: str
    language: Language
    text: str
    version: int
    meaning: bool | None = None
    still_right: bool = False


class Cell(Struct, frozen=True):
    """One text in one language. ``text`` is what stands in the field, ``saved`` what is saved.

    ``asks``: whether the meaning changed is to be answered; ``may_ask``: it may have to be, once somebody types here. ``before``:
    what became of the language that this text has to follow. ``hard``: a sentence that is hard to read; ``level``: how much
    school the text asks for.
    """

    key: str
    language: Language
    saved: Text
    text: str
    meaning: bool | None = None
    still_right: bool = False
    asks: bool = False
    error: str = ""
    checks: tuple[Told, ...] = ()
    hard: str = ""
    level: Level | None = None
    may_ask: bool = False
    before: tuple[Run, ...] = ()

    @property
    def told(self) -> str:
        """The name of the words for its state: of a stale one with the language that changed."""
        return f"stale-{self.saved.since}" if self.mark == "stale" and self.saved.since else self.mark

    @property
    def name(self) -> str:
        """Of the field: a text typed over an older version is never taken for one over this version."""
        return f"text|{self.language}|{self.saved.version}|{self.key}"

    @property
    def id(self) -> str:
        """Of the elements that belong to it."""
        return f"{self.language}-{self.key.replace('.', '-')}"

    @property
    def mark(self) -> str:
        """Its state in one word, for words and sign: missing, no-kiche, stale, draft or reviewed."""
        if self.saved.text.strip():
            return str(self.saved.state)
        # Much of it will long be missing: the Spanish goes out, and nobody here may invent it.
        return "no-kiche" if self.language is Language.QUC else "missing"

    @property
    def dirty(self) -> bool:
        """Whether what stands in the field is not saved."""
        return self.text != self.saved.text


class Row(Struct, frozen=True):
    """One text of the answer in all languages, with where it stands."""

    key: str
    where: str
    short: bool
    cells: tuple[Cell, ...]
    fact: str = ""


class Cost(Struct, frozen=True):
    """What the whole answer of a step costs by SMS in one language: parts, US dollars, the letters that make it longer."""

    language: Language
    count: int
    dollars: float
    used: int
    room: int
    limit: int
    letters: tuple[str, ...]
    plain: bool

    @property
    def allowed(self) -> int:
        """How many characters it may have."""
        return most_characters(self.limit) if self.room == most_characters(max(self.count, 1)) else 67 * self.limit


class StepView(Struct, frozen=True):
    """One step: its texts, what they cost, how the phone shows it. ``id`` is what the address calls it."""

    id: str
    title: str
    rows: tuple[Row, ...]
    open: bool = False
    costs: tuple[Cost, ...] = ()
    phone: Phone | None = None
    checks: tuple[Told, ...] = ()

    @property
    def attention(self) -> Mapping[str, int]:
        """How many texts are missing, stale or without K'iche': what is told of a step that is shut."""
        marks = Counter(cell.mark for row in self.rows for cell in row.cells)
        return {"missing": marks["missing"], "stale": marks["stale"], "no_kiche": marks["no-kiche"]}
