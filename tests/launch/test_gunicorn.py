"""gunicorn's settings, as the environment decides them."""

import runpy
from typing import Any

import pytest

from bot import keep
from tests.launch.running import ROOT


def settings(monkeypatch: pytest.MonkeyPatch, **environ: str) -> dict[str, Any]:
    for name in ("ENVIRONMENT", "PORT", "WEB_CONCURRENCY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "bot" / "gunicorn.py"))


@pytest.mark.parametrize(
    ("environ", "bind"),
    [
        ({}, "0.0.0.0:8000"),
        ({"ENVIRONMENT": "production", "PORT": "80"}, "0.0.0.0:80"),
        ({"ENVIRONMENT": "development"}, "127.0.0.1:8000"),
        ({"ENVIRONMENT": "test", "PORT": "8123"}, "127.0.0.1:8123"),
    ],
)
def test_only_production_listens_to_other_machines(
    environ: dict[str, str], bind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings(monkeypatch, **environ)["bind"] == bind


def test_the_number_of_workers_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch)["workers"] == 2
    assert settings(monkeypatch, WEB_CONCURRENCY="5")["workers"] == 5


def test_a_stop_is_over_before_the_keeper_kills(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings(monkeypatch)["graceful_timeout"] < keep.STOP_SECONDS
