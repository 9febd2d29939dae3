"""Files that came from elsewhere, an export that somebody changed or a newer version of the repository, beside what families get. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.engine.flow import Group
from bot.language import Language
from bot.scripts.change_applied import below
from bot.scripts.change_yaml import flow_path
from bot.scripts.release import Release
from bot.scripts.sources import Sources


class Files(Struct, frozen=True):
    """A set of files and the release that they make."""

    sources: Sources
    release: Release


class IncomingText(Struct, frozen=True):
    """A text in one language: as it stands, and as it comes."""

    key: str
    language: Language
    was: str
    text: str


class Incoming(Struct, frozen=True):
    """What comes for a flow. ``yaml``: its file, if that is another. ``new``: there was no such flow; ``gone``: it comes no more."""

    flow: str
    yaml: str | None = None
    group: Group | None = None
    texts: tuple[IncomingText, ...] = ()
    new: bool = False
    gone: bool = False

    def __str__(self) -> str:
        steps = "new" if self.new else "gone" if self.gone else "steps changed" if self.yaml is not None else ""
        texts = f"{len(self.texts)} texts" if self.texts else ""
        return f"{self.flow}: {', '.join(filter(None, (steps, texts)))}"


class Difference(Struct, frozen=True):
    """All that comes. ``others``: files that are no flow and no text, such as facts: their paths."""

    flows: tuple[Incoming, ...] = ()
    others: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.flows or self.others)


def difference(now: Files, come: Files, base: Files | None = None) -> Difference:
    """What comes and is another than what stands. With ``base`` only what came to be another since: both began from it."""
    names = sorted({*now.release.script.flows, *come.release.script.flows})
    flows = (each for name in names if (each := _of_flow(name, now, come, base)) is not None)
    said = {path for path in {*now.sources, *come.sources} if _is_other(path)}
    others = (
        path for path in sorted(said) if _differs(path, now.sources, come.sources, base.sources if base else None)
    )
    return Difference(tuple(flows), tuple(others))


def _of_flow(name: str, now: Files, come: Files, base: Files | None) -> Incoming | None:
    theirs, ours = come.release.script.flows.get(name), now.release.script.flows.get(name)
    if theirs is None:
        there_before = base is None or name in base.release.script.flows
        return Incoming(name, gone=True) if there_before else None
    path = flow_path(name, theirs.group)
    another = _differs(path, now.sources, come.sources, base.sources if base else None)
    yaml = come.sources[path].decode() if another else None
    texts = _texts(name, now, come, base)
    if yaml is not None:
        # Its English comes with the file, but for what the catalog says instead.
        words = come.release.catalogs[Language.EN]
        texts = [each for each in texts if each.language is not Language.EN or _is_own(words.entry(each.key))]
    return Incoming(name, yaml, theirs.group, tuple(texts), new=ours is None) if yaml is not None or texts else None


def _texts(name: str, now: Files, come: Files, base: Files | None) -> list[IncomingText]:
    found = []
    standing, before = _said(name, now), _said(name, base) if base else {}
    for place, text in _said(name, come).items():
        was = standing.get(place, "")
        if text and text != was and (base is None or before.get(place, "") != text):
            found.append(IncomingText(*place, was, text))
    return found


def _said(name: str, files: Files) -> dict[tuple[str, Language], str]:
    flow = files.release.script.flows.get(name)
    if flow is None:
        return {}
    said = below(files.release, None, flow)
    return {(key, language): text for key, texts in said.items() for language, text in texts.items()}


def _is_own(entry: object) -> bool:
    return bool(getattr(entry, "text", ""))


def _differs(path: str, now: Sources, come: Sources, base: Sources | None) -> bool:
    since = base is None or base.get(path) != come.get(path)
    return since and now.get(path) != come.get(path)


def _is_other(path: str) -> bool:
    return not path.endswith("answers.po") and path.count("/") != 2 or path.endswith(".ogg")
