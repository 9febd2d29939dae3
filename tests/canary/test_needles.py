"""The search of the canary finds what is planted, in every encoding; and it finds nothing where nothing is."""

from __future__ import annotations

import base64
import gzip
import hashlib
import os
import random
import zlib
from collections.abc import Callable

import pytest

from tests.canary.needles import CODECS, ESCAPES, HASHES, Needles
from tests.canary.people import Person, people

SEED = 11
PEOPLE = people(30, SEED)
for _each in PEOPLE:
    _each.sid()
NEEDLES = Needles(PEOPLE, SEED)
SOMEBODY = PEOPLE[17]
NOISE = random.Random(SEED).randbytes(3_001)

KINDS: dict[str, Callable[[Person], str]] = {
    "word": lambda person: person.word,
    "name": lambda person: person.name,
    "a street in capitals": lambda person: person.street.upper(),
    "number": lambda person: person.number,
    "digits": lambda person: person.number[2:],
    "A-number": lambda person: person.alien,
    "message id": lambda person: f"SM{person.sids[0]}",
}


def _found(data: bytes) -> bool:
    return bool(NEEDLES.search(NOISE + data + NOISE))


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    **{codec: lambda text, codec=codec: text.encode(codec) for codec in CODECS},
    **{
        name: lambda text, each=each: "".join(each.format(ord(letter)) for letter in text).encode()
        for name, (each, _) in ESCAPES.items()
    },
    **{
        f"base64 after {before}": lambda text, before=before: base64.b64encode(b"xy"[:before] + text.encode() + b"more")
        for before in range(3)
    },
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(b"\xff\xfe\xfd" + text.encode() + b"\xff"),
    "gzip": lambda text: gzip.compress(f"hola {text} ".encode() * 40),
    "zlib": lambda text: zlib.compress(f"hola {text} ".encode() * 40),
    "gzip, cut off": lambda text: gzip.compress((text + " ").encode() + random.Random(1).randbytes(4_000))[:3_000],
    "base64 in gzip": lambda text: gzip.compress(base64.b64encode(f"hola {text}, ".encode())),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_it_finds_what_is_planted(kind: str, encoding: str) -> None:
    assert _found(ENCODINGS[encoding](KINDS[kind](SOMEBODY)))


HASHED = {
    "raw": lambda digest: digest,
    "hexadecimal": lambda digest: digest.hex().encode(),
    "hexadecimal in capitals": lambda digest: digest.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64 for URLs": base64.urlsafe_b64encode,
}


@pytest.mark.parametrize("name", HASHES)
@pytest.mark.parametrize("written", HASHED)
@pytest.mark.parametrize("spelled", ["{}", "whatsapp:{}", "digits"])
def test_it_finds_a_bare_hash_of_a_number(name: str, written: str, spelled: str) -> None:
    text = SOMEBODY.number[1:] if spelled == "digits" else spelled.format(SOMEBODY.number)
    assert _found(HASHED[written](hashlib.new(name, text.encode()).digest()))


@pytest.mark.parametrize("order", ["big", "little"])
@pytest.mark.parametrize("before", range(4))
def test_it_finds_a_number_as_an_integer(order: str, before: int) -> None:
    assert _found(b"x" * before + int(SOMEBODY.number[1:]).to_bytes(8, order))


@pytest.mark.parametrize("form", ["({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "1 {} {} {}"])
def test_it_finds_a_number_with_signs(form: str) -> None:
    digits = SOMEBODY.number[2:]
    assert _found(form.format(digits[:3], digits[3:6], digits[6:]).encode())


def test_it_finds_nothing_where_nothing_is() -> None:
    assert not NEEDLES.search(os.urandom(300_000) + b"\x00" * 10_000)
    other = people(30, SEED + 1)[0]
    assert not _found(other.story().encode() + hashlib.sha256(other.number.encode()).digest())


def test_everybody_is_somebody_else() -> None:
    many = people(200, SEED)
    for kind in ("number", "word", "name", "street", "alien"):
        assert len({getattr(each, kind) for each in many}) == 200
    assert people(200, SEED) == many
