"""WebM, as browsers record: the packets of its one track of Opus (RFC 8794, and the WebM container guidelines). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.scripts.recording_packets import Damaged

MARK = b"\x1a\x45\xdf\xa3"
_TRACK, _CODEC, _HEAD, _BLOCK, _SIMPLE = 0xD7, 0x86, 0x63A2, 0xA1, 0xA3
# What holds others is entered. Browsers leave open how long a segment and its clusters are.
_ENTERED = (0x18538067, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0)
_LACED = 0x06


def packets(data: bytes) -> tuple[bytes, list[bytes]] | None:
    """The head and the packets; None where it holds anything but one track of Opus. Raises Damaged."""
    heads: list[bytes] = []
    codecs: list[bytes] = []
    tracks: list[bytes] = []
    found: list[bytes] = []
    kinds = {_TRACK: tracks, _CODEC: codecs, _HEAD: heads}
    for name, value in _elements(data):
        if name in kinds:
            kinds[name].append(value)
        elif name in (_BLOCK, _SIMPLE):
            found.append(_packet(value))
    if codecs != [b"A_OPUS"] or len(tracks) != 1:
        return None
    if len(heads) != 1:
        raise Damaged
    return heads[0], found


def _packet(block: bytes) -> bytes:
    """The packet of a block: behind the number of its track, its time and its flags."""
    _, at = _number(block, 0)
    if len(block) < at + 4 or block[at + 2] & _LACED:
        raise Damaged
    return block[at + 3 :]


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Every element that holds no others, in their order."""
    at = 0
    while at < len(data):
        name, at = _name(data, at)
        length, at = _number(data, at)
        if name in _ENTERED:
            continue
        if length is None or at + length > len(data):
            raise Damaged
        yield name, data[at : at + length]
        at += length


def _name(data: bytes, at: int) -> tuple[int, int]:
    size = _size(data, at, 4)
    return int.from_bytes(data[at : at + size]), at + size


def _number(data: bytes, at: int) -> tuple[int | None, int]:
    """A number of one to eight bytes, None for "unknown", and where it ends."""
    size = _size(data, at, 8)
    value = int.from_bytes(data[at : at + size]) - (1 << 7 * size)
    return None if value == (1 << 7 * size) - 1 else value, at + size


def _size(data: bytes, at: int, most: int) -> int:
    size = 9 - data[at].bit_length() if at < len(data) else 9
    if size > most or at + size > len(data):
        raise Damaged
    return size
