"""The model's server, asked in two ways: by the web tier's own client, and for the language directly."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from components.text import normalise
from urllib3 import connection_from_url

from bot.intents.folding import bare
from bot.intents.intent import Understanding
from bot.intents.rasa import RasaClient
from reporting.held_out import Message
from reporting.judged import Heard

PATIENCE = 20.0
"""Seconds for one answer. The web tier waits less; here a busy machine must not change a figure."""


class Unanswered(Exception):
    """The model's server gave no usable answer to a held-out message."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the model is served. ``model`` is the file name of the only model whose answers count."""

    url: str
    token: str
    model: str

    def client(self, known: Iterable[str]) -> RasaClient:
        """The web tier's own client."""
        return RasaClient([self.url], self.token, frozenset(known), timeout=PATIENCE, model=self.model)


class PatientModel:
    """The model as a conversation knows it, but it waits for every answer, and remembers the last ones."""

    def __init__(self, client: RasaClient) -> None:
        self._ask = functools.lru_cache(maxsize=8)(client.parse)

    def parse(self, text: str, timeout: float | None = None) -> Understanding:
        """What the text means, however long that takes. ``Unanswered``."""
        understanding = self._ask(text)
        if understanding is None:
            raise Unanswered("The model's server gave no answer to a held-out message.")
        return understanding


class Tongues:
    """Which language the model names. The web tier's client sums up what is foreign, so the server is asked itself."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pool = connection_from_url(server.url)

    def hear(self, message: Message) -> Heard:
        """The likeliest language of the message as it is and without its apostrophes."""
        told, plain = self._tell(message.text), without_apostrophes(message.text)
        told_bare = told if plain == message.text else self._tell(plain)
        return Heard(message.language, len(bare(message.text).split()), told, told_bare)

    def _tell(self, text: str) -> str:
        path = f"/model/parse?{urlencode({'token': self._server.token})}"
        answer: dict[str, Any] = self._pool.request("POST", path, json={"text": text}, timeout=PATIENCE).json()
        if answer.get("model") != self._server.model or not answer.get("language_ranking"):
            raise Unanswered("The model's server named no language for a held-out message.")
        return str(answer["language_ranking"][0]["name"])


def without_apostrophes(text: str) -> str:
    """As it is typed where no apostrophe is at hand, whichever of them stood there."""
    return "".join(character for character in text if not _apostrophe(character))


@functools.cache
def _apostrophe(character: str) -> bool:
    """Whether the model reads this character as one."""
    return normalise(character) == normalise("'")
