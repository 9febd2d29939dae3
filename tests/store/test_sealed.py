"""The envelope of a value: it opens in its own place under its own key, unchanged, and nowhere else."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.errors import SealBroken
from bot.store.sealed import OVERHEAD, Key, seal, unseal

KEY = Key("esc-1", bytes(range(32)))
WORDS = "mi esposo está en Xelajú ñ".encode()
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.binary(max_size=5_000), NAMES, NAMES, NAMES)
def test_what_was_sealed_opens_again(plain: bytes, table: str, row: str, column: str) -> None:
    sealed = seal(KEY, plain, table=table, row=row, column=column)
    assert unseal(KEY, sealed, table=table, row=row, column=column) == plain
    assert len(sealed) == len(plain) + OVERHEAD


def test_what_was_sealed_by_an_older_version_opens() -> None:
    """Rows outlive the code that wrote them: these bytes were sealed on 2026-11-27."""
    sealed = bytes.fromhex(
        "019c098ce3421478459a434bc37bd6db501a9387174960ba7194fb8f510e2ad66fb2a7e8a9661f13c5c339d4d74ce877b960e593de295a8bcaac"
    )
    assert unseal(KEY, sealed, table="notes", row=7, column="text") == WORDS


def test_nothing_can_be_sealed_too() -> None:
    assert unseal(KEY, seal(KEY, b"", table="notes", row=7), table="notes", row=7) == b""


def test_a_long_message_fits() -> None:
    plain = bytes(3_000_000)
    assert unseal(KEY, seal(KEY, plain, table="notes", row=7), table="notes", row=7) == plain


def test_the_same_words_never_look_the_same() -> None:
    seals = {seal(KEY, WORDS, table="notes", row=7) for _ in range(500)}
    assert len(seals) == len({sealed[1:13] for sealed in seals}) == 500
    assert not any(WORDS[:8] in sealed for sealed in seals)


def test_every_bit_counts() -> None:
    sealed = seal(KEY, WORDS, table="notes", row=7)
    for bit in range(8 * len(sealed)):
        spoilt = bytearray(sealed)
        spoilt[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            unseal(KEY, bytes(spoilt), table="notes", row=7)


def test_a_piece_of_it_or_more_than_it_is_refused() -> None:
    sealed = seal(KEY, WORDS, table="notes", row=7)
    for spoilt in (*(sealed[:length] for length in range(len(sealed))), sealed[1:], sealed + b"\0", sealed * 2):
        with pytest.raises(SealBroken):
            unseal(KEY, spoilt, table="notes", row=7)


HOME = {"table": "messages", "row": "7", "column": "text"}
ELSEWHERE = {
    "another row": {**HOME, "row": "8"},
    "another table": {**HOME, "table": "notes"},
    "another column": {**HOME, "column": "phone"},
    "no column": {**HOME, "column": ""},
    "the border moved from table to row": {**HOME, "table": "message", "row": "s7"},
    "the border moved from row to column": {**HOME, "row": "7t", "column": "ext"},
    "table and column exchanged": {**HOME, "table": "text", "column": "messages"},
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_it_does_not_open_elsewhere(name: str) -> None:
    sealed = seal(KEY, WORDS, **HOME)
    assert unseal(KEY, sealed, **HOME) == WORDS
    with pytest.raises(SealBroken):
        unseal(KEY, sealed, **ELSEWHERE[name])


OTHER_KEYS = {
    "another secret": Key("esc-1", bytes(range(1, 33))),
    "another name": Key("esc-2", KEY.secret),
}


@pytest.mark.parametrize("name", OTHER_KEYS)
def test_it_does_not_open_under_another_key(name: str) -> None:
    with pytest.raises(SealBroken):
        unseal(OTHER_KEYS[name], seal(KEY, WORDS, **HOME), **HOME)


@given(st.binary(max_size=200))
def test_what_nobody_sealed_is_refused(made_up: bytes) -> None:
    with pytest.raises(SealBroken, match="notes"):
        unseal(KEY, made_up, table="notes", row=7)


def test_a_number_and_its_digits_are_the_same_row() -> None:
    assert unseal(KEY, seal(KEY, WORDS, table="notes", row=7), table="notes", row="7") == WORDS


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_key_has_256_bits(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Key("esc-1", bytes(length))


def test_no_error_tells_a_key_or_a_value() -> None:
    sealed = bytearray(seal(KEY, WORDS, **HOME))
    sealed[20] ^= 1
    with pytest.raises(SealBroken) as caught:
        unseal(KEY, bytes(sealed), **HOME)
    # Even with the locals of every frame of ours, as some loggers write them.
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    shown = "".join(told.format()).split("def test_", 1)[0] + repr(caught.value) + str(caught.value) + repr(KEY)
    mine = [frame for frame in told.stack if frame.filename.endswith("bot/store/sealed.py")]
    assert mine
    shown += "".join(str(frame.locals) for frame in mine)
    for secret in (KEY.secret, WORDS):
        assert secret.hex() not in shown and repr(secret)[2:-1] not in shown
    assert str(caught.value) == "a sealed value of messages does not open"


def test_what_an_earlier_version_sealed_still_opens() -> None:
    sealed = bytes.fromhex("01f4676b19df7c8e8244678211e1138f225dc30b233073a3a799b70faff5e33769480c0b")
    assert unseal(KEY, sealed, **HOME).decode() == "Xelajú"
