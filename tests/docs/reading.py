"""What stands in a page of ours: links, pictures, anchors, commands, names in code."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from types import ModuleType

import click

from bot.settings import REPOSITORY

DOCS = REPOSITORY / "docs"
LINK = re.compile(r"(!?)\[((?:[^\[\]]|!\[[^\]]*\]\([^)]*\)|\[[^\]]*\])*)\]\(([^()\s]+)\)")
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^()\s]+)\)")


def without_code(text: str) -> str:
    """The text without code between fences and backticks, where nothing is a link."""
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def links(text: str) -> Iterator[tuple[str, str]]:
    """Each link and picture that leads into the repository: its path (empty: the same page) and its anchor."""
    plain = without_code(text)
    found = [match[3] for match in LINK.finditer(plain)] + [match[2] for match in PICTURE.finditer(plain)]
    for link in found:
        if "://" not in link and not link.startswith("mailto:"):
            path, _, anchor = link.partition("#")
            yield path, anchor


def anchors(text: str) -> set[str]:
    """The headings as GitHub spells them in addresses."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def codes(text: str) -> list[str]:
    """Everything between backticks in the lines of a page, each in one line."""
    return [" ".join(code.split()) for code in re.findall(r"(?<!`)`([^`]+)`(?!`)", _without_blocks(text))]


def blocks(text: str) -> list[str]:
    """The lines of blocks of code, set in or between fences."""
    fenced = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [*re.findall(r"^    +(.+)$", text, re.MULTILINE), *(line for block in fenced for line in block.splitlines())]


def _without_blocks(text: str) -> str:
    return re.sub(r"^```.*?^```|^    .*$", "", text, flags=re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[list[str]]:
    """Each ``flask --app webhook ...`` as its words; what is in square brackets may be left out, and counts all the same."""
    for code in (*codes(text), *blocks(text)):
        for line in re.findall(r"flask --app webhook ([^|)`]+)", code):
            yield shlex.split(re.sub(r"\[|\]", " ", line), comments=True)


def wrong_in(command: click.Command, typed: list[str]) -> str:
    """What of a command is not there; empty where all of it is."""
    while isinstance(command, click.Group) and typed:
        # Commands are loaded when one is asked for.
        found = command.get_command(click.Context(command), typed[0])
        if found is None:
            return f"there is no command {typed[0]!r} in {command.name!r}"
        command, typed = found, typed[1:]
    options = {name for parameter in command.params for name in parameter.opts} | {"--help"}
    unknown = [word for word in typed if word.startswith("--") and word.partition("=")[0] not in options]
    return f"{command.name} has no option {unknown}" if unknown else ""


def hooks() -> ModuleType:
    """docs/site/hooks.py without mkdocs, of which it wants two names."""
    source = (DOCS / "site" / "hooks.py").read_text("utf-8")
    made = ModuleType("hooks")
    made.__file__ = str(DOCS / "site" / "hooks.py")
    exec(compile(re.sub(r"^from mkdocs.*$", "File = Files = object", source, flags=re.MULTILINE), made.__file__, "exec"), made.__dict__)  # noqa: S102
    return made
