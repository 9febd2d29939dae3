"""Notices of coordinators: what may be published, and who gets to read it."""

from __future__ import annotations

import pytest

from bot import content
from bot.directory.place import Place
from bot.language import Language
from bot.scripts.area_notice import AreaNoticeError, area_notice, notices_for

NOW = 1_800_000_000.0
PLACES = content.load().places
TEXTS = {Language.ES: "Hay agentes cerca de la escuela Sol.", Language.EN: "Agents are near the Sol school."}


def place(text: str) -> Place:
    found = PLACES.find(text).found
    assert found, text
    return found


def made(**changed: object):  # type: ignore[no-untyped-def]
    values = {
        "texts": TEXTS, "area": place("Chicago, IL"), "radius_km": 40.0, "starts": NOW, "hours": 6,
        "source": "Centro del Sol", "published_by": "Ana", **changed,
    }  # fmt: skip
    return area_notice(**values)  # type: ignore[arg-type]


REFUSED = {
    "no English": ({"texts": {Language.ES: "Hola."}}, "en: there is no text"),
    "blank Spanish": ({"texts": {**TEXTS, Language.ES: "  "}}, "es: there is no text"),
    "two SMS long": ({"texts": {**TEXTS, Language.ES: "a" * 161}}, "Shorten it to 160"),
    "an emoji": ({"texts": {**TEXTS, Language.EN: "Danger \N{WARNING SIGN}"}}, "makes the SMS dearer"),
    "a typed number": ({"texts": {**TEXTS, Language.EN: "Call 773-555-0100."}}, "a number is typed"),
    "a link": ({"texts": {**TEXTS, Language.EN: "See www.example.org"}}, "a link is typed"),
    "for a week": ({"hours": 168}, "hours: 168"),
    "for no time": ({"hours": 0}, "hours: 0"),
    "for a time that is no number": ({"hours": float("nan")}, "hours: nan"),
    "around half the world": ({"radius_km": 5_000.0}, "radius: 5000 km"),
    "without a source": ({"source": " "}, "source:"),
    "a source like a letter": ({"source": "x" * 61}, "source:"),
    "by nobody": ({"published_by": ""}, "by:"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    changed, why = REFUSED[name]
    with pytest.raises(AreaNoticeError) as caught:
        made(**changed)
    assert why in str(caught.value)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(AreaNoticeError) as caught:
        made(texts={}, hours=99, source="", published_by="")
    assert len(str(caught.value).splitlines()) == 5


READ_BY = {
    "the town itself": ("Chicago, IL", "Chicago, IL", True),
    "a ZIP in it": ("Chicago, IL", "60629", True),
    "a town beside it": ("Chicago, IL", "Cicero, IL", True),
    "another part of the state": ("Chicago, IL", "Springfield, IL", False),
    "somebody who only said the state": ("Chicago, IL", "Illinois", True),
    "another state": ("Chicago, IL", "Milwaukee, WI", False),
    "a whole state": ("Illinois", "Springfield, IL", True),
    "a whole state, from outside": ("Illinois", "Gary, IN", False),
    "a town abroad": ("Xela", "Quetzaltenango", True),
    "another country": ("Xela", "60629", False),
    "somebody who said nothing": ("Chicago, IL", None, False),
}


@pytest.mark.parametrize("name", READ_BY)
def test_who_gets_to_read_it(name: str) -> None:
    area, asked_from, expected = READ_BY[name]
    notice = made(area=place(area))
    assert notice.covers(place(asked_from) if asked_from else None) is expected


def test_it_ends_by_itself_and_the_newest_comes_first() -> None:
    older, newer = made(hours=2), made(starts=NOW + 3_600, hours=5)
    chicago = place("60629")
    assert notices_for((older, newer), chicago, NOW + 1) == (older,)
    assert notices_for((older, newer), chicago, NOW + 3_601) == (newer, older)
    assert notices_for((older, newer), chicago, NOW + 2 * 3_600) == (newer,)
    assert notices_for((older, newer), chicago, NOW + 6 * 3_600) == ()
    assert (older.hours_left(NOW), older.hours_left(NOW + 7_199)) == (2, 1)
