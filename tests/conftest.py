"""What all tests share: the environment of tests, and the rule that in CI a skip is a failure."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure.
settings.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write what the bot says into tests/conversations")
    parser.addoption("--every-line", action="store_true", help="break the code at every line, not at a sample of them")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules that take long come first: begun at the end, one of them would keep a whole run waiting."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> object:
    """What cannot be tested in CI has not been tested."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as a failure in CI: {report.longrepr}"
    return report
