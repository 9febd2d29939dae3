"""Which conversations stand on a page of the inbox, and what moves for somebody who looks at it: nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.inbox_asked import A_PAGE, Asked
from bot.console.inbox_page import Listing, listing, under
from bot.escalation.escalation import Urgency
from bot.escalation.order import Filters, Tab
from bot.escalation.standing import Standing

NOW = 1_795_521_600
ANA = 7


def row(number: int, minutes: int = 0, **more: Any) -> Standing:
    """Waiting for so many minutes."""
    waiting = NOW - 60 * minutes
    return Standing(id=f"e{number:04}", channel="sms", **{"opened": waiting, "waiting_since": waiting, **more})


def page(rows: list[Standing], shown: list[Standing] | None = None, **asked: Any) -> Listing:
    names = None if shown is None else [each.alias for each in shown]
    wanted = Asked(**asked)
    return listing(rows, under(wanted, rows, ANA), wanted, ANA, names)


def ids(found: Listing) -> list[str]:
    return [each.id for each in found.here]


A, B, C = row(1, 30), row(2, 20), row(3, 10)
TAKEN = A._replace(claimed_by=9)


def test_urgent_first_then_who_has_waited_longest() -> None:
    urgent, soon = row(4, 1, urgency=Urgency.URGENT), row(5, 2, urgency=Urgency.SOON)
    assert ids(page([C, soon, A, urgent, B])) == ["e0004", "e0005", "e0001", "e0002", "e0003"]


def test_tabs_count_whatever_is_filtered() -> None:
    found = page([TAKEN, B, C], filters=Filters(language="quc"))
    assert (found.here, found.counts[Tab.UNCLAIMED], found.counts[Tab.TAKEN]) == ((), 2, 1)


def test_a_search_looks_under_every_tab() -> None:
    assert ids(page([TAKEN, B], filters=Filters(alias=TAKEN.alias))) == ["e0001"]
    assert ids(page([TAKEN, B])) == ["e0002"]


def test_pages_of_so_many() -> None:
    rows = [row(number, 100 - number) for number in range(60)]
    pages = [page(rows, page=number) for number in (1, 2, 3, 9)]
    assert [len(each.here) for each in pages] == [A_PAGE, A_PAGE, 10, 10]
    assert [(each.page, each.pages) for each in pages] == [(1, 3), (2, 3), (3, 3), (3, 3)]
    assert sorted(ids(pages[0]) + ids(pages[1]) + ids(pages[2])) == [each.id for each in rows]


def test_new_ones_are_counted_and_do_not_come_between() -> None:
    urgent = row(4, 1, urgency=Urgency.URGENT)
    found = page([urgent, A, B, C], shown=[A, B])
    assert (ids(found), found.fresh) == (["e0001", "e0002"], 2)


def test_what_was_taken_by_another_stays_where_it_was() -> None:
    found = page([TAKEN, B, C], shown=[A, B, C])
    assert (ids(found), found.gone, found.fresh) == (["e0001", "e0002", "e0003"], {"e0001"}, 0)


def test_a_row_that_she_must_not_see_any_more_goes() -> None:
    assert ids(page([B], shown=[A, B])) == ["e0002"]


def test_what_moves_up_from_the_next_page_is_not_new() -> None:
    rows = [row(number, 100 - number) for number in range(60)]
    first = rows[:A_PAGE]
    taken = [rows[0]._replace(claimed_by=9), *rows[1:]]
    assert page(taken, shown=first).fresh == 0
    urgent = row(99, 1, urgency=Urgency.URGENT)
    assert page([*taken, urgent], shown=first).fresh == 1
    assert page([*taken, urgent], shown=rows[A_PAGE : 2 * A_PAGE], page=2).fresh == 0, "it stands on the first page"


def test_one_that_wrote_again_keeps_its_place_until_she_asks() -> None:
    again = C._replace(urgency=Urgency.URGENT)
    assert ids(page([A, B, again], shown=[A, B, C])) == ["e0001", "e0002", "e0003"]
    assert ids(page([A, B, again])) == ["e0003", "e0001", "e0002"]


def test_urgent_ones_that_nobody_took_raise_the_alarm() -> None:
    urgent = row(4, 1, urgency=Urgency.URGENT)
    taken = urgent._replace(id="e5", claimed_by=9)
    closed = urgent._replace(id="e6", closed=NOW)
    assert page([urgent, taken, closed, A]).urgent == 1


def test_when_somebody_was_answered_last() -> None:
    answered = [row(number, last_staff=NOW - number) for number in (50, 40)]
    assert page([A, *answered]).last_answer == NOW - 40
    assert page([A]).last_answer is None


@pytest.mark.parametrize("shown", [None, []], ids=["a new page", "an empty page that is looked at"])
def test_an_empty_inbox(shown: list[Standing] | None) -> None:
    found = page([], shown=shown)
    assert (found.here, found.fresh, found.found, found.page, found.pages) == ((), 0, 0, 1, 1)


@given(st.lists(st.tuples(st.integers(0, 99), st.sampled_from(Urgency), st.booleans()), max_size=60), st.data())
def test_nothing_is_ever_lost_between_what_is_shown_and_what_is_new(
    many: list[tuple[int, Urgency, bool]], data: st.DataObject
) -> None:
    rows = [
        row(number, minutes, urgency=urgency, claimed_by=9 if taken else None, topic="asylum")
        for number, (minutes, urgency, taken) in enumerate(many)
    ]
    aliases = {each.alias for each in rows}
    if len(aliases) < len(rows):
        return
    shown = data.draw(st.permutations(rows).map(lambda all: list(all)[: min(A_PAGE - 1, len(all))]))
    found = page(rows, shown=shown)
    assert [each.id for each in found.here] == [each.id for each in shown], "in the same places"
    fitting = {each.id for each in rows if each.claimed_by is None}
    assert found.fresh == len(fitting - set(ids(found)))
