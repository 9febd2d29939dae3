"""Our app with a watch: ``gunicorn --config bot/gunicorn.py tests.bench.timed:app`` tells with each answer how long each part took.

The real functions are wrapped from outside; the time of a part is without that of the parts within it. The watch itself costs
each part about a microsecond.
"""

from __future__ import annotations

import functools
import json
import threading
from collections.abc import Callable, Iterable
from time import perf_counter
from typing import Any

import bot.app
import bot.conversation
import bot.listening
import webhook
from bot.intents.rasa import RasaClient
from bot.performing import Performing
from bot.store.sessions import Sessions
from bot.store.understood import Remembering
from tests.bench.where import HEADER

APP, TURN = "Flask and werkzeug", "the turn's own bookkeeping"
# The part and what of ours does it. A name that is imported elsewhere is wrapped where it is used.
PARTS: tuple[tuple[str, Any, str], ...] = (
    ("form", bot.app.NamedParts, "_load_form_data"),
    ("signature", webhook, "verify"),
    ("form", webhook, "read_message"),
    (TURN, bot.conversation.Conversation, "answer"),
    ("Redis: begin", Sessions, "begin"),
    ("Redis: finish", Sessions, "finish"),
    ("understand: words, phrases, places", bot.conversation.Listening, "understand"),
    ("understand: what was understood before (Redis)", Remembering, "parse"),
    ("model (Rasa over HTTP)", RasaClient, "parse"),
    ("engine", bot.conversation, "advance"),
    ("engine", bot.conversation, "limited"),
    ("organizations near her", Performing, "perform"),
    ("render", bot.conversation, "written"),
    ("TwiML", webhook, "to_twiml"),
)

_here = threading.local()


def _timed(part: str, of: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, its time without what is within noted under the name of its part."""

    @functools.wraps(of)
    def within(*given: Any, **named: Any) -> Any:
        outer, _here.inner = getattr(_here, "inner", 0.0), 0.0
        began = perf_counter()
        try:
            return of(*given, **named)
        finally:
            took = perf_counter() - began
            parts = getattr(_here, "parts", {})
            parts[part] = parts.get(part, 0.0) + took - _here.inner
            _here.inner = outer + took

    return within


for _part, _place, _name in PARTS:
    setattr(_place, _name, _timed(_part, getattr(_place, _name)))

_inside = webhook.app


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The answer of ours, with the milliseconds of each part in a header."""
    said: list[Any] = []
    _here.parts, _here.inner = {}, 0.0
    body = _timed(APP, _inside)(environ, lambda *given: said.append(given))
    status, headers, *_ = said[0]
    parts = {name: round(seconds * 1000, 4) for name, seconds in _here.parts.items()}
    start_response(status, [*headers, (HEADER, json.dumps(parts))])
    return body  # type: ignore[no-any-return]
