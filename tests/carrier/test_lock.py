"""The Twilio of the tests is the one that was looked at: pinned, by its hash, from whatever registry a machine uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.launch import carrier
from bot.launch.carrier import EMULATE, PRISM, Packages
from bot.settings import REPOSITORY
from tests.carrier.described.prism import running
from tests.carrier.fake import Emulate

PINNED = {EMULATE: ("emulate", "0.8.0", 4), PRISM: ("@stoplight/prism-cli", "5.14.2", 224)}
"""What is asked for, and how many packages it is with all that it needs (one of Prism's is for macOS alone)."""
OWN_SCRIPTS = {"node_modules/@scarf/scarf"}
"""Packages that would run something when they are installed, which `--ignore-scripts` keeps from it: this one counts who installs."""

each_lock = pytest.mark.parametrize("packages", PINNED, ids=lambda each: each.name)


def packages_of(packages: Packages) -> dict[str, dict[str, object]]:
    lock = json.loads((REPOSITORY / packages.lock).read_text("utf-8"))
    return {name: each for name, each in lock["packages"].items() if name}


@each_lock
def test_every_package_is_pinned_by_its_hash_and_names_no_registry(packages: Packages) -> None:
    """npm's newest `emulate` is somebody else's: an unrelated package."""
    name, version, count = PINNED[packages]
    found = packages_of(packages)
    assert found[f"node_modules/{name}"]["version"] == version and len(found) == count
    for path, each in found.items():
        assert str(each["integrity"]).startswith("sha512-") and "resolved" not in each, path
        assert not each.get("hasInstallScript") or path in OWN_SCRIPTS, path


def test_no_script_of_a_package_is_run() -> None:
    assert "ignore-scripts=true" in (REPOSITORY / carrier.RULES).read_text("ascii").splitlines()


def version_of(packages: Packages) -> str:
    name, _, _ = PINNED[packages]
    file = carrier.folder(REPOSITORY, packages) / "node_modules" / name / "package.json"
    return str(json.loads(file.read_text("utf-8"))["version"])


def test_what_runs_is_what_is_pinned(emulate: Emulate) -> None:
    assert version_of(EMULATE) == "0.8.0" and carrier.installed(REPOSITORY, EMULATE)


@pytest.mark.slow
def test_the_prism_that_runs_is_what_is_pinned(tmp_path: Path) -> None:
    with running(tmp_path):
        assert version_of(PRISM) == "5.14.2" and carrier.installed(REPOSITORY, PRISM)


@each_lock
def test_another_lock_is_installed_anew(packages: Packages, tmp_path: Path) -> None:
    (tmp_path / packages.source).mkdir(parents=True)
    (tmp_path / packages.lock).write_text("{}")
    assert not carrier.installed(tmp_path, packages)
    carrier.folder(tmp_path, packages).mkdir(parents=True)
    (carrier.folder(tmp_path, packages) / "lock.sha256").write_text("0" * 64)
    assert not carrier.installed(tmp_path, packages)
