"""The published content: reads flows, words, facts and directory into one Release, and checks it before it is published.

Files that people may change (bot/scripts/sources.py) come from a folder or from a published release; the rest stands beside
them in the repository. What was read of a file is kept by its SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import Struct
from yaml import YAMLError

from bot.directory.directory import Directory
from bot.directory.errors import DirectoryError
from bot.directory.hotline import Hotline, load_hotlines
from bot.directory.places import Places, load_places
from bot.directory.seed import load_seed
from bot.engine.errors import EngineError
from bot.engine.flow import Flow, Group, Script
from bot.engine.listed import LISTED
from bot.engine.read import read_flow
from bot.engine.relay import WHO_WRITES
from bot.found_good import FoundGood, digest_of
from bot.frozen import replace
from bot.intents.lexicons import Lexicons
from bot.intents.phrases import PhraseError, Phrases, read_phrases
from bot.language import Language
from bot.parsed import Parsed
from bot.scripts.accepted import FILE as ACCEPTED
from bot.scripts.accepted import Judged, judged, read_accepted
from bot.scripts.approval import approved_flows
from bot.scripts.called import FILE as CALLED
from bot.scripts.called import Called, read_called, with_called
from bot.scripts.catalogs import Merged
from bot.scripts.checks import findings
from bot.scripts.errors import ScriptsError
from bot.scripts.fact import Fact, read_facts
from bot.scripts.release import Release
from bot.scripts.sources import FOLDERS, Sources, digest, is_source, manifest, sha_of
from bot.settings import REPOSITORY
from bot.wording.catalog import Catalog, catalog_bytes
from bot.wording.errors import WordingError
from bot.wording.kiche import load_words
from bot.wording.merge import template_bytes
from bot.yaml_text import plain

# The gravest first: the first that fits is answered.
URGENT_ORDER = ("self_harm", "danger_now", "child_alone", "agents_here_now", "relative_just_taken")
FACTS = "flows/facts.yml"
_INTENTS, _WORDS = "nlu/intents.yml", "locales/quc/words.csv"
_BESIDE = ("directory", "nlu/phrases", "nlu/list_phrases", "nlu/relay_phrases")
_SUFFIXES = (".yml", ".csv", ".tsv", ".gz")
# A release has some eighty flows; drafts of volunteers bring a new one with each saving.
_FLOWS, _CATALOGS, _LITTLE, _BESIDES, _JUDGED = Parsed(400), Parsed(12), Parsed(12), Parsed(2), Parsed(4)


class ContentError(ScriptsError):
    """Files that cannot be read, or content that must not go out; one line for each problem."""


def catalog_name(language: Language) -> str:
    """Where the words of a language stand in the repository."""
    return f"locales/{language.value}/LC_MESSAGES/answers.po"


def catalog_path(root: Path, language: Language) -> Path:
    """Where the words of a language stand."""
    return root / catalog_name(language)


class Checked(Struct, frozen=True):
    """A release and what is wrong with it."""

    release: Release
    judged: Judged


class Beside(Struct, frozen=True):
    """What the repository has beside the sources; ``digest`` and ``newest`` are of its files."""

    digest: str
    newest: date
    hotlines: dict[str, Hotline]
    directory: Directory
    places: Places
    phrases: Lexicons


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


def sources_of(root: Path = REPOSITORY) -> Sources:
    """The files under this folder that make a release. ``ContentError`` for one that cannot be read."""
    found: dict[str, bytes] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if is_source(name) and path.is_file():
                try:
                    found[name] = path.read_bytes()
                except OSError as error:
                    raise ContentError(f"{name}: cannot be read ({type(error).__name__})") from None
    return found


def load(root: Path = REPOSITORY, good: FoundGood | None = None) -> Release:
    """The release that these folders hold. ``ScriptsError`` (``ContentError`` and its kin) names file, place and mend.

    ``good`` remembers what was found good: that is read, and not checked again. None: everything is checked.
    """
    sources = sources_of(root)
    release = release_of(sources, root)
    digest = "" if good is None else _judged_digest(release, root)
    if good is not None and good.holds(digest):
        return release
    checked = check_of(sources, root)
    if checked.judged.errors:
        raise ContentError("\n".join(map(str, checked.judged.errors)))
    # Not where somebody changed a file meanwhile: nobody knows then what was checked.
    if good is not None and _judged_digest(checked.release, root) == digest:
        good.note(digest)
    return checked.release


def check(root: Path = REPOSITORY) -> Checked:
    """The release and every finding about it, for whoever mends it. ``ScriptsError`` for files that cannot be read at all."""
    return check_of(sources_of(root), root)


def check_of(sources: Sources, root: Path = REPOSITORY, released: date | None = None) -> Checked:
    """Like ``release_of``, with every finding. It costs seconds: for what is to be published, not for what was."""
    release = release_of(sources, root, released)
    lines = sources.get(ACCEPTED)
    accepted = () if lines is None else read_accepted(yaml_of(lines, ACCEPTED))
    return _JUDGED.get(_judged_parts(release, root), lambda: Checked(release, _judge_of(root, accepted)(release)))


def _judged_digest(release: Release, root: Path) -> str:
    return digest_of(_judged_parts(release, root))


def _judged_parts(release: Release, root: Path) -> tuple[str, ...]:
    """All that a verdict on this release hangs on beside the code; accepted.yml is one of its sources."""
    return release.digest, release.released.isoformat(), *(_sha_in(root, name) for name in (_INTENTS, _WORDS))


def _sha_in(root: Path, name: str) -> str:
    path = root / name
    return sha_of(path.read_bytes()) if path.is_file() else ""


def release_of(sources: Sources, root: Path = REPOSITORY, released: date | None = None) -> Release:
    """The release that these sources make with what stands beside them in ``root``; nothing is checked but their form.

    ``released``: the day on which they were published (UTC); None: that on which the newest file of ``root`` was written.
    ``ScriptsError`` for files that cannot be read.
    """
    try:
        beside = _beside(root)
        release = _release(sources, beside, released or max(beside.newest, _written(root, sources)))
    except (EngineError, WordingError, DirectoryError, PhraseError) as error:
        raise ContentError(str(error)) from error
    return replace(release, approved=approved_flows(release))


def judge_of(root: Path = REPOSITORY) -> Callable[[Release], Judged]:
    """What tells what is wrong with a release, beside the intents, the K'iche' words and the accepted findings of these folders."""
    lines = root / ACCEPTED
    return _judge_of(root, read_accepted(read_yaml(lines)) if lines.is_file() else ())


def _judge_of(root: Path, accepted: Sequence[Any]) -> Callable[[Release], Judged]:
    intents, words = load_intents(root / _INTENTS), load_words(root / _WORDS)
    return lambda release: judged(findings(release, intents, words), accepted)


def _release(sources: Sources, beside: Beside, released: date) -> Release:
    said = manifest(sources)
    return Release(
        digest=hashlib.sha256(f"{digest(said)} {beside.digest}".encode()).hexdigest(),
        released=released,
        script=Script.of(_flows_of(sources, said)),
        catalogs={language: _catalog_of(sources, language) for language in Language},
        facts=facts_of(sources),
        hotlines=with_called(beside.hotlines, _called_of(sources)),
        directory=beside.directory,
        places=beside.places,
        phrases=beside.phrases,
        recordings={name: said[path] for name, path in recordings(sources).items()},
    )


def facts_of(sources: Sources) -> dict[str, Fact]:
    """The facts of these sources, read once for the same file. Nobody changes what comes back."""
    data = _file(sources, FACTS)
    return _LITTLE.get(sha_of(data), lambda: read_facts(yaml_of(data, FACTS), FACTS))


def _called_of(sources: Sources) -> dict[str, Called]:
    """Who has called which line; no release has the file before somebody did."""
    data = sources.get(CALLED)
    return {} if data is None else read_called(yaml_of(data, CALLED))


def recordings(sources: Sources) -> dict[str, str]:
    """The recordings of all languages, ``language/name`` to their path: locales/<language>/media/<name>.ogg."""
    paths = [PurePosixPath(path) for path in sources if path.endswith(".ogg")]
    return {f"{path.parent.parent.name}/{path.stem}": str(path) for path in paths}


def read_yaml(path: Path) -> Any:
    """What a YAML file holds; ``ContentError`` with file and line for one that is broken."""
    try:
        return yaml_of(path.read_bytes(), path.name)
    except OSError as error:
        raise ContentError(f"{path.name}: cannot be read ({type(error).__name__})") from None


def yaml_of(data: bytes, name: str) -> Any:
    """What these bytes of a YAML file hold; ``ContentError`` with its name and the line for one that is broken."""
    try:
        return plain(data.decode())
    except YAMLError as error:
        raise ContentError(f"{name}: not YAML: {' '.join(str(error).split())}") from None
    except UnicodeDecodeError as error:
        raise ContentError(f"{name}: cannot be read ({type(error).__name__})") from None


def load_flows(folder: Path) -> dict[str, Flow]:
    """Every flow of the four groups, by name."""
    paths = [path for group in Group for path in sorted((folder / group.value).glob("*.yml"))]
    sources = {f"flows/{path.parent.name}/{path.name}": path.read_bytes() for path in paths}
    return _flows_of(sources, manifest(sources))


def flow_of(path: str, data: bytes) -> Flow:
    """The flow that such a file (``flows/<group>/<name>.yml``) holds. Raises ``ContentError`` or FlowError."""
    return _FLOWS.get(
        (path, sha_of(data)), lambda: read_flow(yaml_of(data, path), path, Group(PurePosixPath(path).parent.name))
    )


def _flows_of(sources: Sources, said: dict[str, str]) -> dict[str, Flow]:
    flows: dict[str, Flow] = {}
    for group in Group:
        for path in said:
            if path.startswith(f"flows/{group.value}/"):
                flow = flow_of(path, sources[path])
                if flow.name in flows:
                    raise ContentError(f"{path}: there is another flow of this name. Rename one of them")
                flows[flow.name] = flow
    return flows


def _catalog_of(sources: Sources, language: Language) -> Catalog:
    path = catalog_name(language)
    data = _file(sources, path)
    return _CATALOGS.get((language, sha_of(data)), lambda: Catalog.parse(data, language, path))


def _file(sources: Sources, path: str) -> bytes:
    try:
        return sources[path]
    except KeyError:
        raise ContentError(f"{path}: is missing") from None


def load_phrases(folder: Path, order: Sequence[str] = URGENT_ORDER) -> Phrases:
    """The phrases of all languages: the urgent ones, those that are said to a list of organizations, or those that tell who writes."""
    return read_phrases({path.name: read_yaml(path) for path in sorted(folder.glob("*.yml"))}, order)


def load_intents(path: Path) -> frozenset[str]:
    """The names of all intents: the contract between the model and the flows."""
    names: set[str] = set()
    for group in Group:
        names |= set(read_yaml(path)[group.value])
    return frozenset(names)


def _beside(root: Path) -> Beside:
    """What stands beside the sources. Read once for the same files."""
    files, newest = hashlib.sha256(), 0.0
    for folder in _BESIDE:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in _SUFFIXES:
                files.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
                newest = max(newest, path.stat().st_mtime)
    key = (files.hexdigest(), _day(newest))
    return _BESIDES.get(key, lambda: _read_beside(root, *key))


def _read_beside(root: Path, files: str, newest: date) -> Beside:
    return Beside(
        digest=files,
        newest=newest,
        hotlines=load_hotlines(root / "directory"),
        # Whoever confirms something in another zone may be a day ahead of the files.
        directory=Directory.of_package(load_seed(root / "directory", newest + timedelta(1))),
        places=load_places(root / "directory"),
        phrases=Lexicons(
            load_phrases(root / "nlu" / "phrases"),
            load_phrases(root / "nlu" / "list_phrases", LISTED),
            load_phrases(root / "nlu" / "relay_phrases", WHO_WRITES),
        ),
    )


def _written(root: Path, sources: Sources) -> date:
    """The day on which the newest of these files was written, as far as ``root`` has them."""
    return _day(max((path.stat().st_mtime for path in map(root.joinpath, sources) if path.is_file()), default=0.0))


def _day(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()
