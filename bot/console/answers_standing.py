"""What is happening to each answer: its open draft, who changed it last, when it was published."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from bot.console.answers_found import ASKED, DRAFT, IN_REVIEW, PUBLISHED, Standing
from bot.console.desk import desk
from bot.frozen import replace
from bot.scripts.change import Opened, Stage


def standings() -> Mapping[str, Standing]:
    """By flow; those that were never changed here are left out."""
    people, changes = desk().people, desk().changes

    @functools.cache
    def name(user: int) -> str:
        found = people.by_id(user)
        return found.name if found else ""

    found: dict[str, Standing] = {}
    for release in changes.releases.history():
        for flow in release.flows if release.by is not None else ():
            # The newest comes first.
            given = Standing(PUBLISHED, name(release.by), release.made, frozenset(), release.made, release.by)
            found.setdefault(flow, given)
    for opened in changes.all():
        found[opened.flow] = _with(opened, found.get(opened.flow, Standing()))
    return found


def _with(opened: Opened, published: Standing) -> Standing:
    last = max(opened.draft.texts, key=lambda each: each.at, default=None)
    hands = {hand.id: hand.name for hand in opened.hands}
    by = last.by if last else opened.by.id
    return replace(
        published,
        state=state_of(opened),
        by=hands.get(by, opened.by.name),
        at=opened.changed,
        hands=frozenset(hands) or frozenset({opened.by.id}),
        changed_by=by,
    )


def state_of(opened: Opened | None) -> str:
    """How far an answer is, in one word."""
    if opened is None:
        return PUBLISHED
    if opened.stage is Stage.REVIEW:
        return IN_REVIEW
    return ASKED if opened.remark else DRAFT
