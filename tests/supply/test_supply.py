"""Everything that is installed is pinned by its hash; the audit says "no verdict" where it has none; the parts list is whole."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from bot.settings import REPOSITORY
from tests.supply.audit import LOCKS, Verdict, exit_code, read
from tests.supply.mutation import AREAS, Result, kept_rows, row, section, settings
from tests.supply.sbom import LOCKS as LISTED
from tests.supply.sbom import VENDORED, script

PINNED = re.compile(r"([A-Za-z0-9._-]+(?:\[[A-Za-z0-9,._-]+\])?)==[A-Za-z0-9.+!-]+(?: ; [^\\]+)?")
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
HTMX = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
"""SHA-256 of htmx 2.0.11's dist/htmx.min.js."""


def requirements(text: str) -> list[str]:
    """The requirements of a lock file, each with its hashes on one line."""
    joined = text.replace("\\\n", " ")
    return [
        " ".join(line.split()) for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


def unpinned(text: str) -> list[str]:
    """Those that are not pinned to one version, by one hash at least and by nothing but hashes."""
    return [each for each in requirements(text) if not _is_pinned(each)]


def _is_pinned(requirement: str) -> bool:
    name, *hashes = requirement.split(" --hash=")
    name = name.partition(" #")[0]
    whole = [HASH.fullmatch(f"--hash={each.partition(' #')[0].strip()}") for each in hashes]
    return bool(PINNED.fullmatch(name) and whole and all(whole))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_by_its_hash(lock: str) -> None:
    text = (REPOSITORY / lock).read_text("utf-8")
    assert requirements(text) and unpinned(text) == []


LOOSE = {
    "no hash": "a==1\n",
    "no version": f"a>=1 \\\n    --hash=sha256:{'0' * 64}\n",
    "a short hash": f"a==1 \\\n    --hash=sha256:{'0' * 63}\n",
    "an old kind of hash": f"a==1 \\\n    --hash=md5:{'0' * 32}\n",
    "an address": f"a @ https://example.org/a.whl \\\n    --hash=sha256:{'0' * 64}\n",
    "another index": "--extra-index-url https://example.org\n",
    "one good and one bad hash": f"a==1 \\\n    --hash=sha256:{'0' * 64} \\\n    --hash=sha1:{'0' * 40}\n",
}


@pytest.mark.parametrize("name", LOOSE)
def test_what_is_not_pinned_is_noticed(name: str) -> None:
    assert len(unpinned(LOOSE[name])) == 1
    assert unpinned(f"a[b]==1.0 ; python_version < '3.12' \\\n    --hash=sha256:{'0' * 64}\n    # via c\n") == []


def test_no_lock_file_is_forgotten() -> None:
    """What uv and pip install from, wherever it lies."""
    found = {
        path.relative_to(REPOSITORY).as_posix()
        for folder in ("bot", "docs", "nlu", "tests")
        for path in (REPOSITORY / folder).rglob("*.txt")
        if "--hash=sha256:" in path.read_text("utf-8", "replace")
    }
    assert found | {"requirements.txt"} == set(LOCKS) == set(LISTED.values())


@pytest.mark.parametrize(("lock", "named"), [("requirements.txt", "dependencies"), ("tests/requirements.txt", "test")])
def test_the_lock_holds_what_the_project_names(lock: str, named: str) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = project["dependencies"] if named == "dependencies" else project["optional-dependencies"][named]
    locked = {_plain(each) for each in requirements((REPOSITORY / lock).read_text("utf-8"))}
    assert {_plain(each) for each in wanted} - locked == set()


def _plain(requirement: str) -> str:
    """Name and version, without extras and markers; a name is spelt with hyphens (PEP 503)."""
    name, _, version = re.sub(r"\[.*?\]", "", re.split(r"[ ;]", requirement)[0]).partition("==")
    return f"{re.sub('[-_.]+', '-', name).lower()}=={version}"


def test_what_is_vendored_is_what_was_looked_at() -> None:
    """Another file in its place would run in every page of the console."""
    file = REPOSITORY / VENDORED["htmx.org"][1]
    assert hashlib.sha256(file.read_bytes()).hexdigest() == HTMX
    vendored = {path.name for path in file.parent.iterdir() if path.suffix == ".js"}
    assert vendored == {Path(each[1]).name for each in VENDORED.values()}


def found(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


GOOD: dict[str, object] = {"name": "a", "version": "1", "vulns": []}
WEAK: dict[str, object] = {"name": "b", "version": "2", "vulns": [{"id": "CVE-2026-1"}]}
SKIPPED: dict[str, object] = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited"}

ANSWERS = {
    "nothing is weak": (0, found(GOOD), Verdict("l", 1)),
    "one is weak": (1, found(GOOD, WEAK), Verdict("l", 2, ("b 2: CVE-2026-1",))),
    "one is not known, and pip-audit is content": (0, found(GOOD, SKIPPED), "does not know 1 of 2"),
    "none is known": (0, found(SKIPPED), "does not know 1 of 1"),
    "the network is gone": (1, "", "could not be reached"),
    "something else answers": (0, "<html>", "could not be reached"),
    "an empty list": (0, found(), "no package"),
    "it fails and says that all is well": (1, found(GOOD), "does not fit"),
    "all is well and it found something": (0, found(WEAK), "does not fit"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_verdict_is_an_answer_about_every_package(name: str) -> None:
    returned, out, expected = ANSWERS[name]
    verdict = read("l", returned, out)
    if isinstance(expected, Verdict):
        assert verdict == expected
    else:
        assert expected in verdict.none and "NO VERDICT" in verdict.words


ENDS = {
    "all is well": ((Verdict("l", 1),), True, False, 0),
    "all is well, and a verdict was required": ((Verdict("l", 1),), True, True, 0),
    "no verdict": ((Verdict("l", 1), Verdict("m", none="x")), True, False, 0),
    "no verdict where one is required": ((Verdict("l", 1), Verdict("m", none="x")), True, True, 1),
    "something is weak": ((Verdict("l", 1, ("b",)),), True, False, 1),
    "bandit found something": ((Verdict("l", 1),), False, False, 1),
}


@pytest.mark.parametrize("name", ENDS)
def test_how_the_audit_ends(name: str) -> None:
    verdicts, clean, required, code = ENDS[name]
    assert exit_code(verdicts, clean, required) == code


def test_the_list_of_what_is_not_pythons() -> None:
    listed = {each["name"]: each for each in json.loads(script())["components"]}
    assert listed["htmx.org"]["hashes"] == [{"alg": "SHA-256", "content": HTMX}]
    for name, version in (("emulate", "0.8.0"), ("@stoplight/prism-cli", "5.14.2")):
        assert listed[name]["version"] == version and len(listed[name]["hashes"][0]["content"]) == 128
    references = [each["bom-ref"] for each in json.loads(script())["components"]]
    assert len(references) == len(set(references))
    assert script() == script()


def test_what_is_mutated_and_its_tests_are_there() -> None:
    for area in AREAS.values():
        assert all((REPOSITORY / name).is_file() for name in (*area.modules, *area.tests))
        assert tomllib.loads(settings(area))["tool"]["mutmut"]["only_mutate"] == list(area.modules)


def test_a_row_stays_until_its_area_is_run_again() -> None:
    one, other = row(Result("keys", 85, ("a",) * 15, 0, 60.0)), row(Result("erasing", 3, (), 1, 1.0))
    assert "**85 %**" in one and "**75 %**" in other
    page = f"# Head\n\n{section([one, other])}\n## Another\n\n| keys | x |\n"
    assert kept_rows(page, set()) == [one, other] and kept_rows(page, {"keys"}) == [other]
    assert kept_rows("# Head\n", set()) == []
