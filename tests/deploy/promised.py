"""The files with which Puente is installed, read as values: compose.yml, the Dockerfiles, the units, the Caddyfile, the Procfile."""

from __future__ import annotations

import shlex
from collections import defaultdict
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.settings import REPOSITORY

UNITS = REPOSITORY / "deploy" / "systemd"
CADDYFILE = REPOSITORY / "deploy" / "caddy" / "Caddyfile"
EXAMPLE = REPOSITORY / "deploy" / "puente.env.example"
PAGE = REPOSITORY / "docs" / "deploy.md"
KEEPER = ("exec", "python", "-m", "bot.keep")

Unit = dict[str, list[str]]


def compose() -> dict[str, Any]:
    """compose.yml, its anchors resolved."""
    return dict(YAML(typ="safe").load((REPOSITORY / "compose.yml").read_text("utf-8")))


def services() -> dict[str, dict[str, Any]]:
    """The services of compose.yml."""
    return dict(compose()["services"])


def environment(service: dict[str, Any]) -> dict[str, str]:
    """What a service is given by name."""
    return dict(service.get("environment", {}))


def procfile() -> dict[str, list[str]]:
    """Process -> its command as words, without its keeper; an interpreter is ``python`` wherever it lies."""
    lines = (REPOSITORY / "Procfile").read_text("utf-8").splitlines()
    return {name: _bare(shlex.split(line)) for name, _, line in (line.partition(": ") for line in lines)}


def _bare(words: list[str]) -> list[str]:
    if tuple(words[:4]) == KEEPER:
        words = words[words.index("--") + 1 :]
    if "&&" in words:
        words = words[: words.index("&&")]
    return command(words)


def command(words: list[str]) -> list[str]:
    """A command with the name of its program alone: /opt/.../bin/gunicorn is gunicorn, ${NLU_PYTHON:-.../python} is python."""
    return [words[0].rstrip("}").rpartition("/")[2], *words[1:]]


def unit(name: str) -> Unit:
    """A unit of systemd: name of a setting -> its values in their order; sections are told apart by nothing, for no name is in two."""
    found: Unit = defaultdict(list)
    for line in (UNITS / name).read_text("utf-8").splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found[key].append(value)
    return dict(found)


def units(suffix: str = ".service") -> dict[str, Unit]:
    """All units of a kind, by the name of the part of Puente that they run."""
    return {path.stem.removeprefix("puente-"): unit(path.name) for path in sorted(UNITS.glob(f"*{suffix}"))}


def given(part: Unit) -> dict[str, str]:
    """What a unit is given by name."""
    pairs = (word.partition("=") for line in part.get("Environment", []) for word in shlex.split(line))
    return {name: value for name, _, value in pairs}


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, each with its whole text."""
    text = dockerfile.read_text("utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in lines)]
