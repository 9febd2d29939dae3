"""Fields in texts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording.errors import MissingValue
from bot.wording.fill import LONGEST_VALUE, check_placeholders, clean_value, fill, placeholders

ALLOWED = frozenset({"orr", "place", "area_line", "owner"})


def test_placeholders_are_the_names_of_fields():
    assert placeholders("Llame al $orr o ${orr}. Cerca de $place: $area_line. Cuesta $$5.") == {
        "orr",
        "place",
        "area_line",
    }


@pytest.mark.parametrize(
    ("text", "offenders"),
    [
        pytest.param("Llame al $orr cerca de ${place}.", (), id="all known"),
        pytest.param("Cuesta $$5.", (), id="a dollar"),
        pytest.param("Llame al $ore.", ("$ore",), id="misspelled"),
        pytest.param("Llame al $ORR.", ("$ORR",), id="capitals are another name"),
        pytest.param("Cuesta $5 o más.", ("$5 o más.",), id="a dollar that should be two"),
        pytest.param("Cerca de ${place", ("${place",), id="brace left open"),
        pytest.param("$", ("$",), id="a dollar alone"),
        pytest.param("$x $orr $5\n$x", ("$x", "$5"), id="several, each once"),
    ],
)
def test_offenders_are_told_as_they_stand(text, offenders):
    assert check_placeholders(text, ALLOWED) == offenders


def test_values_are_put_in():
    assert fill("Cerca de $place: ${orr}. Cuesta $$5.", {"place": "Cicero", "orr": "1-800-203-7001", "x": "y"}) == (
        "Cerca de Cicero: 1-800-203-7001. Cuesta $5."
    )


@pytest.mark.parametrize(
    ("text", "values", "names"),
    [
        pytest.param("Llame al $orr.", {}, ("orr",), id="no value"),
        pytest.param("Llame al $orr.", {"orr": " \n "}, ("orr",), id="blank value"),
        pytest.param("Llame al $orr.", {"orr": "\u200b"}, ("orr",), id="invisible value"),
        pytest.param("$orr, $place", {"place": "Cicero"}, ("orr",), id="one of two"),
        pytest.param("Cuesta $5.", {}, ("$5.",), id="stray dollar"),
    ],
)
def test_a_hole_is_refused_with_its_evidence(text, values, names):
    with pytest.raises(MissingValue) as caught:
        fill(text, values)
    assert (caught.value.text, caught.value.names) == (text, names)


@pytest.mark.parametrize("value", ["$orr", "${orr}", "$$", "$", "{place}", "%s", "\\1", "<b>"])
def test_a_value_is_words_and_nothing_else(value):
    assert fill("cerca de $place", {"place": value, "orr": "1-800"}) == f"cerca de {value}"


@pytest.mark.parametrize(
    ("typed", "put_in"),
    [
        pytest.param("  Los\r\nÁngeles\t ", "Los Ángeles", id="lines collapse"),
        pytest.param("Ci\x00ce\x07ro\x1b[0m", "Cicero[0m", id="control characters"),
        pytest.param("Cicero\u202egro.live", "Cicerogro.live", id="direction override"),
        pytest.param("a \u200b b", "a b", id="nothing between two spaces"),
        pytest.param("Cice\ud83dro", "Cicero", id="half of an emoji"),
        pytest.param("Me\u0301xico", "México", id="composed"),
        pytest.param("x" * 200, "x" * LONGEST_VALUE, id="cut"),
        pytest.param("x" * 79 + " y", "x" * 79, id="cut leaves no space at the end"),
    ],
)
def test_values_are_cleaned(typed, put_in):
    assert clean_value(typed) == put_in


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_no_value_can_break_the_line_or_hide_in_it(value):
    cleaned = clean_value(value)
    assert len(cleaned) <= LONGEST_VALUE
    assert cleaned == cleaned.strip() and "\n" not in cleaned
    assert not {unicodedata.category(character) for character in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
