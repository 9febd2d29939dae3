"""How an answer arrives on a phone: the same words that families get, cut where an SMS ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.editor_checks import with_texts
from bot.console.preview_phone import (
    BESIDE,
    BOLD,
    LINK,
    NATIVE,
    PLAIN,
    SPANISH,
    Phone,
    Piece,
    Samples,
    costly,
    phone,
    pieces,
)
from bot.language import Language
from bot.message import Channel
from bot.scripts.answers import MINIMUM
from bot.scripts.longest import Near
from bot.scripts.release import Release
from bot.wording.catalog import Entry
from bot.wording.gsm7 import fold_for_sms, parts_of, segments
from bot.wording.state import State, review
from tests.scripts.filling import RELEASE, SAY, TODAY, with_entry

SAMPLES = Samples(Near(RELEASE))
FLOW = RELEASE.script.flows["home_visit"]
# What phones and keyboards send, and what costs: GSM-7, its extension, accents, apostrophes of K'iche', emoji.
SIGNS = st.text(st.sampled_from(list("abc áéñ¿'ʼꞌ’€[]\n0123456789") + ["😀", "…", "«"]), max_size=500)


def _phone(
    language: Language, channel: Channel = Channel.SMS, release: Release = RELEASE, samples: Samples = SAMPLES
) -> Phone:
    return phone(release, FLOW, FLOW.first, (language, channel), samples)


@given(SIGNS)
def test_a_text_is_cut_into_as_many_parts_as_are_billed(text: str) -> None:
    parts = parts_of(text)
    assert "".join(parts) == text
    assert len(parts) == segments(text)
    assert all(segments(part) == 1 for part in parts)


@pytest.mark.parametrize("language", Language)
def test_the_phone_shows_what_the_renderer_sends(language: Language) -> None:
    (bubble,) = _phone(language).bubbles
    assert "".join(bubble.parts) == bubble.text == fold_for_sms(bubble.text)
    assert "1 " in bubble.text and "2 " in bubble.text, "its menu stands below"


def test_spanish_by_sms_loses_the_accents_that_cost_and_on_whatsapp_none() -> None:
    release = with_texts(RELEASE, FLOW, {(SAY, Language.ES): "Llame mañana a las ocho, aquí está la razón."})
    assert "Llame mañana a las ocho, aqui esta la razon." in _phone(Language.ES, release=release).bubbles[0].text
    assert "aquí está la razón" in _phone(Language.ES, Channel.WHATSAPP, release).bubbles[0].text


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        pytest.param("a" * 150, (), id="plain"),
        pytest.param("á" * 150, (), id="accents are folded and cost nothing"),
        pytest.param("a" * 60 + "😀", (), id="an emoji in a short text fits all the same"),
        pytest.param("a" * 150 + "😀", ("😀",), id="an emoji in a long one"),
        pytest.param("a" * 150 + "ʼ", (), id="the apostrophe of K'iche' is sent as a plain one"),
        pytest.param("a" * 150 + "中😀中", ("中", "😀"), id="each once"),
    ],
)
def test_letters_that_make_it_longer_are_named(text: str, letters: tuple[str, ...]) -> None:
    assert costly(text) == letters


def test_an_emoji_makes_one_part_three_and_is_named() -> None:
    """Item 14 of the checklist, with a letter that still costs: accents no longer do."""
    plain = with_texts(RELEASE, FLOW, {(SAY, Language.ES): "a" * 110})
    dear = with_texts(RELEASE, FLOW, {(SAY, Language.ES): "a" * 110 + "😀"})
    assert len(_phone(Language.ES, release=plain).bubbles[0].parts) == 1
    bubble = _phone(Language.ES, release=dear).bubbles[0]
    assert len(bubble.parts) == 3 and bubble.letters == ("😀",)


KICHE = "Man kajaq ta la ri uchi' ja."


def _kiche(text: str, reviewed: bool = False) -> Release:
    texts = {Language.EN: FLOW.first.say.english, Language.ES: RELEASE.catalogs[Language.ES].entries[SAY].text}
    mark = review(Language.QUC, TODAY, "Made-up Speaker", {**texts, Language.QUC: text}) if reviewed else None
    state = State.REVIEWED if reviewed else State.DRAFT
    return with_entry(Language.QUC, Entry(SAY, FLOW.first.say.english, text, state, review=mark))


@pytest.mark.parametrize(
    ("release", "drafts", "how"),
    [
        pytest.param(_kiche(""), True, SPANISH, id="nothing written"),
        pytest.param(_kiche(KICHE), True, BESIDE, id="a draft"),
        pytest.param(_kiche(KICHE), False, SPANISH, id="a draft, and drafts are switched off"),
        pytest.param(_kiche(KICHE, reviewed=True), True, NATIVE, id="reviewed by a speaker"),
    ],
)
def test_what_a_speaker_of_kiche_receives(release: Release, drafts: bool, how: str) -> None:
    shown = _phone(Language.QUC, release=release, samples=Samples(Near(release), drafts))
    assert shown.kiche == how
    text, spanish = shown.bubbles[0].text, "Hable con la puerta cerrada"
    assert (spanish in text) is (how != NATIVE)
    assert (KICHE in text) is (how != SPANISH)
    if how == BESIDE:
        assert text.index(spanish) < text.index(KICHE), "a rights answer begins with the Spanish"
    if how == SPANISH:
        assert "K'iche'" in text.split("\n")[0], "one line says that it is Spanish"


def test_without_a_step_the_phone_shows_what_goes_out_in_place_of_all() -> None:
    shown = phone(RELEASE, FLOW, None, (Language.ES, Channel.SMS), SAMPLES)
    assert [bubble.case for bubble in shown.bubbles] == [MINIMUM]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nada", (Piece("nada"),)),
        ("*No firme* nada", (Piece("No firme", BOLD), Piece(" nada"))),
        ("2 * 3 * 4", (Piece("2 * 3 * 4"),)),
        ("Vea locator.ice.gov/odls hoy.", (Piece("Vea "), Piece("locator.ice.gov/odls", LINK), Piece(" hoy."))),
        ("Firme.Luego llame", (Piece("Firme.Luego llame"),)),
        ("*uno\ndos*", (Piece("*uno\ndos*"),)),
    ],
)
def test_whatsapp_shows_bold_words_and_links(text: str, found: tuple[Piece, ...]) -> None:
    assert pieces(text) == found


@given(st.text(max_size=200))
def test_no_word_is_lost_on_whatsapp(text: str) -> None:
    shown = pieces(text)
    assert "".join(f"*{each.text}*" if each.kind == BOLD else each.text for each in shown) == text
    assert all(each.kind in (BOLD, LINK, PLAIN) for each in shown)


APOSTROPHES = "'’ʼꞌ‘`´"


WORDS = [f"{start}{sign}{end}" for sign in APOSTROPHES for start, end in (("k", "o"), ("ja", ""), ("ch", "ab"))]


@given(st.lists(st.sampled_from([*WORDS, "utz", "ñ", "é"]), min_size=1, max_size=60))
def test_the_apostrophes_of_kiche_are_sent_as_one_and_counted_so(words: list[str]) -> None:
    """Item 15: the counter agrees with what is sent."""
    text = " ".join(words)
    release = with_texts(RELEASE, FLOW, {(SAY, Language.QUC): text})
    bubble = _phone(Language.QUC, release=release).bubbles[0]
    assert not set("’ʼꞌ‘`´") & set(bubble.text)
    assert len(bubble.parts) == segments(bubble.text)
