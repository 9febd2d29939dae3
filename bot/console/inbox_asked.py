"""What the address of the inbox asks for: a tab, filters, a page. Remembered for its viewer as a query string. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from bot.escalation.escalation import ALIAS_SIGNS, Escalated, Urgency
from bot.language import Language
from bot.message import Channel

A_PAGE = 25
LONGEST_REMEMBERED = 200
"""Of the column ``users.inbox``."""
_CLOSED: dict[str, frozenset[str]] = {
    "language": frozenset(Language),
    "channel": frozenset(Channel),
    "urgency": frozenset(Urgency),
}
_NO_TOPIC = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """``tab`` is one of bot/escalation/order.py; an empty filter lets all pass. ``alias``: the first signs of one; a search
    looks into every tab. ``keys``: ``off`` for who wants no shortcuts. ``page`` counts from 1.
    """

    tab: str = ""
    language: str = ""
    topic: str = ""
    channel: str = ""
    urgency: str = ""
    alias: str = ""
    keys: str = ""
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything may be hidden by a filter."""
        return any((self.language, self.topic, self.channel, self.urgency, self.alias))

    def passes(self, it: Escalated) -> bool:
        """Whether this one passes the filters; the tab is not one of them."""
        about = it.about
        return (
            self.language in ("", about.language)
            and self.topic in ("", about.topic or _NO_TOPIC)
            and self.channel in ("", it.channel)
            and self.urgency in ("", it.urgency)
            and it.alias.startswith(self.alias)
        )

    def unfiltered(self) -> Asked:
        """The same tab with everything in it."""
        return Asked(tab=self.tab, keys=self.keys)

    def query(self, **changed: str | int) -> str:
        """For a link to the same with something changed; always names the tab, so that it is never taken for a bare visit."""
        other = replace(self, **changed)  # type: ignore[arg-type]
        if "page" not in changed:
            other = replace(other, page=1)
        said = {each.name: getattr(other, each.name) for each in fields(other)}
        return urlencode({k: v for k, v in said.items() if k == "tab" or (v and (k, v) != ("page", 1))})

    def remembered(self) -> str:
        """To be asked again by a bare visit. Never the alias: that is somebody."""
        kept = self.query(alias="")
        return kept if len(kept) <= LONGEST_REMEMBERED else urlencode({"tab": self.tab})


def asked(args: Mapping[str, str], tabs: tuple[str, ...]) -> Asked:
    """What an address says; what it says wrongly is left out. ``tabs``: those that there are, the first is the usual."""
    known = {name: args[name] for name, values in _CLOSED.items() if args.get(name) in values}
    alias = "".join(sign for sign in args.get("alias", "").upper() if sign in ALIAS_SIGNS)[:4]
    page = args.get("page", "1")
    return Asked(
        tab=args["tab"] if args.get("tab") in tabs else tabs[0],
        topic=args.get("topic", "")[:64],
        alias=alias,
        keys="off" if args.get("keys") == "off" else "",
        page=max(1, min(int(page), 1000)) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
        **known,
    )


def recalled(query: str, tabs: tuple[str, ...]) -> Asked:
    """What was remembered."""
    return asked(dict(parse_qsl(query)), tabs)
