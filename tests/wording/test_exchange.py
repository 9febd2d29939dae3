"""Catalogs out to other PO tools and back: nothing that somebody wrote is lost."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from babel.messages.pofile import read_po, write_po

from bot.language import Language
from bot.wording.catalog import Catalog, Entry, catalog_bytes
from bot.wording.merge import annotated
from bot.wording.state import State, review

EN, ES, QUC = Language.EN, Language.ES, Language.QUC
WHERE = ("first answer of 'if agents come to my home'", "fields, to be kept as they are: $area_line")
FILE = "flows/rights/home_visit.yml"
CITED = tuple(f"UD_Kiche-IU almg-examples:{number} (kach'aw la, man katij taj)" for number in range(4))


def entry(key: str, text: str, **more: object) -> Entry:
    english = "Do not open the door. " * 8 + "Line for your area: $area_line."
    entry = Entry(f"home_visit.{key}", english, text, **more)  # type: ignore[arg-type]
    return annotated([entry], {entry.key: (*WHERE, f"es: {'No abra la puerta. ' * 8}")}, {entry.key: FILE})[0]


def reviewed(key: str, text: str) -> Entry:
    texts = {EN: "en", ES: "es", QUC: text}
    return entry(
        key, text, state=State.REVIEWED, review=review(QUC, date(2026, 1, 2), "Inventada de los Ángeles", texts)
    )


ENTRIES = {
    each.key: each
    for each in (
        entry("a.say", ""),
        entry(
            "b.say", 'Majaq la. "Utz"; \\ 100% ' + "k'o xib'ib'al " * 20, citations=CITED, guesses=("kajaq", "ub'i'")
        ),
        reviewed("c.say", "Kʼo xibʼibʼal."),
        entry("d.say", "Majaq la.", state=State.STALE, meaning_changed=True, citations=CITED[:1], notes=("ask Ana",)),
        entry("e.say", "Majaq la.", notes=("Pedro: ¿la o alaq?", "one more")),
    )
}
WRITTEN = catalog_bytes(ENTRIES.values(), QUC)


def babel(width: int, **how: bool) -> Callable[[bytes], bytes]:
    """Read and written again by Babel, which folds texts and comments at this width."""

    def through(data: bytes) -> bytes:
        out = io.BytesIO()
        write_po(out, read_po(io.BytesIO(data)), width=width, **how)
        return out.getvalue()

    return through


def headed(data: bytes) -> bytes:
    """Poedit and Weblate write who translated when, in an order of their own."""
    header = (
        '#\n# Translators:\n# Inventada <a@example.org>, 2026.\nmsgid ""\nmsgstr ""\n'
        '"Language: quc\\n"\n"Plural-Forms: nplurals=1; plural=0;\\n"\n"PO-Revision-Date: 2026-12-01 10:00+0000\\n"\n'
        '"Last-Translator: Inventada <a@example.org>\\n"\n"X-Generator: Weblate 5.14\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n"MIME-Version: 1.0\\n"\n\n'
    )
    return header.encode() + data.partition(b"\n\n")[2]


def with_previous(data: bytes) -> bytes:
    """msgmerge --previous says what a fuzzy text was written for, and keeps what went as obsolete."""
    told = data.replace(b"#, fuzzy\n", b'#, fuzzy\n#| msgctxt "old"\n#| msgid "Never "\n#| "open."\n')
    return told + b'\n#, fuzzy\n#~ msgctxt "gone.first.say"\n#~ msgid "Old."\n#~ msgstr "Ojer."\n'


def turned_round(data: bytes) -> bytes:
    """A tool that sorts in its own way."""
    head, *messages = data.decode().strip().split("\n\n")
    return "\n\n".join([head, *reversed(messages), ""]).encode()


HABITS: dict[str, Callable[[bytes], bytes]] = {
    "Babel, 76 columns": babel(76),
    "Babel, 40 columns": babel(40),
    "Babel, no folding of texts": babel(0),
    "Babel, in the order of the files": babel(100, sort_by_file=True),
    "another header": headed,
    "previous texts and obsolete ones": with_previous,
    "another order": turned_round,
    "Windows line ends and a byte order mark": lambda data: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n"),
    "no comments of ours to translators": lambda data: re.sub(rb"(?m)^#[.:].*\n", b"", data),
    "all of them": lambda data: headed(with_previous(turned_round(babel(60)(data)))),
}


@pytest.mark.parametrize("name", HABITS)
def test_a_catalog_comes_back_from_other_tools(name: str) -> None:
    returned = HABITS[name](WRITTEN)
    assert returned != WRITTEN
    found = Catalog.parse(returned, QUC, "answers.po").entries
    told = {key: each.extracted for key, each in ENTRIES.items()}
    assert dict(found).keys() == ENTRIES.keys()
    again = annotated(found.values(), told, dict.fromkeys(ENTRIES, FILE))
    assert {each.key: each for each in again} == ENTRIES
    assert catalog_bytes(again, QUC) == WRITTEN, "and once written by us it is the file that went out"


def test_a_translator_who_clears_fuzzy_has_dealt_with_the_change() -> None:
    cleared = Catalog.parse(WRITTEN.replace(b"#, fuzzy\n", b""), QUC, "answers.po").entries["home_visit.d.say"]
    assert (cleared.state, cleared.meaning_changed, cleared.notes) == (State.DRAFT, False, ("ask Ana",))


def test_a_tool_that_marks_a_reviewed_text_fuzzy_makes_it_stale_and_keeps_who_read_it() -> None:
    marked = WRITTEN.replace(b'msgctxt "home_visit.c.say"', b'#, fuzzy\nmsgctxt "home_visit.c.say"')
    stale = Catalog.parse(marked, QUC, "answers.po").entries["home_visit.c.say"]
    assert (stale.state, stale.review) == (State.STALE, ENTRIES["home_visit.c.say"].review)


def test_the_form_that_translators_see() -> None:
    shown = WRITTEN.decode().partition('msgctxt "home_visit.d.say"')[0].rpartition("\n\n")[2]
    assert shown == (
        "# ask Ana\n"
        "# meaning changed\n"
        "# cites: [UD_Kiche-IU almg-examples:0 (kach'aw la, man katij taj)]\n"
        "#. first answer of 'if agents come to my home'\n"
        "#. fields, to be kept as they are: $area_line\n"
        f"#. es: {'No abra la puerta. ' * 8}".rstrip()
        + "\n#: flows/rights/home_visit.yml\n#, fuzzy\n"
    )
