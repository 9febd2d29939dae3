"""The order of the inbox and its tabs: urgent first, longest waiting first, and no conversation that stands nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escalation.escalation import ALIAS_SIGNS, About, Escalated, Urgency
from bot.escalation.order import Filters, Tab, counts, key, tabs
from bot.frozen import replace
from tests.escalation.standing import standing

ME, OTHER = 1, 2
ONE = Escalated("a", "sms", opened=100, waiting_since=100, about=About(topic="clinic", language="es"))

TIMES = st.none() | st.integers(0, 10**10)
ANY = st.builds(
    Escalated,
    id=st.text("abcdef0123", min_size=4, max_size=8),
    channel=st.sampled_from(["sms", "whatsapp"]),
    opened=st.integers(0, 10**10),
    urgency=st.sampled_from(Urgency),
    claimed_by=st.sampled_from([None, ME, OTHER]),
    waiting_since=TIMES,
    last_staff=TIMES,
    last_bot=TIMES,
    last_inbound=TIMES,
    closed=TIMES,
)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"urgency": Urgency.URGENT, "waiting_since": 900}, {"urgency": Urgency.SOON, "waiting_since": 100}),
        ({"urgency": Urgency.SOON, "waiting_since": 900}, {"urgency": Urgency.NORMAL, "waiting_since": 100}),
        ({"urgency": Urgency.URGENT, "waiting_since": None}, {"urgency": Urgency.SOON, "waiting_since": 100}),
        ({"waiting_since": 100}, {"waiting_since": 101}),
        ({"waiting_since": 900}, {"waiting_since": None, "opened": 1}),
        ({"waiting_since": None, "opened": 1}, {"waiting_since": None, "opened": 2}),
    ],
    ids=[
        *("urgent before soon", "soon before normal", "urgent before soon though nobody waits", "who waits longer"),
        *("who waits before whose turn it is", "of those whose turn it is the oldest"),
    ],
)
def test_the_order(first: dict[str, object], then: dict[str, object]) -> None:
    assert key(replace(ONE, **first)) < key(replace(ONE, **then))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {Tab.UNCLAIMED}),
        ({"last_bot": 200, "last_inbound": 100}, {Tab.UNCLAIMED}),
        ({"waiting_since": None}, {Tab.BOT_WATCHING}),
        ({"claimed_by": ME}, {Tab.MINE}),
        ({"claimed_by": ME, "waiting_since": None}, {Tab.MINE, Tab.WAITING_FOR_PERSON}),
        ({"claimed_by": OTHER, "waiting_since": None}, {Tab.WAITING_FOR_PERSON}),
        ({"claimed_by": OTHER}, {Tab.TAKEN}),
        ({"claimed_by": ME, "closed": 300}, {Tab.RESOLVED}),
    ],
    ids=[
        *(
            "nobody has it",
            "the bot answered, and she waits for a person all the same",
            "nobody waits",
            "mine",
            "mine and her turn",
        ),
        *("a colleague's and the family's turn", "a colleague's and the family waits", "over"),
    ],
)
def test_the_tabs(change: dict[str, object], expected: set[Tab]) -> None:
    assert tabs(replace(ONE, **change), ME) == expected  # type: ignore[arg-type]


@given(st.lists(ANY, max_size=30))
def test_each_stands_somewhere_and_the_counts_are_of_what_stands_there(all: list[Escalated]) -> None:
    found = counts(all, ME)
    assert set(found) == set(Tab)
    assert all == [each for each in all if tabs(each, ME)]
    for tab in Tab:
        assert found[tab] == len([each for each in all if tab in tabs(each, ME)])
    assert found[Tab.RESOLVED] == len([each for each in all if each.closed is not None])
    # Who waits and whom nobody has is under the first tab, whatever else is so.
    assert found[Tab.UNCLAIMED] == len(
        [each for each in all if each.closed is None and each.claimed_by is None and each.waiting_since is not None]
    )


@given(ANY)
def test_where_it_stands_needs_nothing_that_is_sealed(it: Escalated) -> None:
    bare = standing(it)._replace(language=None, topic=None)
    assert (key(bare), tabs(bare, ME), bare.alias) == (key(it), tabs(it, ME), it.alias)


@given(st.lists(ANY, max_size=12), st.randoms(use_true_random=False))
def test_the_order_is_one_whatever_it_came_in(all: list[Escalated], random: object) -> None:
    shuffled = list(all)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert [key(each) for each in sorted(all, key=key)] == [key(each) for each in sorted(shuffled, key=key)]


@pytest.mark.parametrize(
    ("filters", "fits"),
    [
        (Filters(), True),
        (Filters(language="es", topic="clinic", channel="sms", urgency=Urgency.NORMAL), True),
        (Filters(language="en"), False),
        (Filters(topic="food"), False),
        (Filters(channel="whatsapp"), False),
        (Filters(urgency=Urgency.URGENT), False),
        (Filters(alias=ONE.alias.lower()[1:3]), True),
        (Filters(alias=f" {ONE.alias} "), True),
        (Filters(alias=ONE.alias + ALIAS_SIGNS[0]), False),
    ],
    ids=[
        "any",
        "all of it",
        "language",
        "topic",
        "channel",
        "urgency",
        "a part of the alias",
        "the alias",
        "another alias",
    ],
)
def test_the_filters(filters: Filters, fits: bool) -> None:
    assert filters.fit(standing(ONE)) is fits
    assert bool(filters) is (filters != Filters())
