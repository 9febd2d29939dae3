"""bot.launch runs before anything is installed: standard library only, in syntax that an old Python reads."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.launch.running import ROOT

MODULES = sorted((ROOT / "bot" / "launch").glob("*.py"))
OLDEST = (3, 8)


def imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_it_is_written_for_an_old_python(path: Path) -> None:
    ast.parse(path.read_text("utf-8"), feature_version=OLDEST)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_it_imports_nothing_that_would_have_to_be_installed(path: Path) -> None:
    foreign = {
        name
        for name in imported(ast.parse(path.read_text("utf-8")))
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("bot.launch")
    }
    assert foreign == set()


def test_the_package_above_it_is_empty() -> None:
    assert (ROOT / "bot" / "__init__.py").read_text("utf-8") == ""


def test_the_systems_own_python_can_run_it() -> None:
    system = shutil.which("python3")
    assert system is not None
    usage = subprocess.run([system, "-m", "bot.launch"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert usage.returncode == 2
    assert usage.stderr.startswith("Usage: python3 -m bot.launch run|")
