"""SMS: the alphabet, the folding and the bill, against Twilio's calculator and an independent codec."""

import json
import unicodedata
from pathlib import Path

import gsm0338
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.wording.errors import NotGsm7
from bot.wording.gsm7 import (
    GSM,
    GSM_BASIC,
    GSM_EXTENSION,
    Encoding,
    encoding,
    fold_for_sms,
    non_gsm,
    segments,
    septets,
)

ANY_CHARACTER = st.characters(codec=None, exclude_categories=())  # halves of surrogate pairs included
ANY_TEXT = st.text(ANY_CHARACTER)
# What families and editors really write, in lengths at which a message breaks.
USUAL_TEXT = st.text(st.sampled_from("abc ñéáíóúÁ¿€[~'ʼ’ꞌ“”—…\u00a0\u200b\u0301\u0308🏠中ëïº"), max_size=400)

STORED = json.loads((Path(__file__).parent / "twilio_segments.json").read_text("utf-8"))["rows"]


def whole(pieces):
    return "".join(piece if isinstance(piece, str) else piece[0] * piece[1] for piece in pieces)


def test_twilio_calculator_agrees_on_every_stored_text():
    ours = [(what, encoding(whole(text)), segments(whole(text))) for what, text, _, _ in STORED]
    assert ours == [(what, name, count) for what, _, name, count in STORED]


def test_stored_texts_cover_what_can_go_wrong():
    assert len(STORED) > 400
    assert {name for _, _, name, _ in STORED} == {"GSM-7", "UCS-2"}
    assert {count for _, _, _, count in STORED} >= {1, 2, 3, 4, 5, 6, 7}


def septets_of_codec(text):
    return len(gsm0338.Codec().encode(text)[0])


@given(ANY_CHARACTER)
@example("\x1b")
@example("€")
def test_alphabet_is_that_of_the_gsm0338_codec(character):
    try:
        expected = septets_of_codec(character)
    except UnicodeEncodeError:
        expected = None
    if character == "\x1b":
        expected = None  # the codec takes the escape itself for a character; alone it says nothing
    assert (septets(character) if character in GSM else None) == expected


def test_alphabet_has_the_size_of_the_standard():
    # 128 places of the default table less the escape; ten in the extension table.
    assert (len(GSM_BASIC), len(GSM_EXTENSION)) == (127, 10)


@given(st.text(st.sampled_from(sorted(GSM)), max_size=400))
def test_septets_are_those_of_the_gsm0338_codec(text):
    assert septets(text) == septets_of_codec(text)


def test_septets_of_a_text_outside_the_alphabet_are_refused_with_the_characters():
    with pytest.raises(NotGsm7) as caught:
        septets("sí, mañana 🏠")
    assert caught.value.characters == ("í", "🏠")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("a" * 160, 1, id="full GSM message"),
        pytest.param("a" * 161, 2, id="one letter too many"),
        pytest.param("a" * 306, 2, id="two full parts"),
        pytest.param("a" * 307, 3, id="third part opened"),
        pytest.param("a" * 152 + "€" + "a" * 151, 2, id="escape pair at the end of a part, room left"),
        pytest.param("a" * 152 + "€" + "a" * 152, 3, id="escape pair is not split, so a third part opens"),
        pytest.param("á" * 70, 1, id="full UCS-2 message"),
        pytest.param("á" * 71, 2, id="one accent too many"),
        pytest.param("á" * 66 + "🏠" + "á" * 65, 2, id="emoji at the end of a part, room left"),
        pytest.param("á" * 66 + "🏠" + "á" * 66, 3, id="emoji is not split, so a third part opens"),
    ],
)
def test_segments_at_the_boundaries(text, count):
    assert segments(text) == count


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        pytest.param("Así será el sábado, aquí, según Raúl", "Asi sera el sabado, aqui, segun Raul", id="vowels"),
        pytest.param("ÁNGEL, ÍÑIGO, ÓSCAR, ÚRSULA", "ANGEL, IÑIGO, OSCAR, URSULA", id="capitals"),
        pytest.param("¿Qué día? ¡Mañana, señor Güell!", "¿Qué dia? ¡Mañana, señor Güell!", id="ñ é ü ¿ ¡ stay"),
        pytest.param("man\u0303ana, a\u0301rbol", "mañana, arbol", id="decomposed letters from a Mac"),
        pytest.param("Kʼo jun winaq pa ja’, kꞌo ri bʻe", "K'o jun winaq pa ja', k'o ri b'e", id="K'iche' apostrophes"),
        pytest.param("k`o, k´o, k‘o, k′o", "k'o, k'o, k'o, k'o", id="what keyboards make of the saltillo"),
        pytest.param("sibʼaläj, ïk, wuqubʼ ë", "sib'aläj, ik, wuqub' e", id="lax vowels: ä fits, ë ï do not"),
        pytest.param("“no abra” «la puerta» ‘hoy’", '"no abra" "la puerta" \'hoy\'', id="quotes"),
        pytest.param("9–5 — lunes‑viernes − hoy", "9-5 - lunes-viernes - hoy", id="dashes"),
        pytest.param("Espere… 1º piso, 2ª puerta", "Espere... 1o piso, 2a puerta", id="ellipsis and ordinals"),
        pytest.param("a\u00a0b\u2009c\td\u200be\ufeff\u00adf", "a b c def", id="spaces and zero width"),
        pytest.param("€5 [aquí] ~ {x}", "€5 [aqui] ~ {x}", id="extension characters stay"),
    ],
)
def test_what_is_written_and_what_is_sent(written, sent):
    assert fold_for_sms(written) == sent
    assert non_gsm(sent) == ()


@pytest.mark.parametrize("text", ["Ayuda 🏠🚨", "帮助", "Помощь", "ção", "\ud83d", "ﷺ ½ ™ •"])
def test_what_has_no_equivalent_stays_and_is_named(text):
    assert fold_for_sms(text) == text
    assert set(non_gsm(text)) == {character for character in text if not character.isascii()}
    assert encoding(text) is Encoding.UCS2


def test_non_gsm_names_each_character_once_in_order():
    assert non_gsm("sí 🏠 sí á 🏠") == ("í", "🏠", "á")


def test_dots_that_would_open_another_segment_stay_one_sign():
    crowded = "…" * 70
    assert fold_for_sms(crowded) == crowded
    assert fold_for_sms("…" * 20) == "..." * 20


@given(st.one_of(ANY_TEXT, USUAL_TEXT))
@example("a" + "\u0301" * 5)
@example("a\u200d\u0301")
@example("\u0958" * 70)
@settings(max_examples=300, deadline=None)
def test_folding_twice_is_folding_once_and_costs_no_more(text):
    folded = fold_for_sms(text)
    assert fold_for_sms(folded) == folded
    assert segments(folded) <= segments(text)


@given(ANY_CHARACTER)
@settings(max_examples=500)
def test_a_character_is_kept_or_told_in_gsm(character):
    folded = fold_for_sms(character)
    composed = unicodedata.normalize("NFC", character)
    assert folded in (character, composed) or encoding(folded) is Encoding.GSM7


@given(st.text(st.sampled_from(sorted(GSM)), max_size=400))
def test_what_already_fits_is_not_touched(text):
    assert fold_for_sms(text) == text
