"""Why a row or a sheet is not taken has its Spanish: every reason that the code can give."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

import bot.cells
from bot.console import sheet_read
from bot.console.sheet_refused_words import REASONS
from bot.scripts.sheets import cells, corrections, signed

READ = (bot.cells, cells, signed, corrections, sheet_read)
"""What a sheet goes through on its way into a page."""
RAISED = ("RowRefused", "SheetError", "CellsUnreadable", "Refusal")
STANDS = {"problem": "could be two days", "what": "is missing", "rows": "row 4, row 7", "row": "row 4", "day": "2026-01-31"}
"""What stands in a sentence where the code has a name; a word else."""


def _reasons(module: ModuleType) -> Iterator[str]:
    """Every reason that this module writes."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in RAISED:
            yield from _said(node.args[-1], module)


def _said(node: ast.expr, module: ModuleType) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(_part(part, module) for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from _said(one, module)
            yield from _said(other, module)
        case ast.Name(id=name) if isinstance(text := getattr(module, name, None), str):
            yield text


def _part(node: ast.expr, module: ModuleType) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.FormattedValue)
    named = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    if isinstance(text := getattr(module, named, None), str | int) and node.conversion != ord("r"):
        return str(text)
    return repr("word") if node.conversion == ord("r") else STANDS.get(named, "word")


ALL = sorted({(module.__name__, reason) for module in READ for reason in _reasons(module)})


def test_the_reasons_are_found() -> None:
    """Were the way of writing them to change, there would be nothing to compare."""
    assert len(ALL) > 30


@pytest.mark.parametrize(("module", "reason"), ALL)
def test_every_reason_has_its_phrase(module: str, reason: str) -> None:
    assert [told.key for pattern, told in REASONS if pattern.fullmatch(reason)], f"{module}: {reason}"


def test_every_phrase_is_of_a_reason() -> None:
    unused = [told.key for pattern, told in REASONS if not any(pattern.fullmatch(reason) for _, reason in ALL)]
    # Of two sentences with the same code the sample is the other one.
    assert set(unused) <= {"sheet.no-day", "sheet.field-too-much"}
    assert all(not re.search(r"\s{2}", told.english) for _, told in REASONS)
