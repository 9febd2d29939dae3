"""/console/recordings: the first answers to be read aloud, their recordings, and putting one in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.editor_read import published
from bot.console.editor_steps import Teller
from bot.console.facts import flow_title, refused
from bot.console.languages import LANGUAGES
from bot.console.security import with_voice
from bot.console.words import page_language, phrase, words
from bot.language import Language
from bot.scripts.change_answer import ORDER
from bot.scripts.recording import LARGEST_FILE, LONGEST_SECONDS, RecordingRefused, Why
from bot.store.errors import ReleaseMoved, ReleaseRefused
from bot.store.recordings import HEAR, Heard, NotASpeaker, TooMany, WordsMoved

LARGEST_FORM = LARGEST_FILE + 20_000
REFUSED = {
    Why.EMPTY: phrase("recordings.refused-empty", "Choose a file, or record one."),
    Why.KIND: phrase(
        "recordings.refused-kind",
        "This is not a file that WhatsApp plays here. Send an Ogg file with Opus: a voice note of WhatsApp is one.",
    ),
    Why.DAMAGED: phrase(
        "recordings.refused-damaged",
        "The file is damaged or did not arrive whole. Record it again or send it once more.",
    ),
    Why.SHORT: phrase("recordings.refused-short", "There is no sound in it, or less than a second."),
    Why.LONG: phrase(
        "recordings.refused-long", "It is longer than %(n)s seconds. Read only the text that stands here."
    ),
    Why.LARGE: phrase(
        "recordings.refused-large", "The file is too large: 700 kB at most. A voice note of WhatsApp is small."
    ),
}
STATES = {
    "goes": phrase("recordings.goes", "Heard on WhatsApp"),
    "waits": phrase("recordings.waits", "Kept: it goes out when the text does"),
    "held": phrase("recordings.held", "Held back: the text changed"),
    "none": phrase("recordings.none", "Not recorded"),
    "no-text": phrase("recordings.no-text", "There is no text yet"),
}
MARKS = {"goes": "good", "waits": "note", "held": "soon", "none": "normal", "no-text": "normal"}


@console.get("/recordings")
@allow(*HEAR)
def recordings() -> AnyResponse:
    """What is recorded in a language and what is not, the gravest answers first."""
    language = language_of(request.args.get("language", Language.QUC.value))
    found = desk().recordings.all(viewer(), language)
    able = [each for each in found if each.text.text]
    tell = teller()
    page = render_template(
        "recordings.html",
        which=language,
        languages=[(each, LANGUAGES[each]) for each in ORDER],
        found=[(each, state_of(each), where(tell, each)) for each in found],
        done=sum(each.text.sha is not None for each in able),
        all=len(able),
        states=STATES,
        marks=MARKS,
        may=desk().recordings.may_record(viewer(), language),
        title=flow_title,
    )
    return make_response(page)


@console.get("/recordings/<language>/<key>")
@allow(*HEAR)
def one_recording(language: str, key: str) -> AnyResponse:
    """One text to be read aloud."""
    return _page(_one(language_of(language), key))


@console.post("/recordings/<language>/<key>")
@allow(*HEAR, largest=LARGEST_FORM)
def add_recording(language: str, key: str) -> AnyResponse:
    """Takes a recording of the text that stood on the page."""
    which = language_of(language)
    each = _one(which, key)
    data = b""
    if file := request.files.get("file"):
        with file.stream as stream:
            data = stream.read(LARGEST_FILE + 1)
    try:
        desk().recordings.add(viewer(), which, key, request.form.get("words", ""), data)
    except NotASpeaker:
        abort(403)
    except RecordingRefused as error:
        return _page(each, {"file": words(REFUSED[error.why], n=LONGEST_SECONDS)}, 422)
    except WordsMoved:
        moved = words(
            "recordings.moved", "The text changed while you read it. It stands here as it is now: read it once more."
        )
        return _page(_one(which, key), {"": moved}, 409)
    except TooMany:
        full = words(
            "recordings.full",
            "There is no room for more recordings. A publisher can take out those that are held back.",
        )
        return _page(each, {"": full}, 422)
    except (ReleaseMoved, ReleaseRefused) as error:
        return _page(each, {"": refused(error)}, 409)
    flash(
        words(
            "recordings.taken",
            "Thank you. Listen to it once: families hear it on WhatsApp, beside the text, within seconds.",
        )
    )
    return redirect(url_for("console.one_recording", language=which.value, key=key), 303)


@console.post("/recordings/<language>/<key>/out")
@allow(*HEAR)
def take_recording_out(language: str, key: str) -> AnyResponse:
    """Nobody hears it any more."""
    which = language_of(language)
    each = _one(which, key)
    try:
        desk().recordings.take_out(viewer(), which, key)
    except NotASpeaker:
        abort(403)
    except (ReleaseMoved, ReleaseRefused) as error:
        return _page(each, {"": refused(error)}, 409)
    flash(words("recordings.gone", "Taken out. Families get the text without it."))
    return redirect(url_for("console.one_recording", language=which.value, key=key), 303)


@console.get("/recordings/sound/<word>.ogg")
@allow(*HEAR)
def recording_sound(word: str) -> AnyResponse:
    """A recording, to be listened to on the page also in the seconds before families can hear it."""
    data = desk().recordings.data(viewer(), word)
    if data is None:
        abort(404)
    response = Response(data, content_type="audio/ogg")
    return response.make_conditional(request, accept_ranges=True, complete_length=len(data))


def language_of(code: str) -> Language:
    """The language of that code; 404 for any other word."""
    return Language(code) if code in Language._value2member_map_ else abort(404)


def state_of(each: Heard) -> str:
    """How a recording stands: goes, waits, held, none or no-text."""
    if each.text.sha is not None:
        return "goes" if each.text.goes else "waits"
    if each.held is not None:
        return "held"
    return "none" if each.text.text else "no-text"


def teller() -> Teller:
    """Tells where texts stand, in the language of the page."""
    return Teller(published(), Language(page_language()), words)


def where(tell: Teller, each: Heard) -> str:
    """When a family hears it."""
    flow = tell.release.script.flows[each.text.flow]
    return tell.title(flow, flow.steps[each.text.step])


def _one(language: Language, key: str) -> Heard:
    return next((each for each in desk().recordings.all(viewer(), language) if each.text.key == key), None) or abort(
        404
    )


def _page(each: Heard, errors: Mapping[str, str] | None = None, status: int = 200) -> AnyResponse:
    language = each.text.language
    every = [other for other in desk().recordings.all(viewer(), language) if other.text.text]
    at = next((n for n, other in enumerate(every) if other.text.key == each.text.key), 0)
    body = render_template(
        "recording.html",
        each=each,
        which=language,
        name=LANGUAGES[language],
        state=state_of(each),
        states=STATES,
        marks=MARKS,
        where=where(teller(), each),
        title=flow_title,
        also=sorted({flow_title(key.partition(".")[0]) for key in each.text.also}),
        may=desk().recordings.may_record(viewer(), language),
        may_out=desk().recordings.may_take_out(viewer(), language),
        most=LONGEST_SECONDS,
        errors=errors or {},
        before=every[at - 1].text.key if at > 0 else None,
        after=every[at + 1].text.key if at + 1 < len(every) else None,
    )
    return with_voice(make_response(body, status))
