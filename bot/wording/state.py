"""How far a text can be trusted: draft, reviewed or stale. Its translator comments say so.

All PO tools keep those:

    # reviewed 2026-11-23 by NAME against en:1a2b3c es:4d5e6f     somebody has read it, in these words
    # meaning changed                                             what it translates says something else now
    # cites: [row; row]                                           glossary rows that a K'iche' draft leans on
    # guess: [word word]                                          words of it that nobody has found attested

Some tools fold comments, at 76 columns or so. Lists are written in lines shorter than that; brackets and hashes show
where a mark ends, so that it is read again from several lines. People may write a list without brackets, in one line.

No review = draft. A hash that no longer fits = stale, which is written as ``fuzzy`` too.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from bot.language import Language
from bot.wording.errors import BrokenMark


class State(StrEnum):
    """DRAFT: nobody has approved it. REVIEWED: a speaker has, as it stands. STALE: words changed since."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    STALE = "stale"


# Which texts a review of each language fixes. A K'iche' text is checked against the Spanish, and is itself
# fixed too: otherwise it could be rewritten under its approval.
REVIEWED_AGAINST: Mapping[Language, tuple[Language, ...]] = {
    Language.EN: (Language.EN,),
    Language.ES: (Language.EN, Language.ES),
    Language.QUC: (Language.EN, Language.ES, Language.QUC),
}


class Review(Struct, frozen=True):
    """Who read a text, on which day, and the hashes of the texts as they were then."""

    day: date
    by: str
    against: tuple[tuple[Language, str], ...]


class Marks(Struct, frozen=True):
    """What the comment lines of one text say. ``notes`` are the translators' own lines, kept as they are."""

    review: Review | None = None
    meaning_changed: bool = False
    citations: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Judged(Protocol):
    """What of an entry decides its state."""

    @property
    def text(self) -> str: ...
    @property
    def state(self) -> State: ...
    @property
    def review(self) -> Review | None: ...


_MEANING_CHANGED = "meaning changed"
_COLUMNS = 72
_MARKS = ("reviewed ", _MEANING_CHANGED, "cites:", "guess:")
_HASHES = r"[a-z]+:[0-9a-f]{6}(?: [a-z]+:[0-9a-f]{6})*"
_REVIEW = re.compile(rf"reviewed (\d{{4}}-\d\d-\d\d) by (\S.*) against ({_HASHES})")
_ONLY_HASHES = re.compile(_HASHES)
_LIST = re.compile(r"(cites|guess): ?(.*)")
_REVIEW_MEND = "Write it as: reviewed 2026-11-23 by NAME against en:1a2b3c es:4d5e6f, or take the line out"


def text_hash(text: str) -> str:
    """The first six hex digits of the SHA-256 of the NFC text: it notices a change, it is no seal."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode("utf-8", "surrogatepass")).hexdigest()[:6]


def review(language: Language, day: date, by: str, texts: Mapping[Language, str]) -> Review:
    """The mark that ``by`` has read a text of this language that day. ``texts``: as families get them."""
    against = tuple((other, text_hash(texts[other])) for other in REVIEWED_AGAINST[language])
    return Review(day, by, against)


def state_of(entry: Judged, english_text: str, spanish_text: str) -> State:
    """The state of an entry beside the English and the Spanish that families get now.

    ``Entry.state`` is what its file says; this also looks whether the hashes of the review still fit.
    """
    if not entry.text:
        return State.DRAFT
    if entry.state is State.STALE:
        return State.STALE
    if entry.review is None:
        return State.DRAFT
    now = {Language.EN: english_text, Language.ES: spanish_text, Language.QUC: entry.text}
    fits = all(text_hash(now[language]) == digest for language, digest in entry.review.against)
    return State.REVIEWED if fits else State.STALE


def is_as_reviewed(entry: Judged, language: Language) -> bool:
    """Whether the words themselves are those that somebody approved, whatever became of the other languages."""
    return entry.review is not None and dict(entry.review.against).get(language) == text_hash(entry.text)


def parse_marks(comments: Sequence[str], language: Language) -> Marks:
    """Reads the comment lines of one text. Raises BrokenMark for a review that cannot be read."""
    if not comments:
        return Marks()
    found: Review | None = None
    changed = False
    lists: dict[str, str] = {"cites": "", "guess": ""}
    notes: list[str] = []
    for line in _unfolded(" ".join(comment.split()) for comment in comments):
        if line.startswith("reviewed "):
            if found is not None:
                raise BrokenMark(line, "One text has one review: keep the line that is true")
            found = _parse_review(line, language)
        elif line == _MEANING_CHANGED:
            changed = True
        elif match := _LIST.fullmatch(line):
            inside = match[2][1:-1] if _is_whole_list(line) else match[2]
            lists[match[1]] += f"; {inside}"
        elif line:
            notes.append(line)
    cites = filter(str.strip, lists["cites"].split(";"))
    guesses = lists["guess"].replace(";", " ").split()
    return Marks(found, changed, _each_once(cites), _each_once(guesses), tuple(notes))


def _each_once(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(part.split()) for part in parts))


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """The lines, with a review that a tool folded over several of them in one again."""
    rest = list(lines)
    while rest:
        line = rest.pop(0)
        count = 0
        if line.startswith("reviewed "):
            count = _lines_of_review(line, rest)
        elif _LIST.match(line):
            count = _lines_of_list(line, rest)
        yield " ".join((line, *rest[:count]))
        del rest[:count]


def _lines_of_list(first: str, rest: list[str]) -> int:
    """How many of the following lines belong to the list that begins in this one; 0 where no bracket closes it."""
    for count in range(len(rest) + 1):
        if any(line.startswith(_MARKS) for line in rest[:count]):
            return 0
        if _is_whole_list(" ".join((first, *rest[:count]))):
            return count
    return 0


def _is_whole_list(line: str) -> bool:
    match = _LIST.fullmatch(line)
    return match is not None and match[2].startswith("[") and _depth(match[2]) == 0 and match[2].endswith("]")


def _depth(text: str) -> int:
    return text.count("[") - text.count("]")


def _lines_of_review(first: str, rest: list[str]) -> int:
    """How many of the following lines belong to the review that begins in this one; 0 where none makes it whole."""
    best = 0
    for count, line in enumerate(rest, 1):
        whole = _REVIEW.fullmatch(" ".join((first, *rest[: count - 1])))
        if line.startswith(_MARKS) or (whole and not _ONLY_HASHES.fullmatch(line)):
            break
        if _REVIEW.fullmatch(" ".join((first, *rest[:count]))):
            best = count
    return best


def _parse_review(line: str, language: Language) -> Review:
    match = _REVIEW.fullmatch(line)
    if match is None:
        raise BrokenMark(line, _REVIEW_MEND)
    hashes = dict(pair.split(":") for pair in match[3].split(" "))
    wanted = REVIEWED_AGAINST[language]
    if list(hashes) != [str(other) for other in wanted]:
        raise BrokenMark(line, f"In this language a review names the hashes of {', '.join(wanted)}")
    try:
        day = date.fromisoformat(match[1])
    except ValueError:
        raise BrokenMark(line, f"There is no day {match[1]}") from None
    return Review(day, match[2], tuple((other, hashes[other]) for other in wanted))


def format_marks(marks: Marks) -> tuple[str, ...]:
    """The comment lines of one text, without their ``#``; always in the same order. Raises BrokenMark."""
    lines = [" ".join(note.split()) for note in marks.notes]
    if marks.review is not None:
        lines.append(_format_review(marks.review))
    if marks.meaning_changed:
        lines.append(_MEANING_CHANGED)
    lines += _format_list("cites", marks.citations, ";")
    lines += _format_list("guess", marks.guesses, " ")
    return tuple(line for line in lines if line)


def _format_review(done: Review) -> str:
    hashes = " ".join(f"{language}:{digest}" for language, digest in done.against)
    line = f"reviewed {done.day.isoformat()} by {' '.join(done.by.split())} against {hashes}"
    if not done.by.strip():
        raise BrokenMark(line, "A review needs the name of the person who made it")
    return line


def _format_list(head: str, parts: Iterable[str], separator: str) -> Iterator[str]:
    each = _each_once(parts)
    for part in each:
        if not part or ";" in part or separator in part or _depth(part):
            what = f"a part of it is not empty, holds no {separator!r}, and its brackets close"
            raise BrokenMark(part, f"What stands after {head}: is a list: {what}")
    if each:
        whole = f"{head}: [{separator.join(each) if separator == ' ' else '; '.join(each)}]"
        lines = textwrap.wrap(whole, _COLUMNS, break_long_words=False, break_on_hyphens=False)
        # A part that reads like another mark must not begin a line.
        yield from [whole] if any(line.startswith(_MARKS) for line in lines[1:]) else lines
