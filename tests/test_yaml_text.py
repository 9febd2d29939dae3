"""What is only read and what is edited are read alike: libyaml beside ruamel.yaml, on every file of ours and on odd ones."""

from __future__ import annotations

import io
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.settings import REPOSITORY
from bot.yaml_text import plain

OURS = sorted(path for folder in ("flows", "nlu", "locales", "docs") for path in (REPOSITORY / folder).rglob("*.yml"))


def by_ruamel(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.slow
def test_every_file_of_ours() -> None:
    assert len(OURS) > 100
    assert [path for path in OURS if plain(path.read_text("utf-8")) != by_ruamel(path.read_text("utf-8"))] == []


ODD = """no: yes
on: off
true: True
012: 0o17
0x1F: 1e3
-7: .5
2.: +1
~: null
'null': ''
2026-11-24: 2026-11-24
"NO": "no"
text: 1.2.3
empty:
block: |
  ¿Qué pasó? 🙂
   más
folded: >-
  a
  b
list: [a, 1, {b: c}]
base: &base {x: 1}
more: {<<: *base, y: 2}
time: 2026-11-24 10:00:00
"""


@pytest.mark.parametrize("line", ODD.splitlines()[:13])
def test_an_odd_line(line: str) -> None:
    assert repr(plain(line)) == repr(by_ruamel(line))


def test_an_odd_file() -> None:
    assert plain(ODD) == by_ruamel(ODD)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' a second time"),
        ("a:\n  - {x: 1, x: 2}\n", 2, "the key 'x' a second time"),
        ("a: [1\nb: 2\n", 2, "expected"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "could not determine a constructor"),
        ("a: b: c\n", 1, "not allowed"),
        ("a: *nobody\n", 1, "undefined alias"),
        ("a: \x00\n", 0, "control characters"),
    ],
    ids=["key twice", "key twice deep down", "not closed", "a tag that would run", "colon", "alias", "NUL"],
)
def test_what_is_broken_is_told_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(yaml.YAMLError) as told:
        plain(text)
    assert said in str(told.value)
    assert f"line {line}," in str(told.value) or not line


# To libyaml these end a line, as in YAML 1.1; ruamel.yaml writes them as they are.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x85\u2028\u2029"), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.dates() | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_edited_is_read_as_it_was_meant(value: Any) -> None:
    out = io.StringIO()
    YAML().dump({"value": value}, out)
    assert plain(out.getvalue()) == {"value": value}
