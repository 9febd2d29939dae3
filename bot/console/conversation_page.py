"""The page of a conversation put together: what is known of it, and what somebody is writing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from flask import make_response, render_template, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import viewer
from bot.console.composer import Draft, composer
from bot.console.conversation_head import Head, Now, Writing, head, writing
from bot.console.desk import desk
from bot.console.inbox_view import LANGUAGES, urgency_words
from bot.console.panel import Kin, kin, speakers
from bot.console.reasons import reasons
from bot.console.speakable import SPEAKABLE
from bot.console.system_words import resolutions
from bot.console.template_words import state_words
from bot.console.thread_view import Bubble, Reader, bubbles
from bot.console.topic_list import topics
from bot.console.topics import title_in
from bot.console.words import Phrase, page_language, words
from bot.engine.actions import Say
from bot.escalation.escalation import Author, Escalated, Urgency, alias_of
from bot.escalation.refused import refusal
from bot.escalation.speakers import OnCall
from bot.escalation.viewer import Viewer
from bot.escalation.window import window_ends
from bot.frozen import replace
from bot.language import Language
from bot.store.desk_talk import LONGEST_NOTE, Thread
from bot.store.errors import StoreDown
from bot.to_family import CLOSINGS, closing, language_of, text_to


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as this viewer has it before her, now. ``others``: who else looks at it, and whether she types."""

    thread: Thread = field(repr=False)
    viewer: Viewer
    reader: Reader
    head: Head
    bubbles: tuple[Bubble, ...] = field(repr=False)
    writing: Writing
    others: tuple[tuple[str, bool], ...] = ()

    @property
    def escalated(self) -> Escalated:
        """Without its messages."""
        return self.thread.escalated

    @property
    def language(self) -> Language:
        """In which the family is answered."""
        return self.reader.family

    def version(self) -> str:
        """Changes with whatever the polled part of the page shows; not with the minutes that pass."""
        shown = repr((self.bubbles, replace(self.head, window=""), self.others, self.writing))
        return hashlib.sha256(shown.encode()).hexdigest()[:16]

    def newer_than(self, number: int) -> int:
        """How many messages of the family came after that one."""
        return sum(said.author is Author.FAMILY and said.number > number for said in self.thread.said)


def open_(id: str, typing: bool = False) -> Opened:
    """The conversation, for who may read it. Raises ``NotYours`` and every other ``StoreError``."""
    who, at = viewer(), desk().clock()
    thread = desk().talk.thread(who, id)
    found = thread.escalated
    ends = window_ends(found)
    reader = _reader(thread, who)
    now = Now(at, desk().board.now(), desk().settings.desk_patience * 60, ends)
    allowed = writing(found, who, desk().talk.is_stopped(who, id), ends, at)
    reader = replace(reader, may_send=allowed in (Writing.FREE, Writing.TEMPLATE))
    shown = bubbles(thread.said, thread.sendings, reader)
    others = _others_here(who, id, typing)
    return Opened(thread, who, reader, head(found, who, reader, now), shown, allowed, others)


def _others_here(who: Viewer, id: str, typing: bool) -> tuple[tuple[str, bool], ...]:
    """Who else is here. It lies in Redis, and nobody must go without the conversation because that is down."""
    try:
        desk().looking.note(who, id, typing)
        return desk().looking.others(who, id)
    except StoreDown:
        return ()


def _reader(thread: Thread, who: Viewer) -> Reader:
    language = Language(page_language())
    return Reader(
        words=words,
        language=language,
        zone=ZoneInfo(desk().settings.team_timezone),
        family=family_of(thread.escalated),
        names=_names(thread, who),
        organizations={each.id: each.name for each in desk().organizations.all()},
        topic=title_in(desk().puente.conversation.release(), language, words),
        reason=_reason,
    )


def family_of(escalated: Escalated) -> Language:
    """The language in which this family is answered."""
    return language_of(escalated, desk().settings)


def to_family(escalated: Escalated, *says: Say) -> str:
    """Sentences of the catalogs, as this family gets them."""
    puente, parts = desk().puente, desk()
    return text_to(escalated, says, puente.conversation.release(), parts.board.now(), parts.settings, parts.clock())


def _names(thread: Thread, who: Viewer) -> Mapping[int, str]:
    ids = {said.by for said in thread.said} | {thread.escalated.claimed_by}
    people = (desk().people.by_id(id) for id in ids - {None, who.user} if id is not None)
    return {who.user: who.name, **{person.id: person.name for person in people if person}}


def _reason(error: int | None) -> str:
    why = refusal(error)
    return words(Phrase(why.key, why.english))


NOTHING = Draft()


def page(opened: Opened, draft: Draft = NOTHING, status: int = 200) -> AnyResponse:
    """The whole page."""
    late = opened.writing is Writing.TEMPLATE
    templates = desk().talk.templates(opened.viewer, opened.escalated.id) if late else ()
    return make_response(
        render_template(
            "conversation.html",
            **polled(opened),
            draft=draft,
            composer=composer(opened.escalated, opened.language, draft, templates),
            told=state_words,
            longest_note=LONGEST_NOTE,
            languages=LANGUAGES,
            topics=topics(desk().puente.conversation.release(), opened.reader.topic),
            urgencies={each.value: urgency_words(each, words) for each in Urgency},
            organizations=_others(opened),
            resolutions=resolutions(words),
            closings={name: to_family(opened.escalated, closing(name)) for name in CLOSINGS},
            about=opened.escalated.about,
            family=opened.language.value,
            speakable=SPEAKABLE,
            speakers=speakers(_on_call(opened), opened.reader),
            family_hints=_kin(opened) if draft.opened == "family" else (),
            joined=[(other, alias_of(other)) for other in sorted(opened.thread.joined)],
            reasons=reasons(words),
            sent=_sent(opened, draft),
        ),
        status,
    )


def polled(opened: Opened, seen: int | None = None) -> dict[str, Any]:
    """What the part of the page needs that is asked for again and again. ``seen``: the newest message that stands there."""
    newest = opened.thread.seen_up_to
    return {
        "head": opened.head,
        "writing": opened.writing.value,
        "bubbles": opened.bubbles,
        "newest": newest,
        "heard": max((each.number for each in opened.thread.said if each.author is Author.FAMILY), default=0),
        "version": opened.version(),
        "others": opened.others,
        "fresh": opened.newer_than(newest if seen is None else seen),
    }


def _on_call(opened: Opened) -> tuple[OnCall, ...]:
    return desk().talk.on_call(opened.viewer, opened.escalated.id) if opened.escalated.about.needs else ()


def _kin(opened: Opened) -> tuple[Kin, ...]:
    return kin(opened.escalated.id, opened.viewer, words, opened.thread.joined)


def sent(name: str) -> None:
    """The next page tells the browser that this form arrived, so that it forgets what it kept of it."""
    session["sent"] = name


def _sent(opened: Opened, draft: Draft) -> tuple[str, ...]:
    kept = session.pop("sent", None)
    # What a form brought stands in the page again, and with it perhaps more than the browser kept.
    here = url_for("console.conversation_reply", id=opened.escalated.id) if draft.text else None
    return tuple(name for name in (kept, here) if name)


def _others(opened: Opened) -> tuple[tuple[str, str], ...]:
    """Organizations that it could go to."""
    here = opened.escalated.organization
    return tuple((each.id, each.name) for each in desk().organizations.all() if each.active and each.id != here)
