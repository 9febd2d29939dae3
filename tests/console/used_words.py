"""Which words the pages use: every ``words(key, english)`` of a template and every ``words``/``phrase`` of the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from bot.escalation.refused import refusals
from bot.settings import REPOSITORY

CONSOLE = REPOSITORY / "bot" / "console"
NAMES = ("words", "phrase")


def used() -> dict[str, set[str]]:
    """Each key with the English that stands beside it wherever it is used: one sentence, or there is a mistake."""
    found: dict[str, set[str]] = {}
    for path in sorted(CONSOLE.rglob("*.html")):
        for key, english in _in_template(path):
            found.setdefault(key, set()).add(english)
    for path in sorted(CONSOLE.rglob("*.py")):
        for key, english in _in_code(path):
            found.setdefault(key, set()).add(english)
    # Why a message did not arrive stands in a table that the sender reads too.
    for why in refusals():
        found.setdefault(why.key, set()).add(why.english)
    return found


def _in_template(path: Path) -> Iterator[tuple[str, str]]:
    parsed = Environment(extensions=["jinja2.ext.do"], autoescape=True).parse(path.read_text("utf-8"))
    for call in parsed.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in NAMES and call.args:
            # One argument is a Phrase, which stands in the code.
            if len(call.args) > 1 and all(isinstance(each, nodes.Const) for each in call.args[:2]):
                yield call.args[0].value, call.args[1].value
            else:
                assert len(call.args) == 1, f"{path}, line {call.lineno}: words() wants its key and English in quotes"


def _in_code(path: Path) -> Iterator[tuple[str, str]]:
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(call, ast.Call) or len(call.args) < 2:
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else None
        through = isinstance(call.func, ast.Call) and isinstance(call.func.func, ast.Name)
        if name in NAMES or (through and call.func.func.id == "words_in"):
            key, english = call.args[:2]
            if isinstance(key, ast.Constant) and isinstance(english, ast.Constant):
                yield key.value, english.value
            else:
                where = f"{path.name}, line {call.lineno}"
                inside = path.name in ("words.py", "try_phone.py")
                assert inside, f"{where}: words() and phrase() want their key and English in quotes"
