"""Talk with this draft: a phone in the browser that answers with what is not published yet, and the way that the talk takes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, make_response, render_template, request
from msgspec import Struct
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import Reading, read
from bot.console.security import with_sound
from bot.console.talk import Talk, read_talk
from bot.console.talk_begun import Phone, messages, path
from bot.console.talk_shown import Result, results
from bot.console.way import LANGUAGES_OF_TEXTS, WRITERS, head
from bot.console.way_graph import Drawer
from bot.console.way_seen import seen
from bot.console.words import page_language, words
from bot.engine.walk import NOTICES
from bot.escalation.viewer import Role
from bot.language import Language
from bot.message import Channel
from bot.scripts.change_tests import replayed
from bot.store.kept_tests import LONGEST_NAME, LONGEST_SAID, MOST_SAID


class Lit(Struct, frozen=True):
    """What a talk lights: steps of the flow, and pairs of steps between which it went."""

    steps: frozenset[str]
    pairs: frozenset[tuple[str, str]]


@console.get("/answers/<flow>/talk")
@allow(*WRITERS)
def talk_draft(flow: str) -> AnyResponse:
    """A fresh talk, in the language that is looked at; with ``run`` the kept tests are replayed."""
    reading = read(flow) or abort(404)
    return talk_page(reading, phone_for(reading).begun(flow, speaking()))


@console.post("/answers/<flow>/talk")
@allow(*WRITERS)
def talk_on(flow: str) -> AnyResponse:
    """One more message; or the talk begins again."""
    reading = read(flow) or abort(404)
    phone, talk = phone_for(reading), read_talk(request.form.get("talk", ""))
    text = (request.form.get("text") or "").strip()[:LONGEST_SAID]
    if request.form.get("act") == "again" or not talk.bubbles:
        return talk_page(reading, phone.begun(flow, speaking()))
    return talk_page(reading, phone.said(talk, text) if text else talk)


def phone_for(reading: Reading) -> Phone:
    """The phone of an answer as its draft has it, on the channel that is asked for."""
    value = request.values.get("channel", "")
    channel = Channel(value) if value in Channel._value2member_map_ else Channel.SMS
    return Phone(desk().puente, reading.release, channel, desk().settings.sms_price)


def speaking() -> Language:
    """The language in which the talk begins: the one asked for, else that of the page."""
    value = request.values.get("speak", "")
    return Language(value if value in LANGUAGES_OF_TEXTS else page_language())


def talk_page(
    reading: Reading,
    talk: Talk,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The phone, the way of the talk, and the kept tests."""
    flow, language = reading.flow, speaking()
    drawer = Drawer(reading.release, language, Language(page_language()), words)
    way = path(talk)
    names = [step if name == flow.name else f"{name}.{step}" for name, step in way]
    body = render_template(
        "talk_draft.html",
        **(head(reading, "console.talk_draft") | {"texts": language.value}),
        talk=talk,
        carried=talk.to_field(),
        channel=phone_for(reading).channel.value,
        said=messages(talk),
        path=[(name, step, _told(drawer, name, step)) for name, step in way],
        seen=seen(drawer, flow, path=names),
        lit=Lit(frozenset(names), frozenset(zip(names, names[1:], strict=False))),
        tests=_tests(reading, drawer),
        ran=bool(request.args.get("run")),
        now=int(desk().clock()),
        publisher=viewer().has(Role.PUBLISHER),
        me=viewer().user,
        errors=errors or {},
        name=request.form.get("name", ""),
        longest=LONGEST_SAID,
        longest_name=LONGEST_NAME,
        most=MOST_SAID,
    )
    return with_sound(make_response(body, status))


def _tests(reading: Reading, drawer: Drawer) -> tuple[Result, ...]:
    kept = desk().changes.tests.all(reading.flow.name)
    run = replayed(kept, reading.release) if kept and request.args.get("run") else ()
    return results(drawer, kept, run)


def _told(drawer: Drawer, flow: str, step: str) -> str:
    found = drawer.release.script.step(flow, step)
    if flow == NOTICES or found is None:
        return words("talk.by-itself", "The bot says by itself: %(name)s", name=step.replace("_", " "))
    return drawer.beginning(found)
