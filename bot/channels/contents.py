"""Makes the menus of the release at Twilio's Content API, and takes those away that no release uses. Only the worker does.

Twilio tells what there is by name, so that nothing has to be kept here; Redis is told for those who answer families.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any, Protocol

import structlog

from bot.channels.buttons import can_send
from bot.channels.menu_content import name_of, prefix_of, request_of
from bot.channels.rest import TIMEOUT, CarrierError, Gone, Unclear, answers, client_of, code_in, error_of
from bot.scripts.menus import menus_of
from bot.scripts.release import Release
from bot.settings import Settings
from bot.store.menu_contents import MenuContents

AT_ONCE = 20
"""So many are made or taken away at a time."""
AGAIN = 3600.0
"""Seconds after which Twilio is asked for its list again, and the texts are written again: facts run out by the day."""
_PAGE = 500
_PAGES = 100

log = structlog.get_logger()


class Holds(Protocol):
    """Whoever holds contents. Every method raises ``CarrierError``."""

    def names(self) -> dict[str, list[str]]:
        """The ids of the contents of this installation, by name."""

    def make(self, request: dict[str, Any]) -> str:
        """Makes a content; its id."""

    def take_away(self, sid: str) -> None:
        """It is not there any more."""


class Contents:
    """The contents of this installation in our account at Twilio."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT) -> None:
        self._client = client_of(settings, settings.twilio_api_key, settings.twilio_api_secret, timeout)
        self._prefix = prefix_of(settings.public_base_url)

    def names(self) -> dict[str, list[str]]:
        """As ``Holds`` says. ``Unclear`` where the list does not end: what was not seen would be made again."""
        found = dict[str, list[str]]()
        with answers():
            every = self._client.content.v1.contents.stream(page_size=_PAGE)
            for number, content in enumerate(every):
                if number == _PAGE * _PAGES:
                    raise Unclear("endless")
                if str(content.friendly_name).startswith(self._prefix):
                    found.setdefault(content.friendly_name, []).append(content.sid)
        return found

    def make(self, request: dict[str, Any]) -> str:
        """As ``Holds`` says."""
        content = self._client.content
        with answers():
            # twilio-python's own model would send a null for every kind of content that this is not.
            made = self._client.request(
                "POST", f"{content.base_url}/v1/Content", data=request, headers={"Content-Type": "application/json"}
            )
            if made.status_code not in (200, 201):
                raise error_of(made.status_code, code_in(made))
            sid = json.loads(made.text)["sid"]
        if not isinstance(sid, str):
            raise Unclear("unreadable")
        return sid

    def take_away(self, sid: str) -> None:
        """As ``Holds`` says."""
        with answers():
            self._client.content.v1.contents(sid).delete()


class ContentWatch:
    """Keeps the contents of an installation as its release is. Not for several threads; several workers may run it at once."""

    def __init__(
        self,
        settings: Settings,
        carrier: Holds,
        mirror: MenuContents,
        release: Callable[[], Release],
        clock: Callable[[], float],
    ) -> None:
        self._settings, self._carrier, self._mirror = settings, carrier, mirror
        self._release, self._clock = release, clock
        self._wanted = dict[str, dict[str, Any]]()
        self._there = dict[str, list[str]]()
        self._seen: tuple[object, int] | None = None

    def look(self) -> bool:
        """Makes and takes away some, and tells Redis; whether there is more to do. Raises ``StoreDown``."""
        try:
            self._refresh()
            more = self._work()
        except CarrierError as error:
            log.warning("carrier.failed", error=type(error).__name__, code=error.code)
            # What came of it is not known: the list is read again.
            self._seen, more = None, False
        self._mirror.mirror({name: min(sids) for name, sids in self._there.items() if name in self._wanted and sids})
        return more

    def _refresh(self) -> None:
        release, now = self._release(), self._clock()
        seen = (release.number, int(now // AGAIN))
        if seen == self._seen:
            return
        menus, base = menus_of(release, self._settings, now), self._settings.public_base_url
        self._wanted = {name_of(menu, base): request_of(menu, language, base) for menu, language in menus.items()}
        self._there = self._carrier.names()
        self._seen = seen

    def _work(self) -> bool:
        missing = (name for name in self._wanted if not self._there.get(name))
        made = 0
        for name in tuple(islice(missing, AT_ONCE)):
            self._there.setdefault(name, []).append(self._carrier.make(self._wanted[name]))
            made += 1
        if made:
            return True
        # Two workers may have made the same one.
        surplus = ((name, sid) for name, sids in self._there.items() for sid in sids if self._is_surplus(name, sid))
        gone = tuple(islice(surplus, AT_ONCE))
        for name, sid in gone:
            with suppress(Gone):
                self._carrier.take_away(sid)
            self._there[name].remove(sid)
        return bool(gone)

    def _is_surplus(self, name: str, sid: str) -> bool:
        return name not in self._wanted or sid != min(self._there[name])


def watch_for(
    settings: Settings, mirror: MenuContents, release: Callable[[], Release], clock: Callable[[], float]
) -> ContentWatch | None:
    """Who looks after them for this installation; None where menus are numbered text."""
    return ContentWatch(settings, Contents(settings), mirror, release, clock) if can_send(settings) else None
