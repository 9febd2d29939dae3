"""A digit alone, as most messages are, is heard on a short way. It says the same as on the long one, wherever somebody is."""

from __future__ import annotations

import sys
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.directory.aliases import Alias
from bot.directory.naming import Names
from bot.directory.places import Places
from bot.engine.flow import Choice, Script, Sentence, Step, Target
from bot.engine.hear import Ears, _typed, hear
from bot.frozen import replace
from bot.intents.folding import bare
from bot.intents.lexicons import Lexicons
from bot.intents.phrases import read_phrases
from bot.intents.words import Words
from bot.language import Language
from bot.message import Channel, InboundMessage, OptOut, Pin, Tap
from bot.session import Session, Spot
from tests.engine.scenes import CHICAGO, SCRIPT, XELA
from tests.fuzz.talk import release

EARS = release().ears
SPOTS = [None, *(Spot(flow.name, step) for flow in SCRIPT.flows.values() for step in flow.steps)]
TAPACHULA = "MX;;Tapachula;Chiapas;14.90;-92.26;town"
PLACES = [None, CHICAGO, XELA, TAPACHULA]
DRESSES = [
    "{}", " {} ", "{}.", "{})", "({})", "#{}", "-{}-", "¿{}?", "{}!!", "'{}'", "ʼ{}", "{}\n", "\t{}", "{}\u00a0", "\u200b{}",
    "{}\ufe0f\u20e3", "{}\u20e3", "{}\u0301", "{} 👍", "*{}*", "{}…", "«{}»", "{} 🙏🏽",
]  # fmt: skip
NUMBERS = [chr(each) for each in range(sys.maxunicode + 1) if chr(each).isdigit()]
"""Whatever may be a digit to somebody: of all scripts, fullwidth, circled, in brackets, above the line."""
FORMS = [dress.format(digit) for digit in range(10) for dress in DRESSES]
LIKE_A_DIGIT = [*FORMS, "", "10", "2 3", "el 2", "dos", "2 abogado", "z 2", "2a", "911", "②②", "60629", "01010"]


def kinds() -> list[Spot | None]:
    """A place in the flows of each kind that may hear a digit otherwise: where a place is asked for, where a list stands, and so on."""
    found: dict[object, Spot | None] = {}
    for spot in SPOTS:
        step = SCRIPT.step(spot.flow, spot.step) if spot else None
        kind = step and (step.ask, step.services is None, bool(step.choices), step.yes_no is None, step.helped)
        found.setdefault(kind, spot)
    return list(found.values())


def at(spot: Spot | None, place: str | None = None, misses: int = 0) -> Session:
    return Session(language=Language.ES, known=True, at=spot, place=place, misses=misses)


def written(text: str, channel: Channel = Channel.SMS) -> InboundMessage:
    return InboundMessage("SM1", "+12025550100", channel, text)


def is_the_same(session: Session, message: InboundMessage, ears: Ears = EARS) -> bool:
    return hear(ears, session, message) == _typed(ears, session, message, Words.of(message.text))


def test_what_is_written_here_is_a_digit() -> None:
    assert all(bare(form) == form.strip("\ufe0f\u20e3\u0301\u200b\u00a0 .)(#-¿?!'ʼ\n\t👍*…«»🙏🏽") for form in FORMS)
    assert {bare(each) for each in NUMBERS} >= set("0123456789")


@pytest.mark.parametrize("digit", range(10))
def test_at_every_step(digit: int) -> None:
    dressed = [dress.format(digit) for dress in DRESSES]
    for number, spot in enumerate(SPOTS):
        session = at(spot, PLACES[number % 4], number % 3)
        for text in (str(digit), dressed[number % len(dressed)]):
            assert is_the_same(session, written(text)), (spot, text)


@pytest.mark.parametrize("spot", kinds(), ids=str)
def test_in_every_dress_wherever_somebody_is(spot: Spot | None) -> None:
    for text, place, misses in product(LIKE_A_DIGIT, PLACES, (0, 2)):
        for channel in Channel:
            assert is_the_same(at(spot, place, misses), written(text, channel)), (text, place, misses)


def test_in_all_scripts() -> None:
    for text, misses in product(NUMBERS, (0, 2)):
        assert is_the_same(at(Spot("services_near", "first"), XELA, misses), written(text)), text


BESIDE = {
    "a picture": replace(written(""), media=1),
    "forwarded": replace(written(""), forwarded=True),
    "a pin": replace(written(""), pin=Pin(-41.8, -87.7)),
    "answered by the carrier": replace(written(""), opt_out=OptOut.HELP),
}


@pytest.mark.parametrize("beside", BESIDE)
def test_with_something_beside_it(beside: str) -> None:
    for spot, text in product(kinds(), FORMS):
        message = replace(BESIDE[beside], text=text)
        assert is_the_same(at(spot, CHICAGO), message)
    turn = hear(EARS, at(None), replace(BESIDE[beside], text="2"))
    assert turn != hear(EARS, at(None), written("2")) and turn.number == 2


def test_a_tapped_digit_is_no_digit_of_another_menu() -> None:
    tapped = replace(written("2"), tap=Tap("nowhere", "first", 2))
    assert hear(EARS, at(Spot("menu", "first")), tapped).number is None
    assert hear(EARS, at(Spot("menu", "first")), written("2")).number == 2


AROUND = st.text(st.characters(exclude_categories=("L", "N"), exclude_characters=("\u0345",)), max_size=4)


@given(AROUND, st.sampled_from(NUMBERS), AROUND, st.sampled_from(kinds()), st.sampled_from(PLACES))
def test_in_whatever_dress(before: str, digit: str, after: str, spot: Spot | None, place: str | None) -> None:
    assert is_the_same(at(spot, place), written(before + digit + after))


def with_label(english: str) -> Ears:
    """The ears of a release whose menu has a line that is called so; it stands under 3."""
    menu = SCRIPT.flows["menu"]
    labels = [Sentence(f"x.{digit}", english if digit == 3 else "x") for digit in (1, 2, 3)]
    step = replace(menu.first, choices=tuple(Choice(digit, each, Target("y")) for digit, each in enumerate(labels, 1)))
    steps: dict[str, Step] = {**menu.steps, step.name: step}
    return replace(EARS, script=Script.of({**SCRIPT.flows, "menu": replace(menu, steps=steps)}))


def test_a_line_that_is_called_by_a_digit_is_heard() -> None:
    ears, session = with_label("7"), at(Spot("menu", SCRIPT.flows["menu"].first.name))
    for text in ("7", "7.", "(7)", "７"):
        assert is_the_same(session, written(text), ears)
        turn = hear(ears, session, written(text))
        assert (turn.number, turn.label, turn.menu_label) == (7, 3, 3)
    assert hear(EARS, session, written("7")).label is None


def lexicon(*phrases: str) -> Ears:
    """The ears of a release in which these are dangers."""
    return replace(EARS, phrases=Lexicons(read_phrases({"es.yml": {"danger_now": list(phrases)}}, ["danger_now"])))


def test_a_phrase_that_is_a_digit_is_heard() -> None:
    ears = lexicon("= 7", "5 ya")
    for text in ("7", "#7", "5"):
        assert is_the_same(at(None), written(text), ears)
    turn = hear(ears, at(None), written("#7"))
    assert (turn.urgent, turn.spoken) == ("danger_now", Language.ES)
    assert hear(ears, at(None), written("5")).urgent is None


def test_no_place_can_be_called_by_a_digit() -> None:
    known = release().places
    row = known._gazetteer.keys["chicago"][0]
    called = Alias(row, anywhere=True)
    names = Names(known._gazetteer, {**known._names.aliases, "7": called, "wyndmoorita": called})
    ears = replace(EARS, places=Places(known._gazetteer, names, known._everyday, known._codes))
    assert hear(ears, at(Spot("services_near", "first")), written("wyndmoorita")).mentioned is not None
    for spot, text in product(kinds(), ("7", "7.", "(7)", "7\ufe0f\u20e3")):
        assert is_the_same(at(spot, None, 2), written(text), ears)


def test_what_was_kept_of_a_release_ends_with_it() -> None:
    now = release()
    hear(now.ears, at(None), written("7"))
    later = replace(now, phrases=Lexicons(read_phrases({"en.yml": {"danger_now": ["= 7"]}}, ["danger_now"])))
    assert hear(later.ears, at(None), written("7")).urgent == "danger_now"
    assert hear(now.ears, at(None), written("7")).urgent is None
    spot = Spot("menu", SCRIPT.flows["menu"].first.name)
    before, after = now.ears.labels_at(spot), later.ears.labels_at(spot)
    assert before is now.ears.labels_at(spot) and before == after and before is not after


def test_what_is_kept_has_a_bound() -> None:
    ears = replace(EARS)
    for spot, text, channel in product(SPOTS, ("2", "9."), Channel):
        hear(ears, at(spot), written(text, channel))
    for text in LIKE_A_DIGIT:
        hear(ears, at(Spot("nowhere", text)), written(text))
    assert len(ears._labels) <= len(SPOTS) and len(ears._digits) <= 20
