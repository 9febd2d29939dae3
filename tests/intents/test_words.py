"""Words and phrases that need no model: reserved words on both channels, urgent phrases, the language of small words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import language
from bot.content import load_phrases
from bot.intents import folding
from bot.intents.folding import bare, fold
from bot.intents.phrases import PhraseError, read_phrase, read_phrases
from bot.intents.reserved import CARRIER_WORDS, Word, reserved
from bot.language import Language, spoken
from bot.message import Channel
from bot.settings import REPOSITORY

PHRASES = load_phrases(REPOSITORY / "nlu" / "phrases")

RESERVED = {
    "STOP": (Word.CARRIER_STOP, Word.STOP),
    "stop": (Word.CARRIER_STOP, Word.STOP),
    " Unsubscribe ": (Word.CARRIER_STOP, Word.STOP),
    "STOP.": (Word.STOP, Word.STOP),
    "ALTO": (Word.STOP, Word.STOP),
    "ya no me escriban": (Word.STOP, Word.STOP),
    "BAJA": (Word.ASK_STOP, Word.ASK_STOP),
    "START": (Word.START, Word.START),
    "HELP": (Word.HELP, Word.HELP),
    "INFO": (Word.HELP, Word.HELP),
    "AYUDA": (Word.HELP, Word.HELP),
    "¡Ayuda!": (Word.HELP, Word.HELP),
    "MENÚ": (Word.MENU, Word.MENU),
    "Salir": (Word.EXIT, Word.EXIT),
    "borrar": (Word.ERASE, Word.ERASE),
    "DELETE": (Word.ERASE, Word.ERASE),
    "más": (Word.MORE, Word.MORE),
    "Español": (Word.LANGUAGE, Word.LANGUAGE),
    "K'iche'": (Word.LANGUAGE, Word.LANGUAGE),
    "kꞌicheꞌ": (Word.LANGUAGE, Word.LANGUAGE),
    "AYUDA me está golpeando": (None, None),
    "quiero borrar mis datos": (None, None),
    "alto ahi": (None, None),
    "no hablo español": (None, None),
    "yes": (None, None),
    "": (None, None),
}


@pytest.mark.parametrize("text", RESERVED)
def test_reserved(text: str) -> None:
    for channel, expected in zip((Channel.SMS, Channel.WHATSAPP), RESERVED[text], strict=True):
        found = reserved(text, channel)
        assert (found.word if found else None) is expected


def test_the_carriers_words_tell_nothing_about_the_language() -> None:
    for word in CARRIER_WORDS - {"yes"}:
        found = reserved(word, Channel.WHATSAPP)
        assert found and found.language is None


URGENT = {
    "la migra esta en mi puerta": "agents_here_now",
    "LA MIGRA ESTÁ AFUERA": "agents_here_now",
    "hay agentes de ice tocando la puerta ahorita": "agents_here_now",
    "ICE is outside my house right now": "agents_here_now",
    "E kʼo polisiʼy chuchiʼ ri wachoch": "agents_here_now",
    "se llevaron a mi esposo": "relative_just_taken",
    "se yevaron ami papa": "relative_just_taken",
    "ICE took my brother this morning": "relative_just_taken",
    "Xkik'am b'ik ri nutat": "relative_just_taken",
    "AYUDA me está golpeando": "danger_now",
    "he has a gun": "danger_now",
    "Karaj kinukamsaj": "danger_now",
    "se llevaron a mi mama y estoy solo": "child_alone",
    "im alone with my little brother they took my mom": "child_alone",
    "911": "danger_now",
    "¡Emergencia!": "danger_now",
    "puedo llamar al 911 sin papeles": None,
    "ya no quiero vivir": "self_harm",
    "i want to kill myself": "self_harm",
    "que hago si viene la migra": None,
    "dicen que la migra esta en la 26": None,
    "what do I do if ICE comes to my house": None,
    "is it true that ice is at walmart": None,
    "se llevaron a mi tio hace 3 meses": None,
    "abogado 60629": None,
    "se llevaron mi carro": None,
    "me siento sola": None,
    "": None,
}


@pytest.mark.parametrize("text", URGENT)
def test_urgent_phrases(text: str) -> None:
    found = PHRASES.match(text)
    assert (found[0] if found else None) == URGENT[text]


def test_the_language_of_a_phrase_is_known() -> None:
    found = PHRASES.match("Karaj kinukamsaj")
    assert found and found[1] is Language.QUC


def test_a_very_long_text_is_read_at_both_ends() -> None:
    story = "mi primo vive lejos y trabaja mucho " * 60
    assert PHRASES.match(f"la migra esta en mi puerta {story}")
    assert PHRASES.match(f"{story} la migra esta en mi puerta")


@given(st.text(max_size=400))
def test_any_text_can_be_matched(text: str) -> None:
    assert PHRASES.match(text) is None or PHRASES.match(text)
    assert bare(bare(text)) == bare(text)
    assert fold(text) == fold(text).strip()


@pytest.mark.parametrize("wrong", ["Migra aqui", "migra .. ", ".. migra", "migrá", "*", ""])
def test_a_phrase_that_cannot_be_used_is_named(wrong: str) -> None:
    with pytest.raises(PhraseError, match="es.yml"):
        read_phrase(wrong, "es.yml", Language.ES)
    with pytest.raises(PhraseError, match="pizza"):
        read_phrases({"es.yml": {"pizza": ["quiero pizza"]}}, ["danger_now"])


SPOKEN = {
    "necesito ayuda para mi hijo": Language.ES,
    "I need help with my son": Language.EN,
    "Kwaj jun tob'anik": Language.QUC,
    "kwaj jun tobanik": Language.QUC,
    "Jas kinbʼan we kape ri polisiʼy": Language.QUC,
    "60629": None,
    "ok": None,
    "": None,
}


def test_no_small_word_shows_two_languages() -> None:
    every = [word for words in language._MARKS.values() for word in words]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("text", SPOKEN)
def test_the_language_of_small_words(text: str) -> None:
    assert spoken(text) is SPOKEN[text]


def test_folding_remembers_letters_of_our_alphabets_and_nothing_else() -> None:
    every = "".join(map(chr, (*range(0x3000), *range(0x1F300, 0x1F700))))
    assert fold(f"¿Ádiós {every} K’iche’?") == fold(f"¿Ádiós {every} K’iche’?")
    assert set(folding._FOLDED) == set(range(folding._KNOWN))


FOLDED = {
    "Adiós, ¿qué?": "adios que",
    "MAÑANA": "manana",
    "Kꞌicheʼ k´o `k’": "k'iche' k'o k'",
    "aŉa": "a'na",
    "co\u00adche\u200d\u0301 \U0001f691": "coche",
    "ﬁrma №5 ½": "firma no5 1 2",
    "9:30\u00a0a.m.": "9 30 a m",
    "''": "",
}


@pytest.mark.parametrize("text", FOLDED)
def test_a_text_is_folded(text: str) -> None:
    assert fold(text) == FOLDED[text]
