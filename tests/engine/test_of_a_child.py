"""A child is alone: the child is spoken to as one, whoever is grown and writes about it as grown, and else in words that suit both."""

from __future__ import annotations

import pytest

from bot.content import load_phrases
from bot.engine.actions import Offer
from bot.engine.advance import advance
from bot.engine.relay import ABOUT_CHILD, MINOR, RELAYED, SOME_CHILD, WHO_WRITES
from bot.engine.turn import Turn
from bot.frozen import replace
from bot.session import Session, Spot, Writer
from bot.settings import REPOSITORY
from tests.engine.scenes import KNOWN, NOW, SCRIPT, XELA, at, flows_said, heard, turn

PHRASES = load_phrases(REPOSITORY / "nlu" / "relay_phrases", WHO_WRITES)

CHILD, GROWN, EITHER = "child_alone.first", "children_left.first", "child_or_adult.first"

WRITES = {
    # somebody grown: tú and "it is not your fault" would keep a mother at home
    "a mother, her son at school": (GROWN, "mi hijo esta solo en la escuela"),
    "a mother, her daughter at home": (GROWN, "mi hija está sola en la casa"),
    "a mother of several": (GROWN, "mis hijos estan solos en la casa y yo en el trabajo"),
    "mijo": (GROWN, "mijo esta solo en la casa"),
    "my little one": (GROWN, "mi niña esta sola en la casa"),
    "a baby in the car": (GROWN, "mi bebe se quedo solo en el carro"),
    "a grandmother": (GROWN, "mi nieto esta solo, deportaron a sus papas"),
    "an aunt": (GROWN, "mi sobrina esta solita no vino nadie por ella"),
    "says who she is": (GROWN, "soy la abuela, los niños estan solos"),
    "a teacher": (GROWN, "soy maestra, un niño de 8 años esta solo, se llevaron a sus papas"),
    "the children's teacher": (GROWN, "soy la maestra de unos niños que estan solos"),
    "a neighbor": (GROWN, "se llevaron a mi vecina y sus niños se quedaron solos"),
    "his wife was taken": (GROWN, "agarraron a mi esposa y los niños quedaron solos"),
    "detained herself": (GROWN, "estoy detenida y mis hijos estan solos"),
    "alone, his son at school": (GROWN, "estoy solo, mi hijo esta en la escuela"),
    "alone with her son": (GROWN, "estoy sola con mi hijo y tengo miedo"),
    "five years here, no child of five": (GROWN, "tengo 5 años de vivir aqui y mi hijo esta solo en la casa"),
    "a mother (en)": (GROWN, "my son is alone at school"),
    "a father at work (en)": (GROWN, "i am at work and my kids are home alone"),
    "my little girl (en)": (GROWN, "my little girl is alone at school"),
    "an uncle (en)": (GROWN, "my nephew is alone, they took his mom"),
    "eight months pregnant, no child of eight (en)": (GROWN, "im 8 months pregnant and my son is alone at home"),
    "her sister's children (en)": (GROWN, "my sister's kids are home alone, they took her"),
    "the neighbors' children (en)": (GROWN, "my neighbors kids are alone"),
    "alone, her son at school (en)": (GROWN, "i am alone, my son is at school"),
    "a mother (quc)": (GROWN, "ri wal utukel k'o pa tijob'al"),
    "a father (quc)": (GROWN, "walk'wal kitukel e k'o pa ja"),
    "with the Spanish word (quc)": (GROWN, "nu hijo utukel k'o pa escuela"),
    "alone with her child (quc)": (GROWN, "nutukel ruk' ri wal"),
    # the child: it must not be sent out to look whether the agents are gone
    "says to be a child": (CHILD, "soy un niño y estoy solo"),
    "a brother of six, both alone": (CHILD, "mi hermano tiene 6 y estamos solos"),
    "with the little sister": (CHILD, "mis papas no estan, estoy con mi hermanita"),
    "no word of who writes": (CHILD, "se llevaron a mi mama y estoy solo"),
    "tells its age": (CHILD, "tengo 12 años y mi hermanito esta solo conmigo"),
    "minds the little one": (CHILD, "estoy cuidando a mi hermanito, mi mama no llega"),
    "the little one cries": (CHILD, "mi mama no llega y mi hermanito llora"),
    "my sister and I": (CHILD, "mi hermanita y yo estamos solos"),
    "nobody came for me": (CHILD, "no vino nadie por mi a la escuela"),
    "a mother of sixteen": (CHILD, "tengo 16 años y estoy sola con mi bebe"),
    "a minor with a child": (CHILD, "soy menor y estoy sola con mi hija"),
    "the aunt went with hers": (CHILD, "mi tia y sus hijos se fueron y estoy solo"),
    "the mother was taken with her baby": (CHILD, "se llevaron a mi mama y a su bebe y estoy sola"),
    "the neighbor's child": (CHILD, "soy el hijo de la vecina y no hay nadie"),
    "a pupil": (CHILD, "soy una alumna y nadie vino por mi"),
    "her teacher told her": (CHILD, "soy Ana, mi maestra dijo que escriba, estoy sola"),
    "the aunt left them": (CHILD, "mi tia se llevo a sus hijos y nos dejo"),
    "alone with the brothers": (CHILD, "sola con mis hermanos"),
    "her children": (CHILD, "mi mama esta detenida y sus hijos estamos solos"),
    "says to be a child (en)": (CHILD, "i am a kid and i am alone"),
    "a brother of six (en)": (CHILD, "my brother is 6 and we are alone"),
    "with the little brother (en)": (CHILD, "they took my mom and im alone with my little brother"),
    "tells its age (en)": (CHILD, "im 10 and my baby brother is with me, mom is gone"),
    "the kid brother (en)": (CHILD, "me and my kid brother are home alone"),
    "home alone with them (en)": (CHILD, "home alone with my brothers they took papi"),
    "a pupil (en)": (CHILD, "i am a student and nobody picked me up"),
    "the mother took the baby (en)": (CHILD, "my mom left with my baby brother and im alone"),
    "we are alone (quc)": (CHILD, "qatukel ruk' ri wachalal"),
    "I am a child (quc)": (CHILD, "in ak'al, nutukel in k'o"),
    # who knows: a sister of twelve or of thirty, a child at the door
    "a little brother at school": (EITHER, "mi hermanito esta solo en la escuela"),
    "a sister of seven, the mother does not answer": (EITHER, "mi hermana de 7 esta sola en la casa y mi mama no contesta"),
    "a sister at work": (EITHER, "mi hermanito se quedo solo en la casa y yo estoy en el trabajo"),
    "a cousin": (EITHER, "mi primito esta solo en la casa"),
    "a child in the street": (EITHER, "un niño esta solo en la calle"),
    "the children": (EITHER, "los niños estan solos"),
    "asked by the grandmother": (EITHER, "mi abuelita pregunta que hago si mi hermanito esta solo"),
    "what the mother said": (EITHER, "mi mama dijo mi hijo no abras y no regresa"),
    "a little brother (en)": (EITHER, "my little brother is alone at school"),
    "found one (en)": (EITHER, "we found a little girl alone"),
    "a sibling (quc)": (EITHER, "ri nuchaq' utukel k'o pa ja"),
    "some child (quc)": (EITHER, "k'o jun ak'al utukel waral"),
}  # fmt: skip


def alone(text: str) -> Turn:
    """What is heard of somebody of whose message danger is understood: that a child is alone."""
    found = PHRASES.match(text)
    who = found[0] if found else None
    flags = {"minor": MINOR, "relayed": RELAYED, "about_child": ABOUT_CHILD, "some_child": SOME_CHILD}
    told = {name: who == value for name, value in flags.items()}
    return turn(words=len(text.split()), urgent="child_alone", **told)


def said(session: Session, message: Turn) -> list[str]:
    return flows_said(advance(SCRIPT, session, message, NOW)[1])


@pytest.mark.parametrize(("first", "text"), WRITES.values(), ids=WRITES)
def test_who_writes_is_spoken_to_from_the_first_message_on(first: str, text: str) -> None:
    assert said(Session(), alone(text)) == [first]


ABOUT = turn(words=6, urgent="child_alone", about_child=True)
SOME = turn(words=6, urgent="child_alone", some_child=True)
NO_SIGN = turn(words=6, urgent="child_alone")
MODEL = turn(words=6, about_child=True, understanding=heard(("child_alone", 0.97)))

KNOWN_BEFORE = {
    "nobody, my son": (None, ABOUT, GROWN),
    "nobody, my son, heard by the model": (None, MODEL, GROWN),
    "grown, my little brother": (Writer.ADULT, SOME, GROWN),
    "grown, alone: the phone may have gone round": (Writer.ADULT, NO_SIGN, EITHER),
    "grown, says to be the child": (Writer.ADULT, replace(NO_SIGN, minor=True), CHILD),
    "a child, my little brother": (Writer.CHILD, SOME, CHILD),
    "a child, my son: the phone may have gone round": (Writer.CHILD, ABOUT, EITHER),
    "a child, alone": (Writer.CHILD, NO_SIGN, CHILD),
    "who relays, my son": (Writer.RELAY, ABOUT, GROWN),
    "who relays, my little brother": (Writer.RELAY, SOME, EITHER),
}


@pytest.mark.parametrize(("writer", "message", "first"), KNOWN_BEFORE.values(), ids=KNOWN_BEFORE)
def test_what_was_known_before_counts(writer: Writer | None, message: Turn, first: str) -> None:
    assert said(replace(KNOWN, writer=writer), message) == [first]


@pytest.mark.parametrize(("message", "writer"), [(ABOUT, Writer.ADULT), (SOME, None), (NO_SIGN, Writer.CHILD)])
def test_only_what_is_sure_is_remembered(message: Turn, writer: Writer | None) -> None:
    assert advance(SCRIPT, KNOWN, message, NOW)[0].writer is writer


@pytest.mark.parametrize(("digit", "first", "writer"), [(1, CHILD, Writer.CHILD), (2, GROWN, Writer.ADULT)])
def test_who_is_asked_says_it_with_one_digit(digit: int, first: str, writer: Writer) -> None:
    session, _ = advance(SCRIPT, KNOWN, SOME, NOW)
    assert session.at == Spot("child_or_adult", "first")
    session, actions = advance(SCRIPT, session, turn(number=digit), NOW)
    assert flows_said(actions) == [first] and session.writer is writer


def test_who_was_taken_for_grown_says_to_be_a_minor_with_one_digit() -> None:
    session, _ = advance(SCRIPT, KNOWN, ABOUT, NOW)
    assert said(session, turn(number=1)) == [CHILD]


@pytest.mark.parametrize(
    ("message", "flow"), [(ABOUT, "children_left"), (SOME, "child_or_adult")], ids=["grown", "either"]
)
def test_in_another_country_no_number_of_the_us(message: Turn, flow: str) -> None:
    assert said(replace(KNOWN, place=XELA), message) == [f"{flow}.abroad"]


MENUS = {
    "at the door": ("agents_here_now", "first", 2),
    "two dangers alike": ("some_danger", "first", 4),
    "about children": ("children_topics", "first", 1),
}


@pytest.mark.parametrize(("flow", "step", "digit"), MENUS.values(), ids=MENUS)
def test_a_line_of_a_menu_tells_no_more_of_who_writes(flow: str, step: str, digit: int) -> None:
    assert said(at(flow, step), turn(number=digit)) == [EITHER]
    assert said(at(flow, step, writer=Writer.CHILD), turn(number=digit)) == [CHILD]


@pytest.mark.parametrize(
    ("message", "flow"), [(ABOUT, "children_left"), (SOME, "child_or_adult")], ids=["grown", "either"]
)
def test_where_danger_is_asked_back_the_words_for_a_child_are_not_offered(message: Turn, flow: str) -> None:
    unsure = heard(("school_rights", 0.5), ("child_alone", 0.2))
    for asked in (
        replace(message, urgent=None, understanding=unsure),
        replace(message, urgent=None, doubted="child_alone", understanding=heard(("school_rights", 0.97))),
    ):
        _, actions = advance(SCRIPT, KNOWN, asked, NOW)
        offered = next(action.options for action in actions if isinstance(action, Offer))
        assert offered[0] == flow and "child_alone" not in offered


@pytest.mark.parametrize("flow", ["danger_now", "agents_here_now", "self_harm", "relative_just_taken", "school_rights"])
def test_nothing_else_begins_otherwise(flow: str) -> None:
    plain = turn(words=6, understanding=heard((flow, 0.97)))
    for message in (replace(plain, about_child=True), replace(plain, some_child=True)):
        assert said(KNOWN, message) == said(KNOWN, plain)


def test_a_session_in_the_middle_of_it_is_not_led_back_to_where_it_stands() -> None:
    _, actions = advance(SCRIPT, at("children_left", "first"), ABOUT, NOW)
    assert getattr(actions[-1], "back_to", None) is None
