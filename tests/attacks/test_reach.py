"""The web process can be made to ask nobody: it has no client but the model's. Whom a running one speaks to: ``make attacks``."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

import pytest

from bot.settings import REPOSITORY

pytestmark = pytest.mark.slow

CLIENTS = (
    *(
        "urllib3",
        "requests",
        "httpx",
        "aiohttp",
        "pycurl",
        "urllib.request",
        "http.client",
        "ftplib",
        "telnetlib",
        "poplib",
        "imaplib",
    ),
    *(
        "smtplib",
        "socket",
        "socketserver",
        "asyncio",
        "subprocess",
        "twilio.rest",
        "twilio.http",
        "websockets",
        "xmlrpc",
        "ssl",
    ),
)
"""By which something could be asked of another host, or another process begun."""
HAVE_ONE = {
    "bot.intents.rasa": {"urllib3", "socket"},
    # To the server of SMTP_URL, which only who runs the service names; what it sends is an invitation.
    "bot.mail": {"smtplib", "ssl"},
    # Which redis-server there is to be started; web asks it nothing.
    "bot.store.redis_server": {"socket", "subprocess"},
}
"""Of the modules that web loads those that have one, each with why."""
LOADED = """
import json, sys, importlib, webhook, bot.app
from bot.console.shell import PAGES
for page in PAGES: importlib.import_module(f"bot.console.{page}")
print(json.dumps(sorted(sys.modules)))
"""


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    """The modules of a web process."""
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    found: list[str] = json.loads(done.stdout)
    return found


def _clients_in(module: str) -> set[str]:
    parts = REPOSITORY.joinpath(*module.split("."))
    path = parts.with_suffix(".py") if parts.with_suffix(".py").exists() else parts / "__init__.py"
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("__import__", "eval", "exec"):
            names.add("socket")
    return {client for client in CLIENTS if any(f"{name}.".startswith(f"{client}.") for name in names)}


def test_of_what_web_loads_only_the_models_module_can_ask_another_host(loaded: list[str]) -> None:
    ours = [name for name in loaded if name == "webhook" or name.startswith("bot.")]
    assert len(ours) > 200
    found = {name: clients for name in ours if (clients := _clients_in(name))}
    assert found == HAVE_ONE


@pytest.mark.parametrize("client", ["twilio.rest", "requests", "httpx", "aiohttp", "websockets"])
def test_no_client_for_anybody_else_is_loaded(loaded: list[str], client: str) -> None:
    assert client not in loaded
