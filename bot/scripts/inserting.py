"""The field that belongs in the place of what somebody typed: of a number, of an address. Pure."""

from __future__ import annotations

import re

from bot.directory.organizations import PHONE
from bot.scripts.release import Release

# A number with the code of the US is the same as without.
_DIGITS = 10
_BEGINNING = re.compile(r"^(?:https?:/*)?(?:www\.)?", re.IGNORECASE)


def number_field(release: Release, number: str) -> str:
    """``$orr`` for the number of a line, ``$tel_...`` for that of an organization; empty where nobody has it."""
    digits = _digits(number)
    for line in release.hotlines.values():
        if line.kind != "site" and _digits(line.text) == digits:
            return f"${line.id}"
    named = release.directory.organizations.with_number(number)
    return f"${named.field(PHONE)}" if named else ""


def site_field(release: Release, link: str) -> str:
    """``$locator`` for the address of a site, with or without its https; for another page there where only one site is of that host."""
    wanted = _site(link)
    sites = {line.id: _site(line.text) for line in release.hotlines.values() if line.kind == "site"}
    same = [name for name, site in sites.items() if site == wanted]
    beside = [name for name, site in sites.items() if _host(site) == _host(wanted)]
    found = same or (beside if len(beside) == 1 else [])
    return f"${found[0]}" if found else ""


def _digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())[-_DIGITS:]


def _host(site: str) -> str:
    return site.partition("/")[0]


def _site(address: str) -> str:
    return _BEGINNING.sub("", address.strip()).rstrip("/.,").casefold()
