"""The Twilio of the tests is the one that was looked at: pinned, by its hash, from whatever registry a machine uses."""

from __future__ import annotations

import json
from pathlib import Path

from bot.launch import carrier
from bot.settings import REPOSITORY
from tests.carrier.fake import Emulate

LOCK = json.loads((REPOSITORY / "tests" / "carrier" / "package-lock.json").read_text("utf-8"))


def test_every_package_is_pinned_by_its_hash_and_names_no_registry() -> None:
    """npm's newest `emulate` is somebody else's: an unrelated package."""
    packages = {name: each for name, each in LOCK["packages"].items() if name}
    assert packages["node_modules/emulate"]["version"] == "0.8.0"
    for name, each in packages.items():
        assert each["integrity"].startswith("sha512-") and "resolved" not in each, name
        assert not each.get("hasInstallScript"), name


def test_what_runs_is_what_is_pinned(emulate: Emulate) -> None:
    installed = carrier.folder(REPOSITORY) / "node_modules" / "emulate" / "package.json"
    assert json.loads(installed.read_text("utf-8"))["version"] == "0.8.0" and carrier.installed(REPOSITORY)


def test_another_lock_is_installed_anew(tmp_path: Path) -> None:
    (tmp_path / "tests" / "carrier").mkdir(parents=True)
    (tmp_path / "tests" / "carrier" / "package-lock.json").write_text("{}")
    assert not carrier.installed(tmp_path)
    carrier.folder(tmp_path).mkdir(parents=True)
    (carrier.folder(tmp_path) / "lock.sha256").write_text("0" * 64)
    assert not carrier.installed(tmp_path)
