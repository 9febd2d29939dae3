"""Syllables and reading levels: words that were counted by hand, and texts whose order everybody would agree with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import Language
from bot.wording.reading import (
    FEWEST_WORDS,
    SIXTH_GRADE,
    english_syllables,
    hardest_sentence,
    level,
    reading,
    sentences_of,
    spanish_syllables,
)

# With the syllables written out: what the Spanish Academy's rules of spelling give.
SPANISH = """
    si no-ve-no a-bo-ga-do ca-sa ni-ño mie-do juez ciu-dad cui-da-do Gua-te-ma-la hue-llas pue-blo es-cue-la
    dí-a pa-ís rí-o o-í-do re-ír ma-íz a-ún le-er po-e-ta a-ho-ra al-co-hol zo-o-ló-gi-co o-es-te
    prohi-bir pro-hí-be ahi-ja-do ve-hí-cu-lo bú-ho a-hí ahu-mar
    que quien quie-ro a-quí se-guir gui-tar-ra guer-ra ver-güen-za pin-güi-no a-ve-ri-güéis
    muy rey hay y yo ma-yo pla-ya i-ba de-por-ta-ción in-mi-gra-ción or-ga-ni-za-cio-nes de-re-chos
    tam-bién us-ted es-táis viu-da huér-fa-no a-é-re-o
    ABOGADO=4 INM=1 ZIP=1 EE=2 K'iche'=2
"""
ENGLISH = {
    1: "a I no yes home safe called names through eight while don't they'll papers'=2 court child",
    2: "judge's boss's lawyer people paper table open wanted police silent safety=3 someone family=3 going lying visa",
    3: "immigrant=3 another officer violent=3 together remember video=3 agency hospital area=2 appointment",
    4: "immigration information deportation understanding=4 emergency",
    5: "representatives=5 organization university",
}


def counted(words: str) -> list[tuple[str, int]]:
    """Words written with hyphens between their syllables, or with their number behind =."""
    pairs = (word.partition("=") for word in words.split())
    return [(word.replace("-", ""), int(number) if number else word.count("-") + 1) for word, _, number in pairs]


@pytest.mark.parametrize(("word", "expected"), counted(SPANISH))
def test_spanish_syllables(word: str, expected: int) -> None:
    assert spanish_syllables(word) == expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        (word, int(own) if own else number)
        for number, words in ENGLISH.items()
        for word, _, own in (w.partition("=") for w in words.split())
    ],
)
def test_english_syllables(word: str, expected: int) -> None:
    assert english_syllables(word) == expected


SENTENCES = {
    "initials end none": ("En EE.UU. llame al 911. No espere.", ["En EE.UU. llame al 911.", "No espere."]),
    "questions and cries": ("¿Dónde está? ¡Corra! Ya.", ["¿Dónde está?", "¡Corra!", "Ya."]),
    "a semicolon parts, a colon does not": ("Diga: no; espere.", ["Diga: no;", "espere."]),
    "quotes close a sentence": ('Diga "no puedo." Espere.', ['Diga "no puedo.', "Espere."]),
    "nothing": ("", []),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences(name: str) -> None:
    text, expected = SENTENCES[name]
    assert sentences_of(text) == expected


def test_the_score_is_that_of_the_formula() -> None:
    # 8 words, 2 sentences, 15 syllables: No a-bra la puer-ta. Pi-da un a-bo-ga-do. = 1+2+1+2+2+1+4 = 13
    found = reading("No abra la puerta. Pida un abogado.", Language.ES)
    assert found is not None and (found.words, found.sentences, found.syllables) == (7, 2, 13)
    assert found.score == pytest.approx(206.84 - 60 * 13 / 7 - 1.02 * 7 / 2)
    found = reading("Do not open the door. Ask for a lawyer.", Language.EN)
    assert found is not None and (found.words, found.sentences, found.syllables) == (9, 2, 11)
    assert found.score == pytest.approx(206.835 - 84.6 * 11 / 9 - 1.015 * 9 / 2)


def test_fields_and_numbers_are_no_words() -> None:
    plain, with_them = reading("Llame ahora.", Language.ES), reading("Llame ahora al $orr 48.", Language.ES)
    assert plain is not None and with_them is not None and with_them.words == plain.words + 1  # al


HARDER = {
    Language.ES: (
        "No abra. Pida un abogado. No firme nada.",
        "Si los agentes entran a su casa, diga que no da permiso y que quiere hablar con un abogado.",
        "La notificación administrativa deberá presentarse personalmente ante la autoridad jurisdiccional competente.",
    ),
    Language.EN: (
        "Do not open. Ask for a lawyer. Sign nothing.",
        "If the agents come into your home, say that you do not agree and that you want to talk to a lawyer.",
        "Administrative notification necessitates presentation before the competent jurisdictional authority.",
    ),
}


@pytest.mark.parametrize("language", HARDER)
def test_what_is_harder_scores_less(language: Language) -> None:
    scores = [found.score for text in HARDER[language] if (found := reading(text, language))]
    assert scores == sorted(scores, reverse=True) and len(scores) == 3
    assert scores[0] > SIXTH_GRADE[language] > scores[2]


def test_the_hardest_sentence_is_the_longest() -> None:
    assert hardest_sentence("No abra. Pida en EE.UU. un abogado hoy. Ya.") == "Pida en EE.UU. un abogado hoy."
    assert hardest_sentence("") == ""


LEVELS = {
    "short: no grade": (Language.ES, "No abra la puerta. Pida un abogado.", None, 4),
    "short English: no grade": (Language.EN, "Do not open the door. Ask for a lawyer.", None, 5),
    "easy Spanish": (Language.ES, "No abra la puerta. Pida un abogado. No firme nada hoy. " * 3, 4, 4),
    "easy English": (Language.EN, "Do not open the door. Ask for a lawyer. Sign no paper now. " * 3, 1, 5),
    "a law in Spanish": (Language.ES, f"{HARDER[Language.ES][2]} " * 3, 13, 11),
    "a law in English": (Language.EN, f"{HARDER[Language.EN][2]} " * 4, 13, 9),
}


@pytest.mark.parametrize("name", LEVELS)
def test_years_of_school_are_told_of_what_is_long_enough(name: str) -> None:
    language, text, years, longest = LEVELS[name]
    found = level(text, language)
    assert found is not None and (found.years, found.longest) == (years, longest)


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    text = "If the agents come into your home, say that you want to talk to a lawyer before you sign. " * 2
    read, found = reading(text, Language.EN), level(text, Language.EN)
    assert read is not None and found is not None and read.words >= FEWEST_WORDS
    assert found.years == round(0.39 * read.words / read.sentences + 11.8 * read.syllables / read.words - 15.59)


def test_letters_of_a_word_on_average_and_none_for_kiche() -> None:
    found = level("No abra $orr la puerta 911.", Language.ES)
    assert found is not None and found.letters == (2 + 4 + 2 + 6) / 4
    assert level("Utz ri ja.", Language.QUC) is None and level("911 $orr", Language.ES) is None


def test_no_words_no_level_and_kiche_has_no_formula() -> None:
    assert reading("911 $orr ...", Language.ES) is None
    with pytest.raises(KeyError):
        reading("Utz.", Language.QUC)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_level_or_none(text: str) -> None:
    for language in (Language.ES, Language.EN):
        found = reading(text, language)
        assert found is None or (found.syllables >= found.words >= found.sentences >= 1)
