"""Deleting at Twilio: the messages that its REST API lists, without their words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from twilio.base import values

from bot.channels.rest import PAGE, TIMEOUT, CarrierError, Gone, Unclear, answers, made_at, messages_of, pages
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Copy:
    """A message as Twilio keeps it, without its words. ``at`` is when it was sent, else made, in unix seconds; None if unreadable."""

    sid: str = field(repr=False)
    sender: str = field(repr=False)
    receiver: str = field(repr=False)
    at: float | None
    media: bool


class Carrier:
    """The messages of our account at Twilio."""

    def __init__(self, settings: Settings, timeout: float = TIMEOUT) -> None:
        self._messages = messages_of(settings, timeout)

    def pages(
        self, sender: str | None = None, receiver: str | None = None, before: float | None = None
    ) -> Iterator[list[Copy]]:
        """Lists messages page by page, the newest first. Raises ``CarrierError``.

        Twilio is asked to leave out what does not fit; whoever deletes must still look at each one.
        """
        moment = values.unset if before is None else datetime.fromtimestamp(before, UTC)
        query = {"from_": sender or values.unset, "to": receiver or values.unset, "date_sent_before": moment}
        for page in pages(self._messages, **query):
            with answers():
                copies = [_copy(message) for message in page]
            yield copies

    def delete(self, copy: Copy) -> None:
        """Deletes its media and then the message: without it nobody would find the media any more. Raises ``CarrierError``."""
        message = self._messages(copy.sid)
        if copy.media:
            with answers():
                media = message.media.list(page_size=PAGE)
            for each in media:
                self._delete(message.media(each.sid), ignore=Gone)
        self._delete(message)

    def _delete(self, resource: Any, ignore: type[CarrierError] | tuple[()] = ()) -> None:
        try:
            with answers():
                status = resource.delete_with_http_info().status_code
        except ignore:
            return
        # A page of something in between, such as a proxy, may answer 200 to anything.
        if status != 204:
            raise Unclear(str(status))


def _copy(message: Any) -> Copy:
    return Copy(
        sid=message.sid,
        sender=message.from_ or "",
        receiver=message.to or "",
        at=made_at(message),
        media=(message.num_media or "0") != "0",
    )
