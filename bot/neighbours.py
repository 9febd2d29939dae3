"""What the conversation knows of its neighbours: what they do, not who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.escalation.escalation import About, Escalated, Urgency
from bot.intents.intent import Understanding
from bot.message import Channel
from bot.privacy import Erased
from bot.scripts.agreed import Agreed
from bot.session import Beside, Session


class Begun(Protocol):
    """A turn that holds the person's lock, or the reply that this message already got."""

    @property
    def reply(self) -> bytes | None: ...
    @property
    def on_buttons(self) -> bool: ...
    @property
    def session(self) -> Session | None: ...
    @property
    def beside(self) -> Beside: ...


class Sessions(Protocol):
    """Memory between two messages. Every failure is one of the exceptions named as ``unavailable``."""

    def begin(self, address: str, sid: str, deadline: float) -> Any: ...
    def finish(
        self,
        begun: Any,
        session: Session | None,
        reply: bytes,
        counts: Mapping[str, int],
        spent: int = 0,
        heavy: bool = False,
    ) -> bool: ...
    def release(self, begun: Any) -> None: ...


class Erasing(Protocol):
    """Forgets a person, and says how it went."""

    def erase(self, address: str, beside: Beside) -> Erased: ...


class OptOuts(Protocol):
    """Who does not want us to begin."""

    def stop(self, address: str, channel: Channel, now: float) -> None: ...
    def start(self, address: str, now: float) -> None: ...


class Flags(Protocol):
    """Records of the directory of which a family says that the number does not work. Nothing about who says so."""

    def raise_flag(self, record: str, now: float) -> None: ...


class Keeping(Protocol):
    """Questions that families agreed to keep. Every failure is one of the exceptions named as ``unavailable``."""

    def keep(self, language: str, text: str, heard: str) -> Agreed: ...


class Model(Protocol):
    """The intent model; None when it cannot answer in time."""

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None: ...


class Opened(Protocol):
    """A conversation with staff that is open now. ``new``: this turn opened it, so that it goes again where the turn is lost."""

    @property
    def id(self) -> str: ...
    @property
    def new(self) -> bool: ...


class Desk(Protocol):
    """Conversations of families with staff. Every failure is one of the exceptions named as ``unavailable``."""

    def open(
        self,
        address: str,
        channel: Channel,
        about: About,
        urgency: Urgency,
        organization: str | None,
        consent: str,
    ) -> Opened: ...

    def state(self, id: str) -> Escalated | None: ...
    def find(self, address: str) -> Escalated | None: ...
    def heard(
        self,
        id: str,
        sid: str,
        text: str,
        beside: Mapping[str, Any],
        urgency: Urgency,
        learned: About | None = None,
    ) -> bool: ...

    def said(self, id: str, sid: str, texts: Sequence[str], beside: Mapping[str, Any]) -> bool: ...
    def agreed_to_pass(self, id: str, yes: bool) -> bool: ...
    def drop(self, id: str) -> None: ...
