"""`python -m tests.supply.audit`: are known weaknesses in what we use, and does bandit find any in what we wrote (``make audit``).

pip-audit asks a database of the internet. Where that cannot be reached, or does not know a package, there is **no verdict**, which
is said and is no success under ``AUDIT=required``; pip-audit itself would call it "no known vulnerabilities".
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.settings import REPOSITORY

LOCKS = (
    "requirements.txt",
    "tests/requirements.txt",
    "nlu/requirements.txt",
    "bot/launch/uv.txt",
    "tests/supply/tools.txt",
    "docs/site/requirements.txt",
)
OURS = ("bot", "nlu", "webhook.py")
MODEL = "nlu/components"
"""Its bytes name the trained model: a remark there would want a new one. So what is no finding in it stands here: it throws
dice with a seed for training, and asserts that a part is loaded (the remarks for ruff in it say so too)."""
NO_FINDING_IN_MODEL = "B101,B311,B404"
TOOLS = REPOSITORY / ".tools" / "audit" / "bin"
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one lock file. ``asked``: packages that were looked up; ``weak``: each with what is known of it."""

    lock: str
    asked: int = 0
    weak: tuple[str, ...] = ()
    none: str = ""
    """Why there is no verdict; empty where there is one."""

    @property
    def words(self) -> str:
        if self.none:
            return f"{self.lock}: NO VERDICT: {self.none}"
        return f"{self.lock}: {len(self.weak)} of {self.asked} packages weak" + "".join(
            f"\n  {each}" for each in self.weak
        )


def read(lock: str, returned: int, out: str) -> Verdict:
    """The verdict in what pip-audit wrote. Only an answer about every single package is one."""
    try:
        found: Sequence[Mapping[str, Any]] = json.loads(out)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict(lock, none="the database could not be reached")
    if unknown := [each["name"] for each in found if "skip_reason" in each]:
        return Verdict(lock, none=f"the database does not know {len(unknown)} of {len(found)} packages")
    if not found:
        return Verdict(lock, none="no package was looked up")
    weak = tuple(
        f"{each['name']} {each['version']}: {', '.join(weakness['id'] for weakness in each['vulns'])}"
        for each in found
        if each.get("vulns")
    )
    if bool(weak) != bool(returned):
        return Verdict(lock, none=f"pip-audit ended with {returned}, which does not fit what it wrote")
    return Verdict(lock, len(found), weak)


def exit_code(verdicts: Sequence[Verdict], clean: bool, required: bool) -> int:
    """0 only where nothing is known to be weak; without a verdict only where none is required."""
    if not clean or any(verdict.weak for verdict in verdicts):
        return 1
    return 1 if required and any(verdict.none for verdict in verdicts) else 0


def audited(lock: str) -> Verdict:
    """Asks about one lock file. Nothing of it is installed or built: the lock names everything."""
    command = [str(TOOLS / "pip-audit"), "--disable-pip", "--require-hashes", "-r", lock, "-f", "json"]
    command += ["--progress-spinner", "off"]
    try:
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Verdict(lock, none="the database did not answer in time")
    return read(lock, done.returncode, done.stdout)


def bandit(*words: str) -> bool:
    """Whether bandit finds nothing there, however small. What is no finding has ``# nosec`` and a reason."""
    return subprocess.run([str(TOOLS / "bandit"), "-q", "-r", *words], cwd=REPOSITORY, check=False).returncode == 0


def main() -> int:
    """Asks about every lock file and runs bandit; 1 where something is weak, or where a verdict is required and there is none."""
    required = os.environ.get("AUDIT", "") == "required"
    clean = all([bandit("-c", "pyproject.toml", "-x", MODEL, *OURS), bandit("-s", NO_FINDING_IN_MODEL, MODEL)])
    print(f"bandit: {'nothing' if clean else 'SOMETHING, see above'} in {', '.join(OURS)}")
    verdicts = []
    for lock in LOCKS:
        verdicts.append(audited(lock))
        print(verdicts[-1].words, flush=True)
    if any(verdict.none for verdict in verdicts):
        print(
            "Without a verdict nothing is said of these." + ("" if required else " AUDIT=required makes it a failure.")
        )
    return exit_code(verdicts, clean, required)


if __name__ == "__main__":
    sys.exit(main())
