"""/try: a phone in the browser. The talk travels with the page, so that nothing is kept; it works without JavaScript."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from redis.exceptions import RedisError

from bot.carried import CarriedSessions
from bot.console.words import PAGE_LANGUAGES, words_in
from bot.conversation import Answer
from bot.language import Language
from bot.message import Channel, InboundMessage, Pin
from bot.session import Session, to_dict
from bot.wording.gsm7 import encoding, segments

# The talk travels in a hidden field of a form that may hold 64 kB, three bytes for many a letter.
MOST_BUBBLES = 24
LONGEST_TALK = 12_000
LONGEST_MESSAGE = 600
# Anybody may try in production when TRY_PHONE is on: so many messages a minute for all together.
MOST_A_MINUTE = 120
PINS = {"pin-us": Pin(41.7781, -87.7069), "pin-mx": Pin(14.9054, -92.2589), "pin-gt": Pin(14.8446, -91.5232)}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
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


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message of the talk as the page shows it. ``note`` tells segments and price of an answer."""

    mine: bool
    text: str
    note: str = ""
    explain: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """All that the page carries."""

    state: dict[str, Any] | None = None
    bubbles: tuple[Bubble, ...] = ()

    def to_field(self) -> str:
        """For the hidden field."""
        return json.dumps(
            {"s": self.state, "b": [list(asdict(bubble).values()) for bubble in self.bubbles]}, ensure_ascii=False
        )


def read_talk(field: str) -> Talk:
    """The talk that the page carried; an empty one for anything that is none."""
    try:
        value = json.loads(field or "{}")
        state = value.get("s")
        bubbles = tuple(Bubble(bool(b[0]), *(str(part) for part in b[1:4])) for b in value.get("b", ()))
        return Talk(state if isinstance(state, dict) else None, bubbles)
    except (ValueError, TypeError, AttributeError, IndexError, KeyError):
        return Talk()


def shortened(bubbles: tuple[Bubble, ...]) -> tuple[Bubble, ...]:
    """The last of the talk, as much as a form can carry."""
    kept: list[Bubble] = []
    room = LONGEST_TALK
    for bubble in reversed(bubbles[-MOST_BUBBLES:]):
        room -= len(bubble.text) + len(bubble.explain)
        if room < 0 and kept:
            break
        kept.insert(0, bubble)
    return tuple(kept)


def try_blueprint(puente: Callable[[], Any]) -> Blueprint:
    """The page at /try."""
    pages = Blueprint("try", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

    @pages.get("/try")
    def show() -> Response:
        return _page(puente(), Talk(), _channel(), _page_language())

    @pages.post("/try")
    def send() -> Response:
        channel, language = _channel(), _page_language()
        if request.form.get("action") == "again":
            return _page(puente(), Talk(_starting_state(puente())), channel, language)
        talk = read_talk(request.form.get("talk", ""))
        if not _allowed(puente()):
            busy = words_in(language)("try.busy", "Many people are trying this at the moment. Wait a minute.")
            return _page(puente(), Talk(talk.state, (*talk.bubbles, Bubble(False, busy))), channel, language, 429)
        return _page(puente(), _next(puente(), talk, channel, language), channel, language)

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


def _starting_state(puente: Any) -> dict[str, Any] | None:
    """A talk that begins in a chosen language; None lets the first message decide."""
    value = request.form.get("speak", "")
    if value not in Language._value2member_map_:
        return None
    return to_dict(Session(language=Language(value), updated=puente.conversation.clock()))


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


def _next(puente: Any, talk: Talk, channel: Channel, language: Language) -> Talk:
    """The talk after one more message and its answer."""
    message, shown = _written(channel, language)
    if message is None:
        return talk
    sessions = CarriedSessions(talk.state)
    answer = puente.tried(sessions).answer(message)
    said = _answered(puente, answer, channel, language)
    return Talk(sessions.state, shortened((*talk.bubbles, Bubble(True, shown), *said)))


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
    return [Bubble(False, text, _cost(puente, text, channel, words), explain) for text in answer.reply.texts]


def _cost(puente: Any, text: str, channel: Channel, words: Callable[[str, str], str]) -> str:
    if channel is Channel.WHATSAPP:
        return f"{len(text)} {words('try.characters', 'characters')}"
    count = segments(text)
    price = count * puente.settings.sms_price
    return f"{count} SMS · {len(text)} {words('try.characters', 'characters')} · {encoding(text)} · ${price:.3f}"


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
    )
    response = Response(body, status=status)
    response.headers["Content-Security-Policy"] = POLICY
    return response
