"""Rows of changes as values and back. Every function works within the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Connection, func, insert, select, update

from bot.engine.flow import Approval, Group
from bot.language import Language
from bot.scripts.change import Draft, Hand, NewText, Opened, Place, Stage, mark_of
from bot.scripts.change_answer import Last
from bot.store.content_models import Autosave, Change, ChangeHand, ChangeText
from bot.store.staff_models import User
from bot.wording.state import Review


def opened(connection: Connection, row: Any, yaml_was: str | None) -> Opened:
    """A row of ``changes`` with all that belongs to it. ``yaml_was``: the file that its steps were taken from."""
    mine = select(ChangeText.__table__).where(ChangeText.change == row.id).order_by(ChangeText.key, ChangeText.language)
    texts = tuple(map(_text, connection.execute(mine)))
    ids = set(connection.scalars(select(ChangeHand.user).where(ChangeHand.change == row.id)))
    called = names(connection, {*ids, row.by, *([row.sent_by] if row.sent_by else [])})
    draft = Draft(
        flow=row.flow,
        texts=texts,
        yaml=row.yaml,
        yaml_was=yaml_was,
        keys=json.loads(row.keys),
        group=Group(row.folder) if row.folder else None,
        archived=row.archived,
        heir=row.heir,
        approval=Approval(**json.loads(row.approval)) if row.approval else None,
    )
    return Opened(
        id=row.id,
        flow=row.flow,
        stage=Stage(row.state),
        base=row.base,
        made=row.made,
        by=called[row.by],
        changed=row.changed,
        sent=row.sent,
        sent_by=called[row.sent_by] if row.sent_by else None,
        note=row.note,
        remark=row.remark,
        hands=tuple(called[id] for id in sorted(ids)),
        draft=draft,
        yaml_version=row.yaml_version,
        mark=mark_of(draft),
    )


def names(connection: Connection, ids: Iterable[int]) -> dict[int, Hand]:
    """These accounts by their numbers."""
    wanted = set(ids)
    found = connection.execute(select(User.id, User.name).where(User.id.in_(wanted))) if wanted else ()
    return {id: Hand(id, "") for id in wanted} | {row.id: Hand(row.id, row.name) for row in found}


def open_row(connection: Connection, flow: str) -> Any | None:
    """The row of the open change of a flow."""
    return connection.execute(select(Change.__table__).where(Change.open == flow)).first()


def begin(connection: Connection, flow: str, user: int, now: int, base: int, **more: object) -> int:
    """A new open change, and its number."""
    values = {"flow": flow, "open": flow, "state": Stage.DRAFT, "base": base, "made": now, "by": user, "changed": now}
    number = connection.scalar(insert(Change).values(**values, **more).returning(Change.id))
    return int(number or 0)


def touch(connection: Connection, id: int, user: int, now: int, **values: object) -> None:
    """Notes that she wrote on it."""
    connection.execute(update(Change).where(Change.id == id).values(changed=now, **values))
    known = select(ChangeHand.user).where(ChangeHand.change == id, ChangeHand.user == user)
    if connection.scalar(known) is None:
        connection.execute(insert(ChangeHand).values(change=id, user=user))


def put_text(connection: Connection, id: int, new: NewText) -> None:
    """Writes one text of a change, over the one that stands there."""
    place = (ChangeText.change == id, ChangeText.key == new.key, ChangeText.language == new.language.value)
    values: dict[str, object] = {
        "text": new.text,
        "was": new.was,
        "by": new.by,
        "at": new.at,
        "meaning": new.meaning,
        "still_right": new.settled,
        "review": _written(new.review),
    }
    over = update(ChangeText).where(*place).values(**values, version=ChangeText.version + 1)
    if not connection.execute(over).rowcount:
        first = {"change": id, "key": new.key, "language": new.language.value, "version": 1}
        connection.execute(insert(ChangeText).values(**first, **values))


def put_autosave(connection: Connection, user: int, place: Place, text: str, version: int, now: int) -> None:
    """Keeps what somebody has typed, over what was kept there."""
    key, language = place
    mine = (Autosave.user == user, Autosave.key == key, Autosave.language == language.value)
    values: dict[str, object] = {"text": text, "version": version, "at": now}
    if not connection.execute(update(Autosave).where(*mine).values(**values)).rowcount:
        connection.execute(insert(Autosave).values(user=user, key=key, language=language.value, **values))


def last_published(connection: Connection, flow: str) -> dict[Place, Last]:
    """Who last wrote each text of a flow that a change has published."""
    newest = (
        select(ChangeText.key, ChangeText.language, func.max(ChangeText.change).label("change"))
        .join(Change, Change.id == ChangeText.change)
        .where(Change.flow == flow, Change.state == Stage.PUBLISHED, ChangeText.text != ChangeText.was)
        .group_by(ChangeText.key, ChangeText.language)
        .subquery()
    )
    same = (
        (newest.c.change == ChangeText.change)
        & (newest.c.key == ChangeText.key)
        & (newest.c.language == ChangeText.language)
    )
    columns = (ChangeText.key, ChangeText.language, ChangeText.by, ChangeText.at, ChangeText.meaning)
    rows = connection.execute(select(*columns).join(newest, same)).all()
    called = names(connection, {row.by for row in rows})
    return {(row.key, Language(row.language)): Last(called[row.by], row.at, bool(row.meaning)) for row in rows}


def approve(connection: Connection, id: int, approval: Approval) -> None:
    """Puts the word of somebody with a licence on a change."""
    connection.execute(update(Change).where(Change.id == id).values(approval=json.dumps(asdict(approval))))


def _text(row: Any) -> NewText:
    return NewText(
        row.key,
        Language(row.language),
        row.text,
        row.was,
        row.meaning,
        row.still_right,
        _read(row.review),
        row.by,
        row.at,
    )


def _written(review: Review | None) -> str | None:
    if review is None:
        return None
    against = {language.value: digest for language, digest in review.against}
    return json.dumps({"day": review.day.isoformat(), "by": review.by, "against": against})


def _read(text: str | None) -> Review | None:
    if text is None:
        return None
    value: Mapping[str, Any] = json.loads(text)
    against = tuple((Language(language), digest) for language, digest in value["against"].items())
    return Review(date.fromisoformat(value["day"]), value["by"], against)
