"""/try: a phone in the browser. The talk travels with the page, so that nothing is kept; it works without JavaScript.

What was said can be downloaded as a conversation of tests/conversations (bot/saved.py).
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from redis.exceptions import RedisError

from bot.answer import Answer
from bot.carried import CarriedSessions
from bot.console.talk import Bubble, Talk, file_name, read_talk, sounds_of, unsaved
from bot.console.words import PAGE_LANGUAGES, words_in
from bot.frozen import replace
from bot.language import Language
from bot.message import Channel, InboundMessage, Pin
from bot.saved import beside_text, saved
from bot.wording.gsm7 import encoding, segments

LONGEST_MESSAGE = 600
LONGEST_TITLE = 80
# Anybody may try in production when TRY_PHONE is on: so many messages a minute for all together.
MOST_A_MINUTE = 120
PINS = {"pin-us": Pin(41.7781, -87.7069), "pin-mx": Pin(14.9054, -92.2589), "pin-gt": Pin(14.8446, -91.5232)}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
EXAMPLES = (
    "hola",
    "abogado 60629",
    "la migra está en mi puerta",
    "what do I do if ICE comes to my house",
    "se llevaron a mi mamá y estoy solo",
    "dicen que hay redada hoy",
    "Kwaj jun tob'anik",
)


# How a family chooses its language.
LANGUAGE_WORDS = {Language.ES: "ESPAÑOL", Language.EN: "ENGLISH", Language.QUC: "K'ICHE'"}


def try_blueprint(puente: Callable[[], Any]) -> Blueprint:
    """The page at /try."""
    pages = Blueprint("try", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

    @pages.get("/try")
    def show() -> Response:
        return _page(puente(), Talk(), _channel(), _page_language())

    @pages.post("/try")
    def send() -> Response:
        channel, language = _channel(), _page_language()
        again = request.form.get("action") == "again"
        talk = Talk() if again else read_talk(request.form.get("talk", ""))
        if not _allowed(puente()):
            busy = words_in(language)("try.busy", "Many people are trying this at the moment. Wait a minute.")
            return _page(puente(), talk.grown(talk.state, channel, Bubble(False, busy)), channel, language, 429)
        message, shown = _chosen_language(channel) if again else _written(channel, language)
        if message is not None:
            talk = _next(puente(), talk, message, shown, language)
        return _page(puente(), talk, channel, language)

    @pages.post("/try/save")
    def save() -> Response:
        talk = read_talk(request.form.get("talk", ""))
        if not talk.turns or not talk.channels or unsaved(talk):
            return _page(puente(), talk, _channel(), _page_language(), 422)
        name, title = file_name(talk), request.form.get("title", "").strip()[:LONGEST_TITLE]
        body = saved(title or name.removesuffix(".yml"), talk.channels[0], talk.turns, puente().settings)
        response = Response(body, mimetype="application/yaml")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return pages


def _channel() -> Channel:
    value = request.values.get("channel", "")
    return Channel(value) if value in Channel._value2member_map_ else Channel.SMS


def _page_language() -> Language:
    value = request.values.get("lang", "")
    if value in PAGE_LANGUAGES:
        return Language(value)
    best = request.accept_languages.best_match([language.value for language in PAGE_LANGUAGES])
    return Language(best or Language.ES)


def _allowed(puente: Any) -> bool:
    if not puente.settings.production:
        return True
    name = f"try:{int(time.time() // 60)}"
    try:
        pipe = puente.redis.pipeline()
        pipe.incr(name)
        pipe.expire(name, 120)
        return bool(pipe.execute()[0] <= MOST_A_MINUTE)
    except RedisError:
        return False


def _next(puente: Any, talk: Talk, message: InboundMessage, shown: str, language: Language) -> Talk:
    """The talk after one more message and its answer."""
    sessions = CarriedSessions(talk.state)
    answer = puente.tried(sessions).answer(message)
    said = _answered(puente, answer, message.channel, language)
    return talk.grown(sessions.state, message.channel, Bubble(True, shown, beside=beside_text(message)), *said)


def _chosen_language(channel: Channel) -> tuple[InboundMessage | None, str]:
    """A talk that begins in a chosen language begins with the word by which a family chooses it; else with nothing."""
    value = request.form.get("speak", "")
    if value not in Language._value2member_map_:
        return None, ""
    word = LANGUAGE_WORDS[Language(value)]
    return InboundMessage(secrets.token_hex(16), "try", channel, text=word), word


def _written(channel: Channel, language: Language) -> tuple[InboundMessage | None, str]:
    """What was sent: words, an example, a pin or a voice note; nothing for an empty form."""
    words, sid = words_in(language), secrets.token_hex(16)
    action = request.form.get("action", "")
    if action in PINS:
        return InboundMessage(sid, "try", channel, pin=PINS[action]), words(f"try.{action}", "(a pin on the map)")
    if action == "voice":
        return InboundMessage(sid, "try", channel, media=1), words("try.voice", "(a voice note)")
    text = (request.form.get("example") or request.form.get("text") or "").strip()[:LONGEST_MESSAGE]
    return (InboundMessage(sid, "try", channel, text=text) if text else None), text


def _answered(puente: Any, answer: Answer, channel: Channel, language: Language) -> list[Bubble]:
    words = words_in(language)
    if not answer.reply.texts:
        return [Bubble(False, words("try.silence", "(no answer is sent: the carrier answers this word itself)"))]
    explain = json.dumps({key: value for key, value in answer.explain.items() if value is not None}, ensure_ascii=False)
    bubbles = [Bubble(False, text, _cost(puente, text, channel, words), explain) for text in answer.reply.texts]
    return [*bubbles[:-1], replace(bubbles[-1], sounds=sounds_of(answer.reply))]


def _cost(puente: Any, text: str, channel: Channel, words: Callable[[str, str], str]) -> str:
    if channel is Channel.WHATSAPP:
        return f"{len(text)} {words('try.characters', 'characters')}"
    count = segments(text)
    price = count * puente.settings.sms_price
    return f"{count} SMS · {len(text)} {words('try.characters', 'characters')} · {encoding(text)} · ${price:.3f}"


def _why_unsaved(talk: Talk, words: Callable[[str, str], str]) -> str:
    """Why the page offers no file of this talk, for its reader; empty when it does."""
    match unsaved(talk):
        case "long":
            return words("try.save-long", "This conversation has become too long to be saved whole. Begin again.")
        case "channels":
            return words(
                "try.save-channels", "It went by SMS and by WhatsApp. Begin again with one of them to save it."
            )
        case "number":
            return words(
                "try.save-number", "A message holds a long number. Begin again without it: nobody's number is saved."
            )
    return ""


def _page(puente: Any, talk: Talk, channel: Channel, language: Language, status: int = 200) -> Response:
    body = render_template(
        "try.html",
        words=words_in(language),
        language=language.value,
        channel=channel.value,
        bubbles=talk.bubbles,
        talk=talk.to_field(),
        examples=EXAMPLES,
        speaking=(talk.state or {}).get("l", ""),
        release=puente.release.number,
        development=not puente.settings.production,
        longest=LONGEST_MESSAGE,
        savable=bool(talk.turns),
        unsaved=_why_unsaved(talk, words_in(language)),
        title=request.form.get("title", "")[:LONGEST_TITLE],
        longest_title=LONGEST_TITLE,
    )
    response = Response(body, status=status)
    response.headers["Content-Security-Policy"] = POLICY
    return response
