"""What the address of the inbox asks for: a tab, filters, a page. Remembered for its viewer as a query string. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from bot.console.numbers import number
from bot.escalation.escalation import ALIAS_SIGNS, Urgency
from bot.escalation.order import Filters, Tab
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel

A_PAGE = 25
LONGEST_REMEMBERED = 200
"""Of the column ``users.inbox``."""
_MOST_PAGES = 1000
_LONGEST_TOPIC = 64


class Asked(Struct, frozen=True):
    """``page`` counts from 1. A search by alias looks under every tab."""

    tab: Tab = Tab.UNCLAIMED
    filters: Filters = Filters()
    page: int = 1

    def query(self, tab: Tab | None = None, page: int = 1, filters: Filters | None = None) -> str:
        """For a link to the same with something changed. It always names the tab: a bare visit asks for what is remembered."""
        wanted = self.filters if filters is None else filters
        said = {
            "tab": (tab or self.tab).value, "language": wanted.language, "topic": wanted.topic, "channel": wanted.channel,
            "urgency": wanted.urgency or "", "alias": wanted.alias, "page": str(page) if page > 1 else "",
        }  # fmt: skip
        return urlencode({name: value for name, value in said.items() if value})

    def unfiltered(self) -> str:
        """For a link to the same tab with everything in it."""
        return self.query(filters=Filters())

    def remembered(self) -> str:
        """To be asked again by a bare visit. Never the alias: that is somebody."""
        kept = self.query(filters=replace(self.filters, alias=""))
        return kept if len(kept) <= LONGEST_REMEMBERED else self.unfiltered()


def asked(args: Mapping[str, str]) -> Asked:
    """What an address says; what it says wrongly is left out."""
    tab, urgency, page = args.get("tab", ""), args.get("urgency", ""), args.get("page", "")
    filters = Filters(
        language=_one_of(args.get("language", ""), frozenset(Language)),
        topic=args.get("topic", "")[:_LONGEST_TOPIC],
        channel=_one_of(args.get("channel", ""), frozenset(Channel)),
        urgency=Urgency(urgency) if urgency in frozenset[str](Urgency) else None,
        alias="".join(sign for sign in args.get("alias", "").upper() if sign in ALIAS_SIGNS)[:4],
    )
    return Asked(Tab(tab) if tab in frozenset[str](Tab) else Tab.UNCLAIMED, filters, _page(page))


def recalled(query: str) -> Asked:
    """What was remembered."""
    return asked(dict(parse_qsl(query)))


def _one_of(value: str, known: frozenset[str]) -> str:
    return value if value in known else ""


def _page(value: str) -> int:
    return max(1, min(number(value) or 1, _MOST_PAGES))
