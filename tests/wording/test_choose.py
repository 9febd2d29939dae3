"""Which sentence goes out: never another language's without saying so, never a meaning that has passed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import Language
from bot.wording.catalog import Catalog, Entry
from bot.wording.choose import Chosen, text_for
from bot.wording.state import State, review

EN, ES, QUC = Language.EN, Language.ES, Language.QUC
KEY, DURABLE = "home_visit.first.say", "home_visit.first.durable"
NOW = "Do not open without a warrant."
TEXTS = {EN: NOW, ES: "No abra sin una orden.", QUC: "Utz."}


def entry(text, state=State.DRAFT, *, key=KEY, changed=False, done=None):
    return Entry(key, NOW, text, state, meaning_changed=changed, review=done)


def by(language, texts=TEXTS):
    return review(language, date(2026, 11, 23), "Ana", texts)


def catalogs(en=(), es=(), quc=()):
    return {EN: Catalog.of(en, EN), ES: Catalog.of(es, ES), QUC: Catalog.of(quc, QUC)}


PASSED = {"state": State.STALE, "changed": True}
SPANISH = entry(TEXTS[ES], State.REVIEWED, done=by(ES))
DURABLE_ES = entry("No firme nada.", key=DURABLE)


@pytest.mark.parametrize(
    ("language", "words", "chosen"),
    [
        pytest.param(EN, catalogs(), Chosen(NOW, EN, False), id="en: the sentence of the flow"),
        pytest.param(EN, {}, Chosen(NOW, EN, False), id="en: no catalog at all"),
        pytest.param(EN, catalogs(en=[entry("")]), Chosen(NOW, EN, False), id="en: an empty override"),
        pytest.param(EN, catalogs(en=[entry("Wait.")]), Chosen("Wait.", EN, True), id="en: an override nobody read"),
        pytest.param(
            EN,
            catalogs(en=[entry("Wait.", State.REVIEWED, done=by(EN, {EN: "Wait."}))]),
            Chosen("Wait.", EN, False),
            id="en: an override that was read",
        ),
        pytest.param(
            EN,
            catalogs(en=[entry("Old.", **PASSED)]),
            Chosen(NOW, EN, False),
            id="en: an override of an older meaning",
        ),
        pytest.param(
            EN,
            catalogs(en=[entry(NOW, **PASSED), Entry(DURABLE, "Sign nothing.")]),
            Chosen("Sign nothing.", EN, False),
            id="en: the sentence itself is overtaken, so what stays true",
        ),
        pytest.param(
            EN,
            catalogs(en=[entry(NOW, **PASSED)]),
            Chosen(NOW, EN, False),
            id="en: the sentence itself is overtaken, and nothing stays true",
        ),
        pytest.param(
            EN,
            catalogs(en=[entry(NOW), Entry(DURABLE, "Sign nothing.")]),
            Chosen(NOW, EN, True),
            id="en: the sentence itself, written out",
        ),
        pytest.param(ES, catalogs(es=[SPANISH]), Chosen(TEXTS[ES], ES, False), id="es: reviewed"),
        pytest.param(ES, catalogs(es=[entry("No abra.")]), Chosen("No abra.", ES, True), id="es: draft"),
        pytest.param(
            ES,
            catalogs(es=[entry("No abra.", State.STALE)]),
            Chosen("No abra.", ES, True),
            id="es: only wording changed",
        ),
        pytest.param(ES, catalogs(es=[entry("")]), Chosen(NOW, EN, False), id="es: not written yet, and said"),
        pytest.param(ES, catalogs(es=[entry(" \n")]), Chosen(NOW, EN, False), id="es: a blank is not written"),
        pytest.param(ES, catalogs(), Chosen(NOW, EN, False), id="es: no entry, and said"),
        pytest.param(ES, {}, Chosen(NOW, EN, False), id="es: no catalog, and said"),
        pytest.param(
            ES,
            catalogs(es=[entry("Abra.", **PASSED), DURABLE_ES]),
            Chosen("No firme nada.", ES, True),
            id="es: meaning changed, durable text",
        ),
        pytest.param(
            ES,
            catalogs(es=[entry("Abra.", **PASSED)]),
            Chosen("Abra.", ES, True),
            id="es: a label without durable text",
        ),
        pytest.param(
            ES,
            catalogs(es=[entry("Abra.", **PASSED), entry("", key=DURABLE)]),
            Chosen(NOW, EN, False),
            id="es: durable text not written, English and said",
        ),
        pytest.param(
            ES,
            catalogs(es=[entry("Abra.", **PASSED), entry("Firme.", key=DURABLE, **PASSED)]),
            Chosen(NOW, EN, False),
            id="es: durable text passed too, English and said",
        ),
        pytest.param(QUC, catalogs(es=[SPANISH], quc=[entry("Utz.")]), Chosen("Utz.", QUC, True), id="quc: draft"),
        pytest.param(
            QUC,
            catalogs(es=[SPANISH], quc=[entry("Utz.", State.REVIEWED, done=by(QUC))]),
            Chosen("Utz.", QUC, False),
            id="quc: reviewed against this Spanish",
        ),
        pytest.param(
            QUC,
            catalogs(es=[entry("Otra cosa.")], quc=[entry("Utz.", State.REVIEWED, done=by(QUC))]),
            Chosen("Utz.", QUC, True),
            id="quc: reviewed against another Spanish",
        ),
        pytest.param(
            QUC, catalogs(es=[SPANISH]), Chosen(TEXTS[ES], ES, False), id="quc: not written, Spanish and said"
        ),
        pytest.param(
            QUC,
            catalogs(es=[SPANISH], quc=[entry("Utz.", **PASSED)]),
            Chosen(TEXTS[ES], ES, False),
            id="quc: meaning changed, Spanish and said",
        ),
        pytest.param(
            QUC,
            catalogs(es=[SPANISH], quc=[entry("Utz.", **PASSED), entry("Maltyox.", key=DURABLE)]),
            Chosen("Maltyox.", QUC, True),
            id="quc: meaning changed, durable text",
        ),
        pytest.param(QUC, catalogs(), Chosen(NOW, EN, False), id="quc: nothing but English, and said"),
    ],
)
def test_what_goes_out(language, words, chosen):
    assert text_for(KEY, language, NOW, words, DURABLE) == chosen


def test_a_review_against_older_english_is_a_draft_again():
    assert text_for(KEY, ES, "Do not open.", catalogs(es=[SPANISH])) == Chosen(TEXTS[ES], ES, draft=True)


def test_a_review_is_held_against_the_english_that_families_get():
    texts = {EN: "Wait inside.", ES: TEXTS[ES]}
    words = catalogs(en=[entry("Wait inside.")], es=[entry(TEXTS[ES], State.REVIEWED, done=by(ES, texts))])
    assert text_for(KEY, ES, NOW, words) == Chosen(TEXTS[ES], ES, draft=False)


TEXT = st.sampled_from(["", "uno", "dos"])
MARK = st.sampled_from([(State.DRAFT, False), (State.STALE, False), (State.STALE, True)])


@st.composite
def written(draw, language):
    keys = draw(st.sets(st.sampled_from([KEY, DURABLE])))
    drawn = [(key, draw(TEXT), *draw(MARK)) for key in sorted(keys)]
    made = [
        entry(f"{language}:{text}" if text else "", state, key=key, changed=changed)
        for key, text, state, changed in drawn
    ]
    return Catalog.of(made, language)


@given(written(EN), written(ES), written(QUC), st.sampled_from(Language), st.sampled_from([None, DURABLE]))
def test_the_words_are_always_of_the_language_that_is_told(en, es, quc, language, durable):
    chosen = text_for(KEY, language, "en:flow", {EN: en, ES: es, QUC: quc}, durable)
    assert chosen.text.split(":")[0] == chosen.language
    assert chosen.text
