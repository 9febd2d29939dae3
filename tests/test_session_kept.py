"""A session as it is kept: what is read again is what was written, and what cannot be read is a fresh one."""

from __future__ import annotations

import pytest
from msgspec import json

from bot.flood import Meter
from bot.frozen import replace
from bot.language import Language
from bot.session import Session, Spot, Under, Writer, from_dict, read_session, to_dict

FULL = Session(
    language=Language.QUC,
    at=Spot("home_visit", "first"),
    under=Under("7", "0a1b2c3d"),
    unseen=True,
    trail=(Spot("menu", "first"), Spot("rights", "first")),
    resume=Spot("menu", "first"),
    offered=("menu", "#0a1b2c3d"),
    place="US;60629;Chicago;IL;41.78;-87.71;zip",
    shown=3,
    listed=("0a1b2c3d",),
    ended=True,
    flagged=("0a1b2c3d",),
    writer=Writer.CHILD,
    gave=True,
    needs="mam",
    misses=2,
    updated=1_764_200_000.25,
    known=True,
    meter=Meter(hour=9, now_=4, asked=False, heard=5.2),
)


@pytest.mark.parametrize("name", Session.__struct_fields__)
def test_each_field_travels(name: str) -> None:
    session = replace(Session(), **{name: getattr(FULL, name)})
    assert session != Session() and read_session(json.encode(session)) == session and from_dict(to_dict(session)) == session
    assert len(to_dict(session)) == 2, "what is empty is left out"


def test_all_of_it_is_small_and_has_one_letter_for_each() -> None:
    kept = to_dict(FULL)
    assert kept["v"] == 2 and len(kept) == 1 + len(Session.__struct_fields__) and all(len(key) == 1 for key in kept)
    assert kept["a"] == ["home_visit", "first"] and len(json.encode(FULL)) < 400


@pytest.mark.parametrize(
    "kept",
    [
        b"",
        b"null",
        b"[]",
        b'{"v":1,"u":1.0,"l":"es"}',
        b'{"v":3,"l":"es"}',
        b'{"v":2,"l":"fr"}',
        b'{"v":2,"a":["menu"]}',
        b'{"v":2,"m":"many"}',
        b'{"v":2,"p":"\xff"}',
        b'{"v":2,"l":"es"',
    ],
)
def test_what_cannot_be_read_is_a_fresh_session(kept: bytes) -> None:
    assert read_session(kept) == Session()


@pytest.mark.parametrize("carried", [None, {}, {"v": 1, "l": "es"}, {"v": 2, "p": "\ud800"}])
def test_nor_what_cannot_be_carried(carried: dict[str, object] | None) -> None:
    assert from_dict(carried) == Session()
