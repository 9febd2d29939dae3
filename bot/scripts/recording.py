"""A text read aloud, as a file: what of it may go out, and as which bytes. Pure.

WhatsApp plays Opus in Ogg, in one channel. Nothing else is taken, and of what is taken only the sound stays: titles, places and
pictures that a phone writes into a file are left behind, and so is whatever hides behind its end. RFC 7845 and RFC 6716.
"""

from __future__ import annotations

import struct
from enum import StrEnum

from msgspec import Struct

from bot.scripts import recording_ogg, recording_webm
from bot.scripts.errors import ScriptsError
from bot.scripts.recording_packets import HEAD, SAMPLES, Damaged, samples_in

LONGEST_SECONDS, SHORTEST_SECONDS = 90, 1
LARGEST = 700_000
"""Bytes of a recording as it goes out."""
LARGEST_FILE = 1_000_000
"""Bytes of a file that somebody brings."""


class Why(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    KIND = "kind"
    DAMAGED = "damaged"
    SHORT = "short"
    LONG = "long"
    LARGE = "large"


class RecordingRefused(ScriptsError):
    """The file cannot be sent as a recording."""

    def __init__(self, why: Why) -> None:
        super().__init__(f"this recording is not taken: {why}")
        self.why = why


class Sound(Struct, frozen=True):
    """A recording that may go out: ``data`` is Ogg with Opus in one channel and nothing else, ``seconds`` at least 1."""

    data: bytes
    seconds: int


def sound_of(data: bytes) -> Sound:
    """The recording in a file of Ogg or WebM, told by its bytes and never by its name. Raises RecordingRefused."""
    if not data:
        raise RecordingRefused(Why.EMPTY)
    if len(data) > LARGEST_FILE:
        raise RecordingRefused(Why.LARGE)
    try:
        head, packets = _packets(data)
        samples = [samples_in(packet) for packet in packets]
    except Damaged:
        raise RecordingRefused(Why.DAMAGED) from None
    seconds = sum(samples) / SAMPLES
    if seconds < SHORTEST_SECONDS:
        raise RecordingRefused(Why.SHORT)
    if seconds > LONGEST_SECONDS:
        raise RecordingRefused(Why.LONG)
    made = recording_ogg.written(head, list(zip(packets, samples, strict=True)))
    if len(made) > LARGEST:
        raise RecordingRefused(Why.LARGE)
    return Sound(made, round(seconds))


def _packets(data: bytes) -> tuple[bytes, list[bytes]]:
    """The head and the packets of sound of a file."""
    if data.startswith(recording_ogg.MARK):
        first, *rest = recording_ogg.packets(data) or [b""]
        if not first.startswith(HEAD):
            raise RecordingRefused(Why.KIND)
        if not rest or not rest[0].startswith(b"OpusTags"):
            raise Damaged
        packets = rest[1:]
    elif data.startswith(recording_webm.MARK):
        found = recording_webm.packets(data)
        if found is None:
            raise RecordingRefused(Why.KIND)
        first, packets = found
    else:
        raise RecordingRefused(Why.KIND)
    return _head(first), packets


def _head(found: bytes) -> bytes:
    """A head of our own: one channel, whatever the packets hold (a player joins two), and as loud as it was recorded."""
    if len(found) < 19 or not found.startswith(HEAD) or found[8] & 0xF0 or found[9] not in (1, 2) or found[18] != 0:
        raise Damaged
    skipped, rate = struct.unpack_from("<HI", found, 10)
    return HEAD + struct.pack("<BBHIhB", 1, 1, skipped, rate, 0, 0)
