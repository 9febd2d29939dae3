"""``docs/to-verify.md`` is what the data makes of it, and nothing that is open is missing in it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot import content
from bot.frozen import replace
from bot.scripts.errors import ScriptsError
from bot.scripts.to_verify import ITEMS, PAGE, Item, page, read_items, whom_to_ask
from bot.settings import REPOSITORY

RELEASE = content.load()
LISTED = read_items(content.read_yaml(REPOSITORY / ITEMS))
NONE: dict[str, tuple[Item, ...]] = {"moves": (), "words": ()}


@pytest.mark.always
def test_the_page_is_up_to_date() -> None:
    made = page(RELEASE.facts, RELEASE.hotlines, RELEASE.directory.services, LISTED)
    assert (REPOSITORY / PAGE).read_text("utf-8") == made, f"{PAGE} is out of date. Run: make docs"


def test_everything_open_is_on_the_page() -> None:
    made = page(RELEASE.facts, RELEASE.hotlines, RELEASE.directory.services, LISTED)
    for fact in RELEASE.facts.values():
        assert (f"| `{fact.name}` |" in made) is (fact.evidence == "recalled"), fact.name
    for line in RELEASE.hotlines.values():
        assert (f"| `{line.id}` | {line.text} |" in made) is (line.verified_on is None), line.id
    unverified = {phone.id for each in RELEASE.directory.services for phone in each.phones if not phone.verified_on}
    phones = len(unverified)
    assert f"\n{phones} phones in `directory/organizations.csv`" in made
    for word in ("TPS El Salvador", "9 Sep 2026", "ICE's own line", "a counselor who works with children"):
        assert word in made


def test_what_somebody_has_verified_leaves_the_page() -> None:
    fact = replace(RELEASE.facts["moved_away"], evidence="seen", checked=date(2026, 12, 1))
    line = replace(RELEASE.hotlines["orr"], verified_on=date(2026, 12, 1), verified_by="Ana Example")
    before = page({"moved_away": RELEASE.facts["moved_away"]}, {"orr": RELEASE.hotlines["orr"]}, (), NONE)
    after = page({"moved_away": fact}, {"orr": line}, (), NONE)
    assert "`moved_away`" in before and "`orr`" in before
    assert "`moved_away`" not in after and "`orr`" not in after
    assert "(0)\n\n| fact |" in after


def test_a_cell_cannot_break_the_table() -> None:
    item = Item("one | two\nthree", "x", "y", "")
    made = page({}, {}, (), {"moves": (item,), "words": ()})
    assert "| one \\| two three | x | y |  |" in made


WHOM = [
    ("a page", "https://www.nilc.org/resources/x", "the owner of nilc.org"),
    ("two pages", "https://a.example/x ; http://b.example", "the owner of a.example or b.example"),
    ("a page that nobody has read", "not read: https://reportfraud.ftc.gov", "the owner of reportfraud.ftc.gov"),
    ("a law that nobody has read", "not read: 8 CFR 1003.22", "8 CFR 1003.22"),
    ("none", "not read: no page was read for this", "no source is named: find one"),
    ("none at all", "recalled, no page was read", "no source is named: find one"),
]


@pytest.mark.parametrize(("source", "whom"), [row[1:] for row in WHOM], ids=[row[0] for row in WHOM])
def test_whom_to_ask(source: str, whom: str) -> None:
    assert whom_to_ask(source) == whom


GOOD = {"what": "a", "check": "b", "ask": "c"}
WRONG = [
    ("not a mapping", ["a"], "its sections are moves and words"),
    ("a section missing", {"moves": []}, "its sections are moves and words"),
    ("a section more", {"moves": [], "words": [], "rest": []}, "its sections are moves and words"),
    ("an item that is a text", {"moves": [], "words": ["a"]}, "words, item 1"),
    ("nobody to ask", {"moves": [GOOD, {"what": "a", "check": "b"}], "words": []}, "moves, item 2"),
    ("a word too many", {"moves": [GOOD | {"by": "d"}], "words": []}, "moves, item 1"),
    ("a number for a text", {"moves": [GOOD | {"check": 3}], "words": []}, "moves, item 1"),
]


@pytest.mark.parametrize(("value", "told"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_list_that_is_not_one_is_named(value: Any, told: str) -> None:
    with pytest.raises(ScriptsError) as error:
        read_items(value)
    assert told in str(error.value)


def test_a_good_list_is_read() -> None:
    found = read_items({"moves": [GOOD | {"source": "d"}], "words": None})
    assert found == {"moves": (Item("a", "b", "c", "d"),), "words": ()}
