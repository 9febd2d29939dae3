"""The published content: reads flows, words, facts and directory from their folders into one Release. Checks before it serves."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.directory.directory import Directory
from bot.directory.errors import DirectoryError
from bot.directory.hotline import load_hotlines
from bot.directory.places import load_places
from bot.directory.seed import load_seed
from bot.engine.errors import EngineError
from bot.engine.flow import Flow, Group, Script
from bot.engine.listed import LISTED
from bot.engine.read import read_flow
from bot.engine.relay import WHO_WRITES
from bot.intents.phrases import PhraseError, Phrases, read_phrases
from bot.language import Language
from bot.scripts.accepted import FILE as ACCEPTED
from bot.scripts.accepted import Judged, judged, read_accepted
from bot.scripts.approval import approved_flows
from bot.scripts.catalogs import Merged
from bot.scripts.checks import findings
from bot.scripts.errors import ScriptsError
from bot.scripts.fact import read_facts
from bot.scripts.release import Release
from bot.settings import REPOSITORY
from bot.wording.catalog import Catalog, catalog_bytes
from bot.wording.errors import WordingError
from bot.wording.kiche import load_words
from bot.wording.merge import template_bytes

# The gravest first: the first that fits is answered.
URGENT_ORDER = ("self_harm", "danger_now", "child_alone", "agents_here_now", "relative_just_taken")
_FOLDERS = ("flows", "locales", "directory", "nlu/phrases", "nlu/list_phrases", "nlu/relay_phrases")
_SUFFIXES = (".yml", ".po", ".csv", ".tsv", ".gz", ".ogg")


class ContentError(ScriptsError):
    """Files that cannot be read, or content that must not go out; one line for each problem."""


def catalog_path(root: Path, language: Language) -> Path:
    """Where the words of a language stand."""
    return root / "locales" / language.value / "LC_MESSAGES" / "answers.po"


@dataclass(frozen=True, slots=True)
class Checked:
    """A release and what is wrong with it."""

    release: Release
    judged: Judged


def load_catalogs(root: Path) -> dict[Language, Catalog]:
    """The words of every language; empty where there is no file yet. Raises a CatalogError with file, line and mend."""
    paths = {language: catalog_path(root, language) for language in Language}
    return {
        language: Catalog.load(path, language) if path.is_file() else Catalog(language)
        for language, path in paths.items()
    }


def catalog_files(root: Path, merged: Merged) -> dict[Path, bytes]:
    """The files of the catalogs and of their template, as they are to stand in ``locales/``."""
    files = {
        catalog_path(root, language): catalog_bytes(catalog.entries.values(), language)
        for language, catalog in merged.catalogs.items()
    }
    return {root / "locales" / "messages.pot": template_bytes(merged.template), **files}


def load(root: Path = REPOSITORY) -> Release:
    """The release that these folders hold. ``ScriptsError`` (``ContentError`` and its kin) names file, place and mend."""
    checked = check(root)
    if checked.judged.errors:
        raise ContentError("\n".join(map(str, checked.judged.errors)))
    return checked.release


def check(root: Path = REPOSITORY) -> Checked:
    """The release and every finding about it, for whoever mends it. ``ScriptsError`` for files that cannot be read at all."""
    try:
        return _checked(root, *_fingerprint(root))
    except (EngineError, WordingError, DirectoryError, PhraseError) as error:
        raise ContentError(str(error)) from error


@functools.lru_cache(maxsize=2)
def _checked(root: Path, digest: str, released: date) -> Checked:
    # A release never changes, so the same files are read once in a process.
    release = _read(root, digest, released)
    return Checked(replace(release, approved=approved_flows(release)), judge_of(root)(release))


def judge_of(root: Path = REPOSITORY) -> Callable[[Release], Judged]:
    """What tells what is wrong with a release, beside the intents, the K'iche' words and the accepted findings of these folders."""
    intents, words = load_intents(root / "nlu" / "intents.yml"), load_words(root / "locales" / "quc" / "words.csv")
    lines = root / ACCEPTED
    accepted = read_accepted(read_yaml(lines)) if lines.is_file() else ()
    return lambda release: judged(findings(release, intents, words), accepted)


def _read(root: Path, digest: str, released: date) -> Release:
    return Release(
        digest=digest,
        released=released,
        script=Script.of(load_flows(root / "flows")),
        catalogs={language: Catalog.load(catalog_path(root, language), language) for language in Language},
        facts=read_facts(read_yaml(root / "flows" / "facts.yml"), "flows/facts.yml"),
        hotlines=load_hotlines(root / "directory"),
        # Whoever confirms something in another zone may be a day ahead of the files.
        directory=Directory.of_package(load_seed(root / "directory", released + timedelta(1))),
        places=load_places(root / "directory"),
        phrases=load_phrases(root / "nlu" / "phrases"),
        list_phrases=load_phrases(root / "nlu" / "list_phrases", LISTED),
        relay_phrases=load_phrases(root / "nlu" / "relay_phrases", WHO_WRITES),
        recordings=frozenset(f"{path.parent.parent.name}/{path.stem}" for path in recordings(root)),
    )


def recordings(root: Path) -> Iterator[Path]:
    """The recordings of all languages: locales/<language>/media/<name>.ogg, named by a step's ``media``."""
    return (root / "locales").glob("*/media/*.ogg")


def read_yaml(path: Path) -> Any:
    """What a YAML file holds; ``ContentError`` with file and line for one that is broken."""
    try:
        return YAML(typ="safe", pure=True).load(path.read_text("utf-8"))
    except YAMLError as error:
        raise ContentError(f"{path.name}: not YAML: {' '.join(str(error).split())}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path.name}: cannot be read ({type(error).__name__})") from None


def load_flows(folder: Path) -> dict[str, Flow]:
    """Every flow of the four groups, by name."""
    flows: dict[str, Flow] = {}
    for group in Group:
        for path in sorted((folder / group.value).glob("*.yml")):
            flow = read_flow(read_yaml(path), f"flows/{group.value}/{path.name}", group)
            if flow.name in flows:
                raise ContentError(
                    f"flows/{group.value}/{path.name}: there is another flow of this name. Rename one of them"
                )
            flows[flow.name] = flow
    return flows


def load_phrases(folder: Path, order: Sequence[str] = URGENT_ORDER) -> Phrases:
    """The phrases of all languages: the urgent ones, those that are said to a list of organizations, or those that tell who writes."""
    return read_phrases({path.name: read_yaml(path) for path in sorted(folder.glob("*.yml"))}, order)


def load_intents(path: Path) -> frozenset[str]:
    """The names of all intents: the contract between the model and the flows."""
    names: set[str] = set()
    for group in Group:
        names |= set(read_yaml(path)[group.value])
    return frozenset(names)


def _fingerprint(root: Path) -> tuple[str, date]:
    """SHA-256 over all content files, and the day on which the newest of them was written."""
    digest, newest = hashlib.sha256(), 0.0
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in _SUFFIXES:
                digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
                newest = max(newest, path.stat().st_mtime)
    return digest.hexdigest(), datetime.fromtimestamp(newest, UTC).date()
