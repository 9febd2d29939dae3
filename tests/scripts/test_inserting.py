"""Organizations as fields: what they stand for, when their sentence is left out, and the field for what somebody typed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.directory.directory import Directory
from bot.directory.organizations import PHONE, Organizations, is_field, value_of
from bot.engine.flow import Sentence
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel
from bot.scripts.checks.fields import strange_fields, typed_addresses
from bot.scripts.fact import read_fields
from bot.scripts.inserting import number_field, site_field
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import from_environment
from tests.directory.made import TODAY, a_service, phone
from tests.scripts.filling import WHOLE

CASA = a_service("Casa Prueba (CAP)", organization_id="1234abcd-0000", name_es="Casa de Prueba")
SHUT = a_service("Shut Door", organization_id="5678abcd-0000", status="inactive")
OFFICE = a_service("Consulate of Nowhere", organization_id="9999abcd-0000", exclusions=frozenset({"consulate"}))
MADE = Organizations.of((CASA, SHUT, OFFICE))
NAME, NUMBER = "org_casa_prueba_cap_1234abcd", "tel_casa_prueba_cap_1234abcd"


def test_the_fields_of_an_organization_are_readable_and_end_in_its_code() -> None:
    named = MADE.by_code["1234abcd"]
    assert (named.field(), named.field(PHONE)) == (NAME, NUMBER)
    assert [is_field(each) for each in (NAME, NUMBER, "orr", "organ", "tel_")] == [True, True, False, False, False]


def test_a_field_stays_the_same_when_the_name_changes() -> None:
    renamed = Organizations.of((replace(CASA, name="House of Tests"),))
    assert renamed.find(NAME) == ("org", renamed.by_code["1234abcd"])


def said(name: str, language: Language = Language.EN, day: date = TODAY, unconfirmed: bool = False) -> str:
    return value_of(MADE, language, day, unconfirmed, "(?)", name)


@pytest.mark.parametrize(
    ("name", "language", "value"),
    [
        pytest.param(NAME, Language.EN, "Casa Prueba (CAP)", id="name"),
        pytest.param(NAME, Language.ES, "Casa de Prueba", id="Spanish name"),
        pytest.param(NAME, Language.QUC, "Casa de Prueba", id="in K'iche' the Spanish name"),
        pytest.param(NUMBER, Language.ES, "312-555-0100", id="number"),
        pytest.param("org_5678abcd", Language.ES, "", id="closed: nothing, so that the sentence goes"),
        pytest.param("org_9999abcd", Language.ES, "", id="an office of a government"),
        pytest.param("org_0000abcd", Language.ES, "", id="not there"),
    ],
)
def test_what_a_field_stands_for(name: str, language: Language, value: str) -> None:
    assert said(name, language) == value


def test_a_number_is_given_like_any_other_only_once_it_is_confirmed() -> None:
    later = TODAY + timedelta(days=800)
    assert said(NUMBER, day=later) == ""
    assert said(NUMBER, day=later, unconfirmed=True) == "312-555-0100(?)"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("Go to Casa Prueba today.", ["Casa Prueba"], id="without its short form"),
        pytest.param("Vaya a CASA DE PRUEBA.", ["CASA DE PRUEBA"], id="Spanish name, in capitals"),
        pytest.param("Chab'ana rech Casa Prueba.", ["Casa Prueba"], id="in K'iche'"),
        pytest.param("Pregunte en CAP.", [], id="too short to be sure"),
        pytest.param("A casa, de prueba.", ["casa, de prueba"], id="marks do not hide it"),
        pytest.param("Casa de la prueba.", [], id="other words"),
    ],
)
def test_names_that_are_typed_are_found(text: str, names: list[str]) -> None:
    assert [name for name, _ in MADE.in_words(text)] == names


@pytest.mark.parametrize(("text", "found"), [("PASO le ayuda.", ["PASO"]), ("Dé un paso; el Paso.", [])])
def test_one_word_is_a_name_only_as_the_organization_writes_it(text: str, found: list[str]) -> None:
    made = Organizations.of((a_service("PASO, West Suburban Action Project", organization_id="aaaa1111"),))
    assert [name for name, _ in made.in_words(text)] == found


RELEASE = replace(WHOLE, directory=Directory.of((replace(CASA, phones=(phone("+12135550199"),)),)))


@pytest.mark.parametrize(
    ("number", "field"),
    [
        ("1-800-203-7001", "$orr"),
        ("(800) 203 7001", "$orr"),
        ("213-555-0199", f"${NUMBER}"),
        ("+1 213 555 0199", f"${NUMBER}"),
        ("213-555-0198", ""),
        ("911", "$emergency_911"),
    ],
)
def test_the_field_for_a_number_that_was_typed(number: str, field: str) -> None:
    assert number_field(RELEASE, number) == field


@pytest.mark.parametrize(
    "link", ["locator.ice.gov", "https://locator.ice.gov/", "WWW.locator.ice.gov", "locator.ice.gov/odls"]
)
def test_the_field_for_an_address_that_was_typed(link: str) -> None:
    assert site_field(RELEASE, link) == "$locator"


def test_an_address_is_one_thing_however_it_is_written() -> None:
    assert typed_addresses("Vea (https://www.ejemplo.org/a?b=c), o example.com.") == (
        "https://www.ejemplo.org/a?b=c",
        "example.com",
    )
    assert site_field(RELEASE, "ejemplo.org") == ""


def test_the_day_on_which_a_fact_was_read_is_a_field_until_it_runs_out() -> None:
    fact = replace(WHOLE.facts["asylum_fees"], checked=date(2026, 11, 23), valid_until=date(2027, 2, 2))
    never = replace(fact, name="never", evidence="recalled", checked=None)
    facts = {"asylum_fees": fact, "never": never}
    assert read_fields(facts) == {"read_asylum_fees": "23/11/2026"}
    assert read_fields(facts, frozenset({"asylum_fees"})) == {}
    release = replace(WHOLE, facts={**WHOLE.facts, **facts}, released=date(2026, 11, 24))
    settings, sentence = from_environment({"ENVIRONMENT": "test"}), Sentence("x.y.z", "Read $read_asylum_fees.")

    def told(day: datetime) -> str:
        made = renderer(release, settings, Session(language=Language.EN), Channel.SMS, day.timestamp())
        return made.voice.say(sentence)

    assert told(datetime(2026, 12, 1, tzinfo=UTC)) == "Read 23/11/2026."
    assert told(datetime(2027, 3, 1, tzinfo=UTC)) == ""
    assert strange_fields("$read_asylum_fees $read_gravity", release) == ("$read_gravity",)


def test_what_is_no_field() -> None:
    assert strange_fields(f"${NAME} $orr $owner $nobody $org_gone_0000ffff", RELEASE) == (
        "$nobody",
        "$org_gone_0000ffff",
    )


@pytest.mark.parametrize("language", Language)
def test_a_family_reads_the_name_and_nothing_while_it_is_closed(language: Language) -> None:
    sentence = Sentence("greet.first.none_such", f"Help: ${NAME}, ${NUMBER}.")
    settings, now = from_environment({"ENVIRONMENT": "test"}), 1_795_600_000.0
    open_, shut = (
        renderer(release, settings, Session(language=language), Channel.SMS, now).voice.say(sentence)
        for release in (RELEASE, replace(RELEASE, directory=Directory.of((replace(CASA, status="inactive"),))))
    )
    assert open_ == f"Help: {'Casa Prueba (CAP)' if language is Language.EN else 'Casa de Prueba'}, 213-555-0199."
    assert shut == ""
