"""The key under which a place is filed, of whatever is typed."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.fold import _joined, fold

KEYS = {
    "Sta. Ana": "santa ana",
    "Sta Ana": "santa ana",
    "St. Louis, MT": "saint louis mt",
    "N.Y.": "ny",
    "Washington D.C": "washington dc",
    "Q'umarkaj": "qumarkaj",
    "Xelajuʼ": "xelaju",
    "Chi uwiʼ la": "chi uwi la",
    "Cobán—A.V.": "coban av",
    "Peñasco ÑU": "penasco nu",
    "Łódź": "odz",
    "İzmir": "izmir",
    "Москва": "",
    "": "",
}


@pytest.mark.parametrize("text", KEYS)
def test_a_key(text: str) -> None:
    assert fold(text) == KEYS[text]


def test_letter_by_letter_comes_out_what_comes_out_of_the_whole_text() -> None:
    every = "".join(f"a{chr(each)}b " for each in range(sys.maxunicode + 1) if chr(each) != ".").lower()
    assert fold(every).split() == [*fold(_joined(every)).split()]


@given(st.text())
def test_initials_aside_a_dot_changes_nothing(text: str) -> None:
    text = text.replace(".", "")
    assert fold(f"{text} .") == fold(text)
