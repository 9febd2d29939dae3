"""Which conversations a page of the inbox shows, and what changed for somebody who looks at it already. Pure.

Somebody who looks keeps her rows where they are, with what became of them: nothing moves under the finger. What would stand
between them is counted, and comes when she asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.console.inbox_asked import A_PAGE, Asked
from bot.escalation.escalation import Urgency
from bot.escalation.order import Tab, counts, key, tabs
from bot.escalation.standing import Standing


class Listing(Struct, frozen=True):
    """``here``: those on this page. ``gone``: the ids of those that stand there only because she looks at them.

    ``fresh``: how many would stand between them by now. ``counts`` of the tabs, whatever is filtered; ``urgent``: how many
    urgent ones nobody has taken. ``last_answer``: when staff last answered somebody (unix seconds). ``topics``: those that are
    there to be found, as far as they were asked for.
    """

    here: tuple[Standing, ...]
    gone: frozenset[str]
    fresh: int
    found: int
    page: int
    pages: int
    counts: Mapping[Tab, int]
    urgent: int
    last_answer: int | None
    topics: frozenset[str]


def under(asked: Asked, all: Sequence[Standing], user: int) -> Sequence[Standing]:
    """Those under the tab that was asked for, whatever is filtered.

    A search by alias looks under every tab: whoever has the name wants the person, wherever she stands.
    """
    return all if asked.filters.alias else [it for it in all if asked.tab in tabs(it, user)]


def listing(
    all: Sequence[Standing], there: Sequence[Standing], asked: Asked, user: int, shown: Sequence[str] | None = None
) -> Listing:
    """The page that was asked for. ``there``: those of ``all`` that are ``under`` it, with what is sealed where it is needed.

    ``shown``: the aliases that stand there already; None for a page that is new.
    """
    fitting = sorted((it for it in there if asked.filters.fit(it)), key=key)
    pages = max(1, -(-len(fitting) // A_PAGE))
    page = min(asked.page, pages)
    here = fitting[(page - 1) * A_PAGE : page * A_PAGE]
    fresh = 0
    if shown is not None:
        here, fresh = _kept(all, fitting, shown, page)
    ids = {it.id for it in fitting}
    return Listing(
        here=tuple(here),
        gone=frozenset(it.id for it in here if it.id not in ids),
        fresh=fresh,
        found=len(fitting),
        page=page,
        pages=pages,
        counts=counts(all, user),
        urgent=sum(it.urgency is Urgency.URGENT and it.claimed_by is None and it.closed is None for it in all),
        last_answer=max((it.last_staff for it in all if it.last_staff), default=None),
        topics=frozenset(it.topic for it in there if it.topic),
    )


def _kept(
    all: Sequence[Standing], fitting: Sequence[Standing], shown: Sequence[str], page: int
) -> tuple[list[Standing], int]:
    """The rows that stand there, in their order, and how many new ones belong between them.

    Where one is gone the next page moves up: those are not new, and are told apart by their place in the order.
    """
    place = {alias: number for number, alias in enumerate(shown)}
    # An alias is worked out anew each time.
    found = [(place[alias], it) for it in all if (alias := it.alias) in place]
    here = [it for _, it in sorted(found, key=lambda pair: pair[0])]
    ids = {it.id for it in here}
    keys = [key(it) for it in fitting if it.id in ids]
    first = min(keys) if keys and page > 1 else None
    last = max(keys) if keys and len(shown) >= A_PAGE else None
    new = [key(it) for it in fitting if it.id not in ids]
    return here, sum((first is None or each > first) and (last is None or each < last) for each in new)
