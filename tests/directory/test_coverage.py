"""Whom the directory has for a kind of help in a state."""

from __future__ import annotations

from datetime import date

from bot.directory.coverage import Coverage
from bot.directory.listed import Listed, listed
from bot.frozen import replace
from tests.directory.seeded import read_seed

TODAY = date(2026, 11, 27)


def entry(**more: object) -> Listed:
    one = listed(read_seed()[0], {})[0]
    plain = {
        "kinds": ("legal",),
        "held_back": "",
        "state": "IL",
        "country": "US",
        "area": "local",
        "languages": ("es",),
    }
    return replace(one, **{**plain, "interpreters": "", "status": "active", "assured_on": None, "numbers": (), **more})


def test_who_is_counted() -> None:
    entries = [
        entry(languages=("es", "en"), interpreters="quc;mam", assured_on=TODAY),
        entry(area="national", state="NY", languages=("fr",)),
        entry(status="inactive"),
        entry(held_back="no number"),
        entry(state="TX"),
        entry(kinds=("health",)),
        entry(country="MX"),
    ]
    found = Coverage(entries, TODAY).of("US-IL", "legal")
    assert (found.active, found.fresh) == (2, 1)
    assert found.languages == {"es", "en", "quc", "mam", "fr"} and found.lacks(("es", "quc", "kek")) == ["kek"]
    assert Coverage(entries, TODAY).of("US-IL", "any").active == 3


def test_nobody() -> None:
    found = Coverage([], TODAY).of("GT-Peten", "legal")
    assert (found.active, found.fresh, found.lacks(("es",))) == (0, 0, ["es"])


def test_what_was_confirmed_long_ago_is_not_fresh() -> None:
    assert Coverage([entry(assured_on=date(2026, 1, 1))], TODAY).of("US-IL", "legal").fresh == 0
