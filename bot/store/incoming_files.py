"""Files that came from elsewhere become drafts: nothing of them goes out before a person has published it."""

from __future__ import annotations

import structlog
from msgspec import Struct
from sqlalchemy import select, update

from bot import content
from bot.escalation.viewer import Role, Viewer
from bot.scripts.errors import ScriptsError
from bot.scripts.incoming import Difference, Files, Incoming, difference
from bot.scripts.sources import Sources, digest, manifest
from bot.store.changes import Changes
from bot.store.database import sql_errors
from bot.store.errors import StoreDown, StoreError
from bot.store.in_turn import in_turn
from bot.store.models import Meta

FILES = Viewer(0, "files of this version", frozenset({Role.VOLUNTEER, Role.PUBLISHER}))
"""Who writes what came with a newer version of the repository: nobody, so anybody may publish it."""
_SEEN = "content files"

log = structlog.get_logger()


class Taken(Struct, frozen=True):
    """What became a draft, and what did not, each with the reason in words."""

    drafts: tuple[str, ...]
    left: tuple[tuple[str, str], ...]


class IncomingFiles:
    """Takes files in. Every method raises ``StoreDown``, and ``ContentError`` for files that cannot be read."""

    def __init__(self, changes: Changes) -> None:
        self._changes, self._releases, self._engine = changes, changes.releases, changes.engine

    def differences(self, sources: Sources, base: Sources | None = None) -> Difference:
        """These files beside the current release; with ``base`` only what has changed since that."""
        now, come = self._files(self._releases.current().sources), self._files(sources)
        return difference(now, come, None if base is None else self._files(base))

    def of_the_repository(self) -> Difference:
        """What the repository's files would change and nobody has published; nothing while they are themselves what families get."""
        if self._releases.number() == 0:
            return Difference()
        return self.differences(content.sources_of(self._releases.root), self._releases.stored(0).sources)

    def take(self, viewer: Viewer, come: Difference) -> Taken:
        """Makes drafts of it. What somebody is writing on stays hers; what no draft can hold is left and said."""
        drafts, left = [], [(path, "no draft can hold this file: change it in the console") for path in come.others]
        for each in come.flows:
            try:
                kept = self._draft(viewer, each)
            except StoreDown:
                raise
            except (StoreError, ScriptsError) as error:
                left.append((each.flow, str(error)))
                continue
            drafts.append(each.flow)
            left += [(key, "somebody is writing on this text: hers stays") for key in kept]
        return Taken(tuple(drafts), tuple(left))

    def settle(self) -> str:
        """To be called once before the web starts: what of the repository's files has changed becomes drafts; what was done, in words."""
        if self._releases.number() == 0:
            return ""
        seen = digest(manifest(content.sources_of(self._releases.root)))
        if seen == self._seen():
            return ""
        found = self.of_the_repository()
        taken = self.take(FILES, found) if found else Taken((), ())
        self._note(seen)
        if not found:
            return ""
        log.warning("content.files_changed", moved=len(taken.drafts), status=len(taken.left))
        return (
            f"The files of flows/ and locales/ are not what was published: {len(taken.drafts)} answers became drafts for "
            f"somebody to look at, {len(taken.left)} things were left. `content releases` says what families get."
        )

    def _draft(self, viewer: Viewer, come: Incoming) -> list[str]:
        """Writes it; the keys of texts that were left to whoever is writing them."""
        changes = self._changes
        if come.gone:
            changes.archive(viewer, come.flow)
            return []
        if come.new and come.yaml is not None and come.group is not None:
            texts = {(each.key, each.language): each.text for each in come.texts}
            changes.bring(viewer, come.flow, come.group, come.yaml, texts)
            return []
        if come.yaml is not None:
            changes.save_flow(viewer, come.flow, come.yaml, changes.steps_of(come.flow)[1])
        answer, kept = changes.answer(come.flow), []
        for each in come.texts:
            line = answer.line(each.key)
            said = line.said[each.language] if line else None
            if said is None or (said.changing and said.text != each.text):
                kept.append(f"{each.key} ({each.language})")
            elif said.text != each.text:
                changes.save(viewer, come.flow, each.key, each.language, each.text, said.version)
        return kept

    def _files(self, sources: Sources) -> Files:
        return Files(sources, content.release_of(sources, self._releases.root))

    def _seen(self) -> str | None:
        with sql_errors(), self._engine.connect() as connection:
            return connection.scalar(select(Meta.value).where(Meta.key == _SEEN))

    def _note(self, seen: str) -> None:
        with sql_errors(), self._engine.begin() as connection:
            in_turn(connection, _SEEN)
            connection.execute(update(Meta).where(Meta.key == _SEEN).values(value=seen))
