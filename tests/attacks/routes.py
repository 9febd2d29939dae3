"""Every route of the app, from its URL map: what is new there cannot be forgotten by whoever tries them all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import Flask
from werkzeug.routing import Rule

CONSOLE = "console."
READING = ("GET", "HEAD", "OPTIONS")
_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Route:
    """One address and one method. ``section``: the part of the console that it belongs to; empty outside of it."""

    rule: str
    method: str
    endpoint: str
    arguments: tuple[str, ...]

    @property
    def name(self) -> str:
        """The endpoint without the blueprint."""
        return self.endpoint.removeprefix(CONSOLE)

    @property
    def section(self) -> str:
        """The first word of the address below /console."""
        parts = self.rule.split("/")
        return parts[2] if parts[1] == "console" and len(parts) > 2 else ""

    @property
    def of_console(self) -> bool:
        """Whether the guard of the console stands before it."""
        return self.endpoint.startswith(CONSOLE)

    def path(self, values: Mapping[str, str]) -> str:
        """The address with these values. ``KeyError`` for an argument that nobody has thought of."""
        return _ARGUMENT.sub(lambda found: quote(values[found[1]], safe=""), self.rule)

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def routes(app: Flask) -> tuple[Route, ...]:
    """All of them, in a fixed order."""
    return tuple(sorted(_routes(app), key=lambda each: (each.rule, each.method)))


def every_rule(app: Flask) -> list[Rule]:
    """Of both apps; an address that both know once."""
    rules = [*app.url_map.iter_rules(), *app.extensions["console"].app().url_map.iter_rules()]
    return list({(rule.rule, rule.endpoint): rule for rule in rules}.values())


def _routes(app: Flask) -> Iterator[Route]:
    for rule in every_rule(app):
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            yield Route(rule.rule, method, rule.endpoint, tuple(_ARGUMENT.findall(rule.rule)))
