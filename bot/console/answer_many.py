"""One published answer to several who wait for the same: each was read, at most thirty, and only after a second press."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from flask import flash, make_response, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.canned import Canned, Shelf
from bot.console.desk import desk
from bot.console.groups_view import GroupView, group_asked, group_view
from bot.console.inbox_eyes import eyes
from bot.console.inbox_view import Eyes, RowView, row_view, spoken_by
from bot.console.many_view import MOST_AT_ONCE, Chosen, SameText, by_text, chosen
from bot.console.refused_words import refused_words
from bot.console.times import clock_time
from bot.console.words import page_language, words
from bot.escalation.escalation import Author, Escalated, Said, alias_of
from bot.escalation.grouping import Group, groups
from bot.escalation.viewer import Role
from bot.language import Language
from bot.message import Channel
from bot.store.desk_errors import CannotJoin
from bot.store.desk_inbox import InboxRow


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the group, with the family's last words in full.

    ``seen``: the number of that message. ``kin``: who may be of one family.
    """

    row: RowView
    text: str = field(repr=False)
    lang: str
    seen: int
    kin: tuple[RowView, ...] = ()


class Together(Struct, frozen=True):
    """A group as its page needs it. ``apart``: those that get an answer of their own. ``more``: how many the page has no room for."""

    group: Group
    view: GroupView
    members: tuple[Member, ...]
    apart: tuple[RowView, ...]
    more: int


@console.get("/answer-many")
@allow(Role.RESPONDER)
def answer_many() -> AnyResponse:
    """The group with what each wrote, to be read and picked."""
    return _page(_together(), Chosen({}, request.args.get("answer", "")))


@console.post("/answer-many")
@allow(Role.RESPONDER)
def send_many() -> AnyResponse:
    """First what each would read, to be pressed once more; then it goes out."""
    picked = chosen(request.form, request.form.getlist("id"))
    rows = {row.escalated.id: row for row in desk().inbox.rows(viewer())}
    there = [rows[id].escalated for id in picked.seen if id in rows]
    texts = by_text(there, lambda each: _shelf(each).of(picked.answer))
    error = _wrong(picked, texts)
    if error:
        return _page(_together(), picked, error, 422)
    if not picked.confirmed:
        return make_response(
            render_template("answer_many_check.html", texts=texts, picked=picked, args=_args(), count=_count(texts))
        )
    return _sent(picked, texts)


@console.post("/answer-many/join/<id>/<other>")
@allow(Role.RESPONDER)
def join_family(id: str, other: str) -> AnyResponse:
    """That two of the page are of one family; then back to the group."""
    try:
        desk().work.join(viewer(), id, other)
        flash(words("many.joined", "Joined: each conversation shows the other."))
    except CannotJoin:
        flash(words("many.cannot-join", "These two cannot be joined: perhaps one of them is over."))
    return redirect(f"{url_for('console.answer_many')}?{urlencode(_args())}")


def _sent(picked: Chosen, texts: Iterable[SameText]) -> AnyResponse:
    went: list[str] = []
    refused: dict[str, str] = {}
    for same in texts:
        answered = desk().talk.answer_many(viewer(), {id: picked.seen[id] for id in same.ids}, same.text)
        went += [alias_of(id) for id in answered.went]
        refused |= {id: refused_words(why, words) for id, why in answered.refused.items()}
    had = {id for same in texts for id in same.ids}
    refused |= {
        id: words("many.no-text", "this answer has no text for this person") for id in picked.seen if id not in had
    }
    not_sent = [(id, alias_of(id), why) for id, why in refused.items()]
    return make_response(render_template("answer_many_done.html", went=went, refused=not_sent))


def _wrong(picked: Chosen, texts: Iterable[SameText]) -> str:
    if not picked.seen:
        return words("many.nobody", "Nobody is picked. Tick each person whose message you have read.")
    if len(picked.seen) > MOST_AT_ONCE:
        return words(
            "many.too-many", "At most %(n)s at once. Untick some; they get it in a second round.", n=MOST_AT_ONCE
        )
    if not picked.answer:
        return words("many.no-answer", "Choose the answer that they get.")
    if not texts:
        return words("many.no-words", "This answer has no words for any of them. Choose another one.")
    return ""


def _page(together: Together, picked: Chosen, error: str = "", status: int = 200) -> AnyResponse:
    find = request.values.get("find", "")[:60]
    return make_response(
        render_template(
            "answer_many.html",
            together=together,
            picked=picked,
            answers=_answers(together.group, find),
            find=find,
            error=error,
            most=MOST_AT_ONCE,
            args=_args(),
        ),
        status,
    )


def _answers(group: Group, find: str) -> tuple[Canned, ...]:
    """A short list: those of the topic, or those that were looked for."""
    language = Language(page_language())
    return _shelf_for(language, None, Channel.SMS).find(find, group.topic)


def _together() -> Together:
    rows = {row.escalated.id: row for row in desk().inbox.rows(viewer())}
    group = group_asked(request.values, groups(row.escalated for row in rows.values()))
    if group is None:
        raise NotFound
    sight = eyes()
    ids = [id for id in group.ids if id not in group.apart]
    kin = _kin(ids, rows, sight)
    members = tuple(_member(rows[id], sight, kin.get(id, ())) for id in ids[:MOST_AT_ONCE])
    apart = tuple(row_view(rows[id], sight) for id in group.ids if id in group.apart)
    return Together(
        group, group_view(group, words, sight.title, clock_time), members, apart, max(0, len(ids) - MOST_AT_ONCE)
    )


def _member(row: InboxRow, sight: Eyes, kin: tuple[RowView, ...]) -> Member:
    """Opens the conversation, so that the audit says that it was read; shows what the family wrote last."""
    thread = desk().talk.thread(viewer(), row.escalated.id)
    last = next((said for said in reversed(thread.said) if said.author is Author.FAMILY), None)
    return Member(row_view(row, sight), _full(last), spoken_by(row.escalated, last), last.number if last else 0, kin)


def _full(last: Said | None) -> str:
    if last is None:
        return words("many.no-message", "(no message yet)")
    return last.text.strip() or words("inbox.media", "(a voice note or a photo)")


def _kin(ids: Iterable[str], rows: dict[str, InboxRow], sight: Eyes) -> dict[str, tuple[RowView, ...]]:
    """Who may be of one family with whom."""
    mine = set(ids)
    found: dict[str, tuple[RowView, ...]] = {}
    for hint in desk().inbox.hints(viewer()):
        for one, other in (hint.ids, hint.ids[::-1]):
            if one in mine and other in rows:
                found[one] = (*found.get(one, ()), row_view(rows[other], sight))
    return found


def _shelf(each: Escalated) -> Shelf:
    spoken = next((language for language in Language if language == each.about.language), None)
    language = spoken or Language(desk().settings.default_language)
    return _shelf_for(language, each.about.place, Channel(each.channel))


def _shelf_for(language: Language, place: str | None, channel: Channel) -> Shelf:
    parts = desk()
    release = parts.puente.conversation.release()
    return Shelf(release, parts.settings, language, place, channel, parts.clock(), Language(page_language()))


def _args() -> dict[str, str]:
    return {name: request.values.get(name, "") for name in ("place", "topic", "hour")}


def _count(texts: Iterable[SameText]) -> int:
    return sum(len(same.ids) for same in texts)
