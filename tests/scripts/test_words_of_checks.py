"""What counts as a typed number, a link, a misread accent, a word we do not say: with what must pass beside it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language import Language
from bot.scripts.checks.alphabet import misread
from bot.scripts.checks.beside import is_copy, options
from bot.scripts.checks.fields import typed_links, typed_numbers
from bot.scripts.checks.lock_screen import telling
from bot.scripts.checks.wording import wrong_words
from bot.wording.gsm7 import fold_for_sms

SHORT = {"911", "988", "211", "66467", "110", "122", "126", "079"}

NUMBERS = {
    "with hyphens": "Llame al 1-800-203-7001.",
    "with spaces and the code of a country": "Llame al +502 7761 2179 hoy.",
    "with brackets": "Call (520) 623-7874.",
    "with dots": "520.623.7874",
    "in one piece": "5206237874",
    "seven digits": "623-7874",
    "an A-number": "A 123 456 789",
    "with letters at its end": "Llame 1-800-LLAME ya.",
    "in digits of full width": "\uff15\uff12\uff10\uff16\uff12\uff13\uff17\uff18\uff17\uff14",
    "911": "Llame al 911.",
    "988 beside a word": "988: alguien escucha.",
    "a short code": "Mande NINOS al 66467.",
}
NO_NUMBERS = {
    "forms": "EOIR-33, AR-11, I-200, I-205, I-9, N-400 y G-28.",
    "a year": "Desde 2025 piden más pruebas; en octubre de 2026 cambia.",
    "two years": "En 2025-2026 o 2025/2026.",
    "hours and days": "Espere 48 horas, 72 horas, 30 días, 180 days.",
    "days of the year": "El 15/10/2026, o 2026-10-15.",
    "ages": "Menores de 18 y 21 años.",
    "digits of a menu": "Escriba 1, 2 o 3.",
    "a count that is a short number too": "Tiene 110 días o 122 horas.",
    "money": "Cuesta 1,500 dólares.",
    "a share of time": "24/7, a toda hora",
    "a street": "Vive en 26 Street 1460",
}


@pytest.mark.parametrize("name", NUMBERS)
def test_a_typed_number(name: str) -> None:

    assert typed_numbers(unicodedata.normalize("NFKC", NUMBERS[name]), SHORT)


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_no_typed_number(name: str) -> None:
    assert typed_numbers(NO_NUMBERS[name], SHORT) == ()


@settings(deadline=None)
@given(
    st.text("0123456789", min_size=7, max_size=15),
    st.lists(st.sampled_from(["", "-", " ", ".", "(", ") "]), min_size=15, max_size=15),
    st.sampled_from(["Llame al {}.", "{} es la línea", "Tel: {}, de día"]),
)
def test_however_a_long_number_is_dressed_it_is_found(digits: str, dress: list[str], sentence: str) -> None:
    dressed = "".join(digit + between for digit, between in zip(digits, dress, strict=False)).strip(" -.()")
    assert typed_numbers(sentence.format(dressed), SHORT)


LINKS = {
    "a site": "Vea locator.ice.gov hoy.",
    "with https": "https://acis.eoir.justice.gov",
    "with www": "www.minex.gob.gt",
    "short": "bit.ly/abc",
    "mail": "Escriba a ayuda@example.org.",
    "an unusual ending with a path": "ejemplo.xyz/ayuda",
    "at the end of a sentence": "Está en immigrationlawhelp.org.",
}
NO_LINKS = {
    "initials": "En EE.UU. hay ayuda. I.N.M. también.",
    "full stops": "No abra. Diga: no. Sí.",
    "hours": "De 9 a.m. a 5 p.m.",
    "an ellipsis": "Espere... ya vienen.",
    "one of two": "y/o su hijo",
}


@pytest.mark.parametrize("name", LINKS)
def test_a_typed_link(name: str) -> None:
    assert typed_links(LINKS[name])


@pytest.mark.parametrize("name", NO_LINKS)
def test_no_typed_link(name: str) -> None:
    assert typed_links(NO_LINKS[name]) == ()


# The Spanish, and the word that an SMS turns into another; None where nobody is misled.
ACCENTS = {
    "yes is read as if": ("Usted sí puede callar.", "sí"),
    "yes at the end": ("Si dicen que sí, váyase.", None),
    "yes or no": ("Conteste sí o no.", None),
    "fathers are read as potatoes": ("Llame a sus papás.", "papás"),
    "she is hurt, this wound": ("Mi hija está herida.", "está"),
    "where it is": ("¿Dónde está su hijo?", None),
    "he is detained": ("Si está detenido, calle.", None),
    "for me": ("Es para mí una ayuda.", "mí"),
    "near me": ("ayuda cerca de mí", None),
    "still, even": ("Aún con papeles, calle.", "Aún"),
    "not yet": ("Aún no ha llegado.", None),
    "did, towards": ("Hacía la casa.", "Hacía"),
    "paid, I pay": ("Si ya pagó, pida recibo.", "ya pagó"),
    "how, like": ("No tiene que decir cómo entró.", None),
    "more, but": ("Hay más ayuda.", None),
}


@pytest.mark.parametrize("name", ACCENTS)
def test_accents_that_an_sms_loses(name: str) -> None:
    spanish, expected = ACCENTS[name]
    found = [said for said, _, _ in misread(spanish)]
    assert found == ([expected] if expected else [])
    if expected:
        assert fold_for_sms(spanish) != spanish, "what arrives as it was written cannot be misread"


def test_what_an_sms_keeps_is_no_pair() -> None:
    kept = "El año, él, té, sé, dé, qué, pérdida, inglés, aunque, ¿niño? ¡vergüenza!"
    assert fold_for_sms(kept) == kept and list(misread(kept)) == []


# Language, words, and what is found in them; None for what may be said.
WORDS = {
    "a person is illegal": (Language.ES, "Aunque usted sea ilegal, calle.", "ilegal"),
    "an act is illegal": (Language.ES, "Es ilegal que no le paguen.", None),
    "an act is illegal, with a verb": (Language.ES, "Es ilegal cobrarle por esto.", None),
    "illegals": (Language.EN, "They look for illegals.", "illegals"),
    "he is illegal": (Language.EN, "He is illegal here.", "illegal"),
    "it is illegal to": (Language.EN, "It is illegal to fire you for that.", None),
    "foreigners": (Language.ES, "Los extranjeros pueden callar.", "extranjeros"),
    "abroad": (Language.ES, "Si llama desde el extranjero, espere.", None),
    "alien": (Language.EN, "Alien registration.", "Alien"),
    "a person is a case": (Language.ES, "Atendemos este caso mañana.", "este caso"),
    "cases of people": (Language.ES, "Hay casos de familias así.", "casos de familias"),
    "her case in court": (Language.ES, "Pueden abrir otra vez su caso.", None),
    "the case is closed": (Language.ES, "ICE pide cerrar el caso.", None),
    "in any case": (Language.ES, "En todo caso, no abra. En ese caso, calle.", None),
    "rare cases": (Language.ES, "Salvo casos raros.", None),
    "this case, of a person": (Language.EN, "We take this case.", "this case"),
    "in this case": (Language.EN, "In this case stay silent.", None),
    "your case": (Language.EN, "You may open your case again.", None),
    "unfortunately": (Language.EN, "Unfortunately I do not know.", "Unfortunately"),
    "lamentablemente": (Language.ES, "Lamentablemente no puedo.", "Lamentablemente"),
    "as an assistant": (Language.ES, "Como asistente no puedo.", "Como asistente"),
    "in K'iche', a Spanish loan": (Language.QUC, "la ilegal la", "ilegal"),
    "safe": (Language.ES, "Ahí está a salvo.", "está a salvo"),
    "a safe place": (Language.ES, "Pueden buscar con usted un lugar seguro.", None),
    "safe at church": (Language.EN, "You are safe at church.", "You are safe"),
    "safe for now": (Language.EN, "If it is safe, write it down.", None),
    "nobody can read it": (Language.ES, "Nadie puede leer esto.", "Nadie puede leer"),
    "we cannot promise that nobody reads it": (Language.ES, "No puedo prometer que nadie lea esto.", None),
    "nobody knows where": (Language.ES, "nadie sabe dónde está", None),
    "guaranteed": (Language.EN, "Asylum guaranteed.", "guaranteed"),
    "we promise": (Language.ES, "Le prometemos ayuda.", "Le prometemos"),
    "we promise nothing": (Language.ES, "No le prometemos nada.", None),
    "cannot promise": (Language.EN, "I cannot promise you anyone.", None),
}


@pytest.mark.parametrize("name", WORDS)
def test_words_that_wound_or_lie(name: str) -> None:
    language, words, expected = WORDS[name]
    assert [said for _, said in wrong_words(words, language)] == ([expected] if expected else [])


SHOWN = {
    "who writes": (Language.ES, "Hola, aquí Puente, información para familias y sus hijos. Na", False),
    "hitting": (Language.ES, "Nadie tiene derecho a pegarle", True),
    "violence without its accent": (Language.ES, "Si la VIOLO alguien", True),
    "the migra": (Language.ES, "Si la migra viene", True),
    "a visa": (Language.EN, "A visa for you", True),
    "advisable": (Language.EN, "It is advisable; icebox; a diet; notice", False),
    "ICE": (Language.EN, "ICE is here", True),
    "danger in K'iche'": (Language.QUC, "K'o xib'ib'al", True),
    "trata is a word, tratar another": (Language.ES, "Trate de llamar; el trato es bueno", False),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_locked_phone_tells(name: str) -> None:
    language, words, tells = SHOWN[name]
    assert bool(telling(words, language)) is tells


@pytest.mark.parametrize(
    ("text", "other", "copy"),
    [
        ("Guarde silencio y no firme.", "guarde silencio, y no firme", True),
        ("El Salvador", "El Salvador", False),
        ("Honduras: $consulate_hn.", "Honduras: $consulate_hn.", False),
        ("Guarde silencio y no firme.", "Stay silent and sign nothing.", False),
        ("", "", False),
    ],
    ids=["signs aside", "a name", "a field", "translated", "nothing"],
)
def test_a_copy_is_a_sentence_that_stands_in_two_languages(text: str, other: str, copy: bool) -> None:
    assert is_copy(text, other) is copy


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Escriba 2, o la opción 3.", {"2", "3"}),
        ("Write 2, or text 4 to go back.", {"2", "4"}),
        ("Oprima 2 para español; llame al 2-1-1; espere 3 días, desde las 8:30.", set()),
        ("Escriba 0 o 9.", set()),
    ],
    ids=["Spanish", "English", "other numbers", "the bot's own"],
)
def test_the_lines_of_a_menu_that_a_text_names(text: str, named: set[str]) -> None:
    assert options(text) == named
