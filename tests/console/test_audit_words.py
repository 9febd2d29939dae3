"""Every act that is noted anywhere has a name for the page of the audit, and no name is left over."""

from __future__ import annotations

import ast
import re

from bot.console.audit_words import ACTIONS
from bot.settings import REPOSITORY

_ACTION = re.compile(r"[a-z_]{1,30}(\.[a-z_]{1,30})?")
# Given on as a word: where they are chosen, in the code.
CHOSEN = {
    *("login.refused", "login.locked", "second_factor.refused", "second_factor.locked", "invited", "invited.again"),
    *("password.link", "desk.passed", "desk.not_passed", "desk.shift_started", "desk.shift_ended"),
    *("directory.saved", "directory.confirmed", "directory.added", "directory.paused", "directory.closed"),
    *("directory.opened", "directory.back", "directory.apply"),
    *("interpreter.add", "interpreter.change", "template.add", "template.change"),
    *("text_saved", "text_kept", "steps_saved", "answer_begun", "change_archives", "change_sent", "change_taken_back"),
    *("change_returned", "change_dropped"),
}


def _noted() -> set[str]:
    """The words that a call of note(...), _note(...), inside.note(...) brings as an act."""
    found = set()
    for path in sorted((REPOSITORY / "bot").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            if name in ("note", "_note") and not {"channels", "console"} & set(path.parts):
                for word in ast.walk(ast.Module(body=[ast.Expr(arg) for arg in call.args], type_ignores=[])):
                    if isinstance(word, ast.Constant) and isinstance(word.value, str) and "." in word.value:
                        found |= {word.value} if _ACTION.fullmatch(word.value) else set()
    return found


def test_every_act_has_a_name() -> None:
    assert _noted() | CHOSEN <= set(ACTIONS) | {""}, (_noted() | CHOSEN) - set(ACTIONS)


def test_no_name_is_left_over() -> None:
    code = "\n".join(
        path.read_text("utf-8") for path in (REPOSITORY / "bot").rglob("*.py") if path.name != "audit_words.py"
    )
    assert [action for action in ACTIONS if f'"{action}"' not in code] == []
