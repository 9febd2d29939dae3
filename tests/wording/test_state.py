"""Draft, reviewed, stale: the comment lines and what they are worth beside the texts of today."""

from datetime import date
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.frozen import replace
from bot.language import Language
from bot.wording.catalog import Entry
from bot.wording.errors import BrokenMark
from bot.wording.state import (
    Marks,
    Review,
    State,
    format_marks,
    parse_marks,
    review,
    state_of,
    text_hash,
)

EN, ES, QUC = Language.EN, Language.ES, Language.QUC
TEXTS = {EN: "Stay calm.", ES: "Mantenga la calma.", QUC: "Utz."}
DAY = date(2026, 11, 23)


def spanish(**changes):
    entry = Entry(
        "home_visit.first.say",
        TEXTS[EN],
        TEXTS[ES],
        State.REVIEWED,
        review=review(ES, DAY, "Rosa Tzoc", TEXTS),
    )
    return replace(entry, **changes)


def kiche(**changes):
    entry = Entry(
        "home_visit.first.say",
        TEXTS[EN],
        TEXTS[QUC],
        State.REVIEWED,
        review=review(QUC, DAY, "Rosa Tzoc", TEXTS),
    )
    return replace(entry, **changes)


def test_hash_is_of_the_composed_text():
    assert text_hash("mañana") == text_hash("man\u0303ana") == "f96868"


@pytest.mark.parametrize(
    ("entry", "english", "spanish_now", "state"),
    [
        pytest.param(spanish(), TEXTS[EN], TEXTS[ES], State.REVIEWED, id="all as it was read"),
        pytest.param(spanish(), "Keep calm.", TEXTS[ES], State.STALE, id="the English changed"),
        pytest.param(spanish(text="Calma."), TEXTS[EN], "Calma.", State.STALE, id="the Spanish itself changed"),
        pytest.param(spanish(review=None, state=State.DRAFT), TEXTS[EN], TEXTS[ES], State.DRAFT, id="never read"),
        pytest.param(spanish(state=State.STALE), TEXTS[EN], TEXTS[ES], State.STALE, id="marked fuzzy by hand"),
        pytest.param(spanish(text=""), TEXTS[EN], "", State.DRAFT, id="emptied"),
        pytest.param(kiche(), TEXTS[EN], TEXTS[ES], State.REVIEWED, id="K'iche' as it was read"),
        pytest.param(kiche(), TEXTS[EN], "Calma.", State.STALE, id="the Spanish beside the K'iche' changed"),
        pytest.param(kiche(text="Utz, utz."), TEXTS[EN], TEXTS[ES], State.STALE, id="K'iche' edited under its review"),
    ],
)
def test_state(entry, english, spanish_now, state):
    assert state_of(entry, english, spanish_now) is state


@pytest.mark.parametrize(
    ("language", "comments", "marks"),
    [
        pytest.param(ES, (), Marks(), id="nothing said"),
        pytest.param(
            ES,
            ("reviewed 2026-11-23 by Rosa Tzoc against en:1a2b3c es:4d5e6f",),
            Marks(Review(DAY, "Rosa Tzoc", ((EN, "1a2b3c"), (ES, "4d5e6f")))),
            id="a review",
        ),
        pytest.param(
            QUC,
            ("reviewed 2026-11-23 by Ana against the odds against en:1a2b3c es:4d5e6f quc:000000",),
            Marks(Review(DAY, "Ana against the odds", ((EN, "1a2b3c"), (ES, "4d5e6f"), (QUC, "000000")))),
            id="a name with our own word in it",
        ),
        pytest.param(
            QUC,
            ("ask Pedro about this", "meaning changed", "cites: [Saqirik; Xb'e q'ij]", "guess: [ja b'i]"),
            Marks(None, True, ("Saqirik", "Xb'e q'ij"), ("ja", "b'i"), ("ask Pedro about this",)),
            id="all other marks, and a note of the translator",
        ),
    ],
)
def test_marks_are_read_and_written(language, comments, marks):
    assert parse_marks(comments, language) == marks
    assert format_marks(marks) == comments


LONG = tuple(f"UD_Kiche-IU almg-examples:{number} (kach'aw la, man katij taj)" for number in range(4))


@pytest.mark.parametrize("width", [20, 30, 40, 60, 76, 78, 300])
def test_a_list_that_a_tool_folded_is_read_and_a_note_behind_it_stays_a_note(width):
    marks = Marks(citations=LONG, guesses=tuple(f"kuban{number}" for number in range(20)))
    assert max(map(len, format_marks(marks))) <= 72
    folded = [part for line in format_marks(marks) for part in wrap(line, width, break_on_hyphens=False)]
    assert parse_marks([*folded, "ask Pedro"], QUC) == replace(marks, notes=("ask Pedro",))


def test_a_bracket_that_nobody_closed_swallows_no_note():
    marks = parse_marks(["cites: [a; b", "ask Pedro", "guess: c"], QUC)
    assert (marks.notes, marks.guesses) == (("ask Pedro",), ("c",))


@pytest.mark.parametrize(
    "comments",
    [
        pytest.param(("cites: a; b", "cites: c"), id="two lines of their own"),
        pytest.param(("cites: [a; b]", "cites: c"), id="one of ours and one of a person"),
        pytest.param(("cites: [a;", "b;", "c]"), id="one that a tool folded"),
        pytest.param(("cites: a; b; a; c",), id="the same row twice"),
    ],
)
def test_a_list_may_stand_in_any_number_of_lines(comments):
    assert parse_marks(comments, QUC).citations == ("a", "b", "c")


def test_a_review_that_a_tool_folded_is_read_and_a_note_behind_it_stays_a_note():
    done = Review(DAY, "Rosa María Tzoc de León", ((EN, "1a2b3c"), (ES, "4d5e6f"), (QUC, "000000")))
    (line,) = format_marks(Marks(done))
    for at in range(len("reviewed "), len(line)):
        if line[at] == " ":
            folded = ("ask Ana", line[:at], line[at + 1 :], "ask Pedro")
            assert parse_marks(folded, QUC) == Marks(done, notes=("ask Ana", "ask Pedro"))


def test_half_a_review_does_not_swallow_what_stands_below():
    with pytest.raises(BrokenMark, match="reviewed 2026-11-23 by Rosa"):
        parse_marks(["reviewed 2026-11-23 by Rosa", "cites: a"], QUC)


@pytest.mark.parametrize(
    ("language", "line"),
    [
        pytest.param(ES, "reviewed by Rosa", id="no day, no hashes"),
        pytest.param(ES, "reviewed 2026-02-30 by Rosa against en:1a2b3c es:4d5e6f", id="a day that does not exist"),
        pytest.param(ES, "reviewed 2026-11-23 by  against en:1a2b3c es:4d5e6f", id="no name"),
        pytest.param(ES, "reviewed 2026-11-23 by Rosa against en:1a2b3c", id="own hash missing"),
        pytest.param(QUC, "reviewed 2026-11-23 by Rosa against en:1a2b3c es:4d5e6f", id="K'iche' own hash missing"),
        pytest.param(ES, "reviewed 2026-11-23 by Rosa against en:1a2b3 es:4d5e6f", id="short hash"),
        pytest.param(ES, "reviewed 2026-11-23 by Rosa against es:4d5e6f en:1a2b3c", id="another order"),
        pytest.param(ES, "reviewed 2026-11-23 by Rosa against en:1a2b3c es:4d5e6f and Ana", id="something after it"),
    ],
)
def test_a_review_that_cannot_be_read_is_told(language, line):
    with pytest.raises(BrokenMark) as caught:
        parse_marks([line], language)
    assert caught.value.mark == " ".join(line.split())
    assert caught.value.mend


def test_two_reviews_of_one_text_are_told():
    line = "reviewed 2026-11-23 by Rosa against en:1a2b3c es:4d5e6f"
    with pytest.raises(BrokenMark):
        parse_marks([line, line.replace("Rosa", "Ana")], ES)


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param(Marks(review=Review(DAY, "  ", ((EN, "1a2b3c"),))), id="a review by nobody"),
        pytest.param(Marks(citations=("utz; maltyox",)), id="a citation with the sign between citations"),
        pytest.param(Marks(guesses=("two words",)), id="a guess of two words"),
        pytest.param(Marks(citations=("",)), id="an empty citation"),
        pytest.param(Marks(citations=("lesson 3 [end",)), id="a bracket that nobody closes"),
    ],
)
def test_a_mark_that_could_not_be_read_again_is_not_written(marks):
    with pytest.raises(BrokenMark):
        format_marks(marks)


@given(
    st.sampled_from(Language),
    st.dates(),
    st.text().filter(str.strip),
    st.fixed_dictionaries(dict.fromkeys(Language, st.text())),
)
def test_a_review_that_was_written_is_read_again(language, day, by, texts):
    done = review(language, day, by, texts)
    (line,) = format_marks(Marks(done))
    assert parse_marks([line], language).review == replace(done, by=" ".join(by.split()))
