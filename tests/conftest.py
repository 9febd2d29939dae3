"""What all tests share: the environment of tests, and the rule that in CI a skip is a failure."""

from __future__ import annotations

import hashlib
import os

import pytest
from hypothesis import settings

# A slow machine is no failure.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# Before webhook.py or anything of ours is imported.
os.environ["ENVIRONMENT"] = "test"
for name in (
    "TWILIO_AUTH_TOKEN",
    "TWILIO_ACCOUNT_SID",
    "DATABASE_URL",
    "KEYSTORE_URL",
    "MASTER_KEY_FILE",
    "REDIS_URL",
    "PUBLIC_BASE_URL",
    "RASA_TOKEN",
):
    os.environ.pop(name, None)

pytest_plugins = ["tests.servers", "tests.carrier.fake"]


@pytest.fixture(autouse=True)
def _unhurried(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stands still for seconds is no failure of a turn, but where its time is what is tried."""
    if request.node.get_closest_marker("on_time") is None:
        monkeypatch.setattr("bot.patience.DEADLINE", 60.0)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what the bot says into tests/conversations")
    parser.addoption("--every-line", action="store_true", help="break the code at every line, not at a sample of them")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Draws the sample of what takes long, and puts modules that take long first: the last of them would keep a run waiting."""
    if os.environ.get("WHOLE") != "on" and not any("::" in each for each in config.args):
        left_out = _left_out(items)
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


SEED, ONE_IN = 5, 6


def _left_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """Of what is marked ``slow`` a sixth of each module is tried, at least one, the same ones in every run; all that is ``always``."""
    pools: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("slow") and not any(map(item.get_closest_marker, ("always", "whole"))):
            pools.setdefault(item.nodeid.partition("::")[0], []).append(item)
    left_out = [item for item in items if item.get_closest_marker("whole")]
    for tests in pools.values():
        drawn = sorted(tests, key=lambda item: hashlib.sha256(f"{SEED}:{item.nodeid}".encode()).digest())
        left_out += drawn[-(-len(drawn) // ONE_IN) :]
    return left_out


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    """What cannot be tested in CI has not been tested."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as a failure in CI: {report.longrepr}"
    return report
