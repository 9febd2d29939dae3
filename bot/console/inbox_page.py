"""Which conversations a page of the inbox shows, and what changed for somebody who looks at it already. Pure.

Somebody who looks keeps her rows where they are, with what became of them: nothing moves under the finger. What would stand
between them is counted, and comes when she asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.console.inbox_asked import A_PAGE, Asked
from bot.console.inbox_view import Listed
from bot.escalation.escalation import Urgency
from bot.escalation.order import Tab, counts, key, tabs


@dataclass(frozen=True, slots=True)
class Listing:
    """``here``: the rows of this page. ``gone``: the ids of those that stand there only because she looks at them.

    ``fresh``: how many would stand between them by now. ``counts`` of the tabs, whatever is filtered; ``urgent``: how many
    urgent ones nobody has taken. ``last_answer``: when staff last answered somebody (unix seconds).
    """

    here: tuple[Listed, ...]
    gone: frozenset[str]
    fresh: int
    found: int
    page: int
    pages: int
    counts: Mapping[Tab, int]
    urgent: int
    last_answer: int | None


def listing(rows: Sequence[Listed], asked: Asked, user: int, shown: Sequence[str] | None = None) -> Listing:
    """The page that was asked for. ``shown``: the aliases that stand there already; None for a page that is new."""
    fitting = sorted((row for row in rows if _fits(row, asked, user)), key=_key)
    pages = max(1, -(-len(fitting) // A_PAGE))
    page = min(asked.page, pages)
    here = fitting[(page - 1) * A_PAGE : page * A_PAGE]
    fresh = 0
    if shown is not None:
        here, fresh = _kept(rows, fitting, shown, page)
    ids = {row.escalated.id for row in fitting}
    every = [row.escalated for row in rows]
    return Listing(
        here=tuple(here),
        gone=frozenset(row.escalated.id for row in here if row.escalated.id not in ids),
        fresh=fresh,
        found=len(fitting),
        page=page,
        pages=pages,
        counts=counts(every, user),
        urgent=sum(it.urgency is Urgency.URGENT and it.claimed_by is None and it.closed is None for it in every),
        last_answer=max((it.last_staff for it in every if it.last_staff), default=None),
    )


def _fits(row: Listed, asked: Asked, user: int) -> bool:
    """A search by alias looks under every tab: whoever has the name wants the person, wherever she stands."""
    it = row.escalated
    return asked.filters.fit(it) and (bool(asked.filters.alias) or asked.tab in tabs(it, user))


def _key(row: Listed) -> tuple[int, bool, int, str]:
    return key(row.escalated)


def _kept(
    rows: Sequence[Listed], fitting: Sequence[Listed], shown: Sequence[str], page: int
) -> tuple[list[Listed], int]:
    """The rows that stand there, in their order, and how many new ones belong between them.

    Where one is gone the next page moves up: those are not new, and are told apart by their place in the order.
    """
    place = {alias: number for number, alias in enumerate(shown)}
    here = sorted((row for row in rows if row.escalated.alias in place), key=lambda row: place[row.escalated.alias])
    keys = [_key(row) for row in fitting if row.escalated.alias in place]
    first = min(keys) if keys and page > 1 else None
    last = max(keys) if keys and len(shown) >= A_PAGE else None
    fresh = sum(
        row.escalated.alias not in place and (first is None or _key(row) > first) and (last is None or _key(row) < last)
        for row in fitting
    )
    return here, fresh
