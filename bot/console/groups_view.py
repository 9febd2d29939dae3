"""Groups of a bad day in words, and the way back from an address to a group. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

from msgspec import Struct

from bot.console.spans import Words
from bot.escalation.grouping import Group


class GroupView(Struct, frozen=True):
    """``answerable``: how many may get an answer that goes to several; ``apart``: how many get one of their own."""

    place: str
    topic: str
    hour: str
    count: int
    answerable: int
    apart: int
    query: str


def group_view(
    group: Group, words: Words, title: Callable[[str | None], str], clock: Callable[[float], str]
) -> GroupView:
    """The group as a line of the page."""
    return GroupView(
        place=group.place or words("bad-day.no-place", "Place unknown"),
        topic=title(group.topic),
        hour=words("bad-day.since", "since %(time)s", time=clock(group.hour))
        if group.hour is not None
        else words("bad-day.no-hour", "nobody waits"),
        count=len(group.ids),
        answerable=len(group.ids) - len(group.apart),
        apart=len(group.apart),
        query=query_of(group),
    )


def query_of(group: Group) -> str:
    """For the address of its page."""
    return urlencode(
        {"place": group.place, "topic": group.topic or "", "hour": "" if group.hour is None else group.hour}
    )


def group_asked(args: Mapping[str, str], groups: Iterable[Group]) -> Group | None:
    """The group of an address; None for one that is not there any more."""
    wanted = args.get("place", ""), args.get("topic", ""), args.get("hour", "")
    return next((each for each in groups if _named(each) == wanted), None)


def _named(group: Group) -> tuple[str, str, str]:
    return group.place, group.topic or "", "" if group.hour is None else str(group.hour)
