"""docs/deploy.md names settings, commands, units, services and limits that are there, and so does what installs Puente."""

from __future__ import annotations

import re
import shlex

import pytest
from flask import Flask

from bot.settings import REPOSITORY, table
from tests.deploy.promised import EXAMPLE, PAGE, compose, environment, given, services, unit, units
from tests.docs.reading import wrong_in

TEXT = PAGE.read_text("utf-8")
SETTINGS = {name for name, _, _ in table()}
OF_OTHERS = {
    "system": {"PATH", "HOME", "PYTHONUNBUFFERED", "MPLCONFIGDIR"},
    "the Caddyfile": {"WEB", "HTTP_PORT", "HTTPS_PORT"},
    "PostgreSQL's image": {"POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD_FILE", "POSTGRES_INITDB_ARGS"},
    "compose.yml": {"VERSION"},
    "gunicorn and the Procfile": {"WEB_CONCURRENCY", "NLU_PYTHON"},
}
KNOWN = SETTINGS.union(*OF_OTHERS.values())
FILLED_IN = {"DATE", "NEW", "OLD", "FILE", "FOLDER"}
NO_UNIT = {"puente-build", "puente-keystore", "puente-keys"}
"""A user and folders that are called like one."""


def code() -> list[str]:
    """Every line of code: spans and blocks."""
    blocks = re.findall(r"^ {4,}(.+)$", TEXT, re.MULTILINE)
    spans = re.findall(r"`([^`]+)`", re.sub(r"^ {4,}.*$", "", TEXT, flags=re.MULTILINE))
    return [*blocks, *(" ".join(each.split()) for each in spans)]


def test_every_setting_that_is_named_is_one() -> None:
    named = {name for line in code() for name in re.findall(r"(?<![\w<$.-])([A-Z][A-Z_]{2,})(?==)", line)}
    alone = {line for line in code() if re.fullmatch(r"[A-Z][A-Z_]{3,}", line)}
    assert named | alone and (named | alone) - KNOWN - FILLED_IN == set()


def test_every_setting_that_is_given_is_one() -> None:
    told = [environment(part) for part in services().values()] + [given(part) for part in units().values()]
    assert {name for each in told for name in each} - KNOWN == set()
    example = [line.partition("=")[0] for line in EXAMPLE.read_text("utf-8").splitlines() if line and line[0] != "#"]
    assert len(example) == len(set(example)) and set(example) <= SETTINGS
    decided = {name for each in told for name in each} - {"SMTP_URL", "MAIL_FROM"}
    assert not decided & set(example), "what is decided elsewhere would have no effect there"


def test_every_command_is_there(app: Flask) -> None:
    lines = [found for line in code() for found in re.findall(r"(?<![\w/.-])puente ([a-z][^|&]*)", line)]
    lines += [found for line in code() for found in re.findall(r"flask --app webhook ([^|&]+)", line)]
    assert len(lines) > 8
    for line in lines:
        assert wrong_in(app.cli, shlex.split(line, comments=True)) == ""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    from bot.settings import from_environment
    from webhook import make

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLASK_RUN_FROM_CLI", "true")
        return make(from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path_factory.mktemp("data"))}))


def test_every_unit_is_there() -> None:
    there = {f"puente-{name}" for name in units()} | {"puente-web.socket", "puente-backup.timer"}
    named = {found for line in code() for found in re.findall(r"\bpuente-[a-z]+(?:\.socket|\.timer)?", line)}
    assert named - NO_UNIT <= there and len(named & there) > 4
    assert "systemctl enable --now puente.target" in TEXT and unit("puente.target")


def test_every_service_of_compose_is_there() -> None:
    commands = [line for line in code() if "docker compose " in line]
    asked = re.compile(r"docker compose (?:exec|run|up|logs)((?: -{1,2}[a-zA-Z-]+)*)((?: [a-z]+)*)")
    named = {name for line in commands for found in asked.findall(line) for name in found[1].split()}
    assert named - {"flask"} <= services().keys() and {"web", "backup", "release", "database"} <= named
    volumes = set(compose()["volumes"])
    assert {name for name in volumes if f"`{name}`" in TEXT} == volumes


def test_every_file_is_there() -> None:
    named = {found for line in code() for found in re.findall(r"(?<![\w/])(?:deploy|nlu|bot)/[\w./*-]+", line)}
    for name in named - {"nlu/models/puente-*.tar.gz", "nlu/models"}:
        assert list(REPOSITORY.glob(name.rstrip("/"))), name


def test_every_heading_that_is_linked_is_there() -> None:
    for page, anchor in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", TEXT):
        file = PAGE if not page else PAGE.parent / page
        headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert anchor in slugs, f"{page}#{anchor}"


LIMITS = {"web": "web", "worker": "worker", "model": "nlu", "Redis": "redis", "PostgreSQL": "database", "Caddy": "caddy"}


def test_the_limits_are_those_of_units_and_services() -> None:
    below = TEXT.partition("\n## Sizes\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in below.splitlines() if line.startswith("| ")]
    told = {row[0].partition(" ")[0].rstrip(","): (row[2], row[4]) for row in rows[1:]}
    for words, name in LIMITS.items():
        most = units().get(name, {}).get("MemoryMax", [""])[0].removesuffix("M")
        assert told[words] == (most, services()[name]["mem_limit"].removesuffix("m")), name
    total = sum(int(services()[name]["mem_limit"].removesuffix("m")) for name in LIMITS.values())
    assert told["together"][1] == f"{total:,}" and f"add up to {total:,} MB" in TEXT


def test_uids_are_those_of_the_images() -> None:
    assert services()["web"]["user"] == "10001:10001" and services()["database"]["user"] == "999:999"
    assert "chown 10001:10001 secrets/master_key secrets/pgpass backups" in TEXT
    assert "chown 999:999 secrets/postgres_password" in TEXT
