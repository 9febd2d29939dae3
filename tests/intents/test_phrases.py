"""The language of urgent phrases: lists of words, gaps, phrases joined, guards; what a wrong one says; how long it takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content import load_phrases
from bot.intents.phrases import MOST_WORDS, PhraseError, Phrases, read_phrases
from bot.intents.runs import LONGEST_GAP, Choice
from bot.language import Language
from bot.settings import REPOSITORY

INTENT = "agents_here_now"
GUARDED = load_phrases(REPOSITORY / "nlu" / "phrases")


def lexicon(*phrases: str, words: dict[str, str] | None = None, unless: list[str] | None = None) -> Phrases:
    content: dict[str, Any] = {"words": words or {}, INTENT: list(phrases), "unless": {INTENT: unless or []}}
    return read_phrases({"es.yml": content}, [INTENT])


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("migra aqui", "la migra aqui", True),
        ("migra aqui", "aqui la migra", False),
        ("migra aqui", "migra esta aqui", False),
        ("migra|ice aqui|aki", "ICE aki!", True),
        ("toca* puerta", "tocando puerta", True),
        ("toca* puerta", "toc puerta", False),
        ("migra .. aqui", "migra aqui", True),
        ("migra .. aqui", "migra " + "x " * LONGEST_GAP + "aqui", True),
        ("migra .. aqui", "migra " + "x " * (LONGEST_GAP + 1) + "aqui", False),
        ("migra .. ya .. aqui", "migra " + "x " * 6 + "ya " + "x " * 6 + "aqui", True),
        ("migra .. ya .. aqui", "migra ya " + "x " * 7 + "aqui", False),
        ("migra .. .. aqui", "migra " + "x " * 2 * LONGEST_GAP + "aqui", True),
        ("migra .. .. aqui", "migra " + "x " * (2 * LONGEST_GAP + 1) + "aqui", False),
        ("migra & puerta", "en la puerta esta la migra", True),
        ("migra & puerta", "en la puerta no hay nadie", False),
        ("= migra aqui", "migra aqui", True),
        ("= migra aqui", "la migra aqui", False),
        ("= migra aqui", "migra aqui ya", False),
        ("migra aqui unless dicen", "dicen migra aqui", False),
        ("migra aqui unless dicen & facebook", "dicen migra aqui", True),
        ("migra aqui unless dicen unless facebook", "migra aqui en facebook", False),
        ("<agentes> .. <lugar>", "los federales en mi puerta", True),
        ("<agentes>|policia .. <lugar>", "policia en la casa", True),
        ("<lugar> aqui", "ventanas aqui", True),
    ],
)
def test_what_fits(phrase: str, text: str, expected: bool) -> None:
    words = {"migra": "migra ice", "agentes": "<migra> federales agente*", "lugar": "casa puerta ventana*"}
    assert bool(lexicon(phrase, words=words).match(text)) is expected


@pytest.mark.parametrize("last", ["puerta", "mi puerta"])
def test_the_end_of_a_phrase_is_not_taken_for_the_beginning_of_the_next(last: str) -> None:
    phrases = lexicon(f"migra & {last}", "= aqui", "= aqui .. ya")
    assert phrases.match("aqui") and phrases.match("aqui ya")
    assert phrases.match(f"{last} aqui") is None and phrases.match(f"{last} aqui ya") is None


def test_the_guards_of_an_intent_hold_for_the_phrases_of_their_own_file() -> None:
    files: dict[str, Any] = {
        "es.yml": {INTENT: ["migra aqui"], "unless": {INTENT: ["dicen"], "all": ["cuando era"]}},
        "en.yml": {INTENT: ["ice outside"]},
    }
    phrases = read_phrases(files, [INTENT])
    assert phrases.match("la migra aqui") == (INTENT, Language.ES)
    assert phrases.match("dicen la migra aqui") is None
    assert phrases.match("cuando era chico, migra aqui") is None
    assert phrases.match("dicen ice outside") == (INTENT, Language.EN)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({INTENT: ["<agentes> aqui"]}, "no list <agentes>"),
        ({"words": {"uno": "<dos>", "dos": "migra"}}, "no list <dos>"),
        ({"words": {"uno": "Migra"}}, "words: uno.*small letters"),
        ({"words": {"uno": ""}}, "one line"),
        ({"words": {"uno": ["migra"]}}, "one line"),
        ({INTENT: ["migra & "]}, "begin and end"),
        ({INTENT: ["migra unless "]}, "begin and end"),
        ({INTENT: ["= "]}, "begin and end"),
        ({INTENT: ["migra .. & aqui"]}, "begin and end"),
        ({"unless": {INTENT: ["díce"]}}, "small letters"),
        ({"unless": {"pizza": ["dicen"]}}, "pizza"),
    ],
)
def test_what_cannot_be_used_is_named(content: dict[str, Any], says: str) -> None:
    with pytest.raises(PhraseError, match=says) as error:
        read_phrases({"es.yml": content}, [INTENT])
    assert "es.yml" in str(error.value)


QUIET = {
    "hearsay": [
        "ICE esta tocando puertas en el 60629, pasenlo",
        "dicen que la migra anda en la 26",
        "is it true ice is at walmart",
    ],
    "what if": [
        "que hago si la migra toca mi puerta",
        "can they break the door if we dont open",
        "we kape ri migra jas kinban",
    ],
    "long ago": [
        "en mi pueblo mataron a mi hermano y a mi me amenazaron, califico?",
        "my wife is detained and sick, who do I complain to",
        "my husband is detained and he was the only one working",
        "how to talk with my 7 year old about what happens if mom is taken one day",
        "my kids are home alone after school, what should they do if agents knock",
        "ronojel qij kinuchay ri wachijil",
    ],
    "somebody of ours is here": [
        "mi esposo fue deportado a guatemala y mis hijos estan aqui con mi hermana",
        "mis papeles estan aqui",
    ],
    "a way of speaking": [
        "me muero de risa",
        "my phone is dying",
        "esos zapatos me estan matando",
        "me muero de hambre",
    ],
}


@pytest.mark.parametrize("text", [text for texts in QUIET.values() for text in texts])
def test_what_only_sounds_urgent_is_quiet(text: str) -> None:
    assert GUARDED.match(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("algun dia me voy a matar", "self_harm"),
        ("se murio mi perro y me quiero morir", "self_harm"),
        ("la migra esta tocando, ayer tambien vinieron", "agents_here_now"),
        ("he is hitting me what can i do", "danger_now"),
        ("ay ayudenme me esta golpiando mi marido, tiene un machete", "danger_now"),
        ("nos kedamos solos mi ermana y yo", "child_alone"),
        ("they take my dad this morning", "relative_just_taken"),
        ("vivo con mis hijos y ya estan aqui en la puerta", "agents_here_now"),
        ("mis hijos estan aqui solos", "child_alone"),
    ],
)
def test_a_guard_does_not_hush_what_is_said_outright(text: str, intent: str) -> None:
    found = GUARDED.match(text)
    assert found and found[0] == intent


@given(st.lists(st.sampled_from(["migra", "ya", "aqui", "x"]), max_size=30))
def test_a_phrase_is_found_wherever_somebody_counting_words_would_find_it(words: list[str]) -> None:
    def gap(start: int, end: int) -> bool:
        return 0 <= end - start - 1 <= LONGEST_GAP

    at = {word: [place for place, each in enumerate(words) if each == word] for word in ("migra", "ya", "aqui")}
    expected = any(gap(a, b) and gap(b, c) for a in at["migra"] for b in at["ya"] for c in at["aqui"])
    assert bool(lexicon("migra .. ya .. aqui").match(" ".join(words))) is expected


RUNS = [
    run
    for urgent in GUARDED.intents
    for phrase in (*urgent.phrases, *urgent.unless)
    for run in phrase.all_runs()
    if len(run.parts) > 1
]
NEEDED = st.sampled_from(RUNS).map(
    lambda run: [min((*part.words, *part.beginnings)) if part else "x" for part in run.parts]
)
SAID = st.lists(NEEDED | st.lists(st.sampled_from(["no", "mi", "la", "x", "migra"]), max_size=3), max_size=4)


def stands_in(parts: Sequence[Choice | None], words: Sequence[str]) -> set[int]:
    """Behind how many words these parts end that begin with the first; word for word."""
    if not parts:
        return {0}
    first = parts[0]
    if first is None:
        return {gap + end for gap in range(LONGEST_GAP + 1) for end in stands_in(parts[1:], words[gap:])}
    fits = bool(words) and (words[0] in first.words or words[0].startswith(first.beginnings))
    return {1 + end for end in stands_in(parts[1:], words[1:])} if fits else set()


@given(SAID.map(lambda said: [word for some in said for word in some]))
def test_all_that_is_found_together_is_what_is_found_one_by_one(words: list[str]) -> None:
    expected = {
        run
        for run in RUNS
        for start in range(1 if run.whole else len(words))
        if (ends := stands_in(run.parts, words[start:])) and (not run.whole or len(words) in ends)
    }
    found = GUARDED._finder.found(words)
    assert {run for run in found if len(run.parts) > 1} == expected
    for urgent in GUARDED.intents:
        assert urgent.held(found) == [phrase for phrase in urgent.phrases if phrase.holds(found)]


def test_the_longest_message_takes_little_time() -> None:
    # Words that begin very many phrases. The bound is generous: it is there to catch a phrase language that explodes.
    text = " ".join(("they me ice mi no esta la house").split() * (MOST_WORDS // 8))
    started = time.process_time()
    for _ in range(20):
        GUARDED.match(text)
    assert (time.process_time() - started) / 20 < 0.02
