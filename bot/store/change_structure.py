"""Changing what an answer is made of: its steps, new answers, copies, and those that go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import Connection, delete, update

from bot.engine.flow import Flow, Group
from bot.escalation.viewer import Role, Viewer
from bot.frozen import replace
from bot.language import Language
from bot.scripts.change import NewText, joined_keys, version_of
from bot.scripts.change_applied import below, steps_conflict
from bot.scripts.change_steps import NAME, Edited, duplicated, new_flow, replaced
from bot.scripts.change_yaml import flow_of, flow_path
from bot.scripts.release import Release
from bot.scripts.ways import NEEDED_FLOWS
from bot.store import change_rows
from bot.store.audit import note
from bot.store.change_errors import ChangeMoved, HeirNeeded, NameTaken, NoSuchAnswer, UsedBy
from bot.store.change_writing import TURN, ChangesWritten
from bot.store.content_models import Change, ChangeText
from bot.store.database import sql_errors
from bot.store.errors import NotYours
from bot.store.in_turn import in_turn


class ChangesOfSteps(ChangesWritten):
    """Publishers change steps and take answers away; whoever writes may begin a new one. It all goes through a review."""

    def steps_of(self, flow: str) -> tuple[str, int]:
        """The file of a flow as the open change has it, and the version that goes back with a change of it. Raises NoSuchAnswer."""
        opened = self.open_for(flow)
        stored, release = self._current()
        theirs = _file_in(release, stored.sources, flow)
        mine = opened.draft.yaml if opened and opened.draft.yaml is not None else theirs
        if mine is None:
            raise NoSuchAnswer
        conflict = steps_conflict(stored.sources, release, opened.draft) if opened else ()
        return mine, version_of(mine, conflict[0].theirs if conflict else None)

    def save_flow(self, viewer: Viewer, flow: str, yaml: str, version: int) -> Edited:
        """Stores the whole file of a flow. Raises StepsRefused, ChangeMoved, InReview."""
        return self.restructure(viewer, flow, lambda _, now: replaced(yaml, now), version)

    def restructure(self, viewer: Viewer, flow: str, edit: Callable[[str, Flow], Edited], version: int) -> Edited:
        """Changes the steps by one of ``change_steps``: ``restructure(viewer, flow, lambda yaml, now: remove_step(yaml, now, "x"), v)``.

        ``version``: from ``steps_of``. Raises StepsRefused, ChangeMoved where somebody else changed them meanwhile, InReview.
        """
        if not viewer.has(Role.PUBLISHER):
            raise NotYours
        known, current = self.steps_of(flow)
        if current != version:
            raise ChangeMoved
        with self._writing(viewer, flow) as at:
            if at.draft.yaml not in (None, known):
                raise ChangeMoved
            edited = edit(known, at.flow)
            opened = at.opened
            id = opened.id if opened else change_rows.begin(at.connection, flow, viewer.user, self._now, at.number)
            rekey(at.connection, id, edited.keys, opened.draft.texts if opened else ())
            _unsettle(at.connection, id, at.flow, flow_of(edited.yaml, flow, at.flow.group))
            values: dict[str, object] = {
                "yaml": edited.yaml,
                "yaml_version": Change.yaml_version + 1,
                "keys": json.dumps(joined_keys(at.draft.keys, edited.keys)),
            }
            if opened is None or opened.draft.yaml is None or version != version_of(known):
                values["base"] = at.number  # Taken from the file that is published now, or chosen over it.
            change_rows.touch(at.connection, id, viewer.user, self._now, **values)
            note(at.connection, self._now, viewer.actor, "steps_saved", flow)
        return edited

    def new_flow(
        self, viewer: Viewer, name: str, title: str, group: Group, say: str, intents: tuple[str, ...] = ()
    ) -> None:
        """Begins an answer that there was not before; ``title`` and ``say`` in English. Raises NameTaken, StepsRefused."""
        self._make(viewer, name, group, new_flow(name, group, title, say, intents), ())

    def duplicate(self, viewer: Viewer, flow: str, name: str, title: str) -> None:
        """Begins a copy of an answer, its Spanish and K'iche' as drafts. Raises NoSuchAnswer, NameTaken."""
        stored, release = self._current()
        found, yaml = release.script.flows.get(flow), _file_in(release, stored.sources, flow)
        if found is None or yaml is None:
            raise NoSuchAnswer
        texts = (
            NewText(f"{name}{key.removeprefix(flow)}", language, text, "", False, by=viewer.user, at=self._now)
            for key, said in below(release, None, found).items()
            for language, text in said.items()
            if text and language is not Language.EN
        )
        self._make(viewer, name, found.group, duplicated(yaml, name, found.group, title), texts)

    def bring(
        self, viewer: Viewer, name: str, group: Group, yaml: str, texts: Mapping[tuple[str, Language], str]
    ) -> None:
        """Begins an answer that a whole file brings. Raises NameTaken, StepsRefused."""
        flow_of(yaml, name, group)
        new = (NewText(*place, text, "", False, by=viewer.user, at=self._now) for place, text in texts.items())
        self._make(viewer, name, group, Edited(yaml, {}, ()), new)

    def archive(self, viewer: Viewer, flow: str, heir: str | None = None) -> None:
        """The answer is to go; ``heir`` takes what it was asked for. Raises UsedBy, HeirNeeded, NoSuchAnswer, InReview."""
        if not viewer.has(Role.PUBLISHER):
            raise NotYours
        with self._writing(viewer, flow) as at:
            flows = at.release.script.flows
            if flow not in flows:
                raise NoSuchAnswer
            if using := users_of(flows, flow):
                raise UsedBy(using)
            if flows[flow].intents and (heir not in flows or heir == flow):
                raise HeirNeeded(flows[flow].intents)
            id = (
                at.opened.id if at.opened else change_rows.begin(at.connection, flow, viewer.user, self._now, at.number)
            )
            change_rows.touch(at.connection, id, viewer.user, self._now, archived=True, heir=heir)
            note(at.connection, self._now, viewer.actor, "change_archives", flow)

    def _make(self, viewer: Viewer, name: str, group: Group, made: Edited, texts: Iterable[NewText]) -> None:
        self._may_write(viewer)
        stored, release = self._current()
        if not NAME.fullmatch(name) or name in release.script.flows:
            raise NameTaken
        with sql_errors(), self.engine.begin() as connection:
            in_turn(connection, TURN)
            if change_rows.open_row(connection, name) is not None:
                raise NameTaken
            more = {"yaml": made.yaml, "yaml_version": 1, "folder": group.value}
            id = change_rows.begin(connection, name, viewer.user, self._now, stored.number, **more)
            for text in texts:
                change_rows.put_text(connection, id, text)
            change_rows.touch(connection, id, viewer.user, self._now)
            note(connection, self._now, viewer.actor, "answer_begun", name)


def users_of(flows: Mapping[str, Flow], name: str) -> tuple[str, ...]:
    """The flows that lead to this one; the bot itself where it goes there by name."""
    leading = [
        flow.name
        for flow in flows.values()
        if flow.name != name and any(target.flow == name for step in flow.steps.values() for target in step.targets)
    ]
    return ("puente", *leading) if name in NEEDED_FLOWS else tuple(leading)


def rekey(connection: Connection, id: int, keys: Mapping[str, str], texts: Iterable[NewText]) -> None:
    """Puts the texts of a change under the keys that a change of steps gives them; what is gone goes."""
    moving = [each for each in texts if each.key in keys]
    for each in moving:
        place = (ChangeText.change == id, ChangeText.key == each.key, ChangeText.language == each.language.value)
        connection.execute(delete(ChangeText).where(*place))
    for each in moving:
        if keys[each.key]:
            change_rows.put_text(connection, id, replace(each, key=keys[each.key]))


def _unsettle(connection: Connection, id: int, before: Flow, after: Flow) -> None:
    """The texts of this change that were written for another English sentence are left behind by it."""
    was = {sentence.key: sentence.english for sentence in before.sentences}
    keys = [each.key for each in after.sentences if was.get(each.key, each.english) != each.english]
    mine = update(ChangeText).where(ChangeText.change == id, ChangeText.key.in_(keys))
    connection.execute(mine.values(still_right=False, review=None))


def _file_in(release: Release, sources: Mapping[str, bytes], flow: str) -> str | None:
    found = release.script.flows.get(flow)
    return sources[flow_path(found.name, found.group)].decode() if found else None
