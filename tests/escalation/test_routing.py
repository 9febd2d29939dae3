"""Which organization a conversation goes to: by place, topic and language; else the default; else it belongs to nobody yet."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.organization import DeskOrganization
from bot.escalation.routing import route
from bot.frozen import replace
from bot.language import Language

CHICAGO, HOUSTON = "US;60629;Chicago;IL;41.78;-87.71;zip", "US;;Houston;TX;29.76;-95.37;town"
XELA, TAPACHULA = "GT;;Quetzaltenango;Quetzaltenango;14.84;-91.52;town", "MX;;Tapachula;Chiapas;14.90;-92.26;town"
ILLINOIS = "US;;Illinois;IL;40.00;-89.00;region"
ES, QUC = Language.ES, Language.QUC

CASA = DeskOrganization("casa", "Casa", languages=("es",), states=("US-IL",))
LAGO = DeskOrganization("lago", "Lago", languages=("es", "quc"), states=("US-IL",))
PAIS = DeskOrganization("pais", "País", languages=("es",), states=("US",))
SUR = DeskOrganization("sur", "Sur", languages=("es",), states=("GT", "MX-Chiapas"))
LEYES = DeskOrganization("leyes", "Leyes", languages=("es",), topics=("if_detained", "car_stop"))
TODOS = DeskOrganization("todos", "Todos", is_default=True)
MUDA = DeskOrganization("muda", "Muda")
ALL = (CASA, LAGO, PAIS, SUR, LEYES, TODOS, MUDA)

GOES = {
    "a town of its state": (ALL, ES, CHICAGO, None, "casa"),
    "a whole state": (ALL, ES, ILLINOIS, None, "casa"),
    "who speaks it, among those of the state": (ALL, QUC, CHICAGO, None, "lago"),
    "the state before the country": ((PAIS, LAGO), ES, CHICAGO, None, "lago"),
    "another state of the country": (ALL, ES, HOUSTON, None, "pais"),
    "another country": (ALL, ES, XELA, None, "sur"),
    "a state of Mexico": (ALL, ES, TAPACHULA, None, "sur"),
    "the place before the topic": (ALL, ES, CHICAGO, "car_stop", "casa"),
    "the topic where nobody knows the place": (ALL, ES, None, "car_stop", "leyes"),
    "the topic before the language": ((LAGO, LEYES), QUC, None, "car_stop", "leyes"),
    "no other topic than its own": ((LEYES, TODOS), ES, None, "food", "todos"),
    "nothing known: who speaks it": ((MUDA, LAGO), QUC, None, None, "lago"),
    "nothing known at all: the default": ((MUDA, TODOS), None, None, None, "todos"),
    "nothing fits: the default": ((SUR, TODOS), ES, CHICAGO, None, "todos"),
    "nothing fits and there is no default": ((SUR, MUDA), ES, CHICAGO, None, None),
    "a default that is elsewhere is still better than nobody": (
        (replace(SUR, is_default=True),), ES, CHICAGO, None, "sur",
    ),
    "nobody is there": ((), ES, CHICAGO, "car_stop", None),
    "who is closed gets nobody": ((replace(CASA, active=False),), ES, CHICAGO, None, None),
    "a default that is closed gets nobody": ((replace(TODOS, active=False),), ES, CHICAGO, None, None),
    "a language that nobody speaks": ((CASA, PAIS), QUC, CHICAGO, None, "casa"),
    "a place that is no token": ((CASA, TODOS), ES, "Chicago", None, "casa"),
    "of equals the first by name": ((replace(CASA, id="b", name="B"), replace(CASA, id="a", name="A")), ES, CHICAGO, None, "a"),
    "of equals the default": ((replace(CASA, id="a", name="A"), replace(CASA, id="z", name="Z", is_default=True)), ES, CHICAGO, None, "z"),
}  # fmt: skip


@pytest.mark.parametrize("name", GOES)
def test_where_a_conversation_goes(name: str) -> None:
    organizations, language, place, topic, expected = GOES[name]
    found = route(organizations, language, place, topic)
    assert (found.id if found else None) == expected


def test_the_order_in_which_they_are_told_changes_nothing() -> None:
    for language, place, topic in ((ES, CHICAGO, None), (QUC, HOUSTON, "car_stop"), (None, None, None)):
        assert len({route(order, language, place, topic) for order in permutations(ALL[:5])}) == 1


organizations = st.lists(
    st.builds(
        DeskOrganization,
        id=st.sampled_from("abcdef"),
        name=st.sampled_from("ABC"),
        languages=st.sampled_from([(), ("es",), ("quc", "en")]),
        states=st.sampled_from([(), ("US-IL",), ("US",), ("GT",)]),
        topics=st.sampled_from([(), ("food",), ("car_stop",)]),
        is_default=st.booleans(),
        active=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


@given(
    organizations,
    st.none() | st.sampled_from(Language),
    st.sampled_from([None, CHICAGO, HOUSTON, XELA, "x"]),
    st.sampled_from([None, "food", "menu"]),
)
def test_nobody_is_sent_where_nobody_can_help(
    listed: list[DeskOrganization], language: Language | None, place: str | None, topic: str | None
) -> None:
    found = route(listed, language, place, topic)
    if found is None:
        assert not any(each.active and each.is_default for each in listed)
        return
    assert found in listed and found.active
    fits = not found.topics or topic in found.topics
    assert fits or found.is_default, "no other topic"
    if place == XELA and found.states and "GT" not in found.states:
        assert found.is_default, "no other place"
