"""Ogg: the packets of a file, and a file of packets (RFC 3533, and RFC 7845 for Opus). Pure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

from bot.scripts.recording_packets import SAMPLES, Damaged

MARK = b"OggS"
_PAGE = struct.Struct("<4sBBqIIIB")
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_SERIAL = 1
_TAGS = b"OpusTags" + struct.pack("<I", 6) + b"Puente" + struct.pack("<I", 0)
# zlib counts the bits of a byte from the other end.
_TURNED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def packets(data: bytes) -> list[bytes]:
    """The packets of the one stream of a file. Raises Damaged for anything that is not whole, or beside it."""
    found: list[bytes] = []
    half: bytes | None = None
    for flags, laced, body in _pages(data):
        if bool(flags & _CONTINUED) is (half is None):
            raise Damaged
        at = 0
        for length in laced:
            half = (half or b"") + body[at : at + length]
            at += length
            if length < 255:
                found.append(half)
                half = None
    if half is not None:
        raise Damaged
    return found


def _pages(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Of each page its flags, the lengths of its pieces and their bytes."""
    at, number, serial, ended = 0, 0, None, False
    while at < len(data):
        try:
            mark, version, flags, _, its, counted, sum_, pieces = _PAGE.unpack_from(data, at)
        except struct.error:
            raise Damaged from None
        laced = data[at + _PAGE.size : at + _PAGE.size + pieces]
        start = at + _PAGE.size + pieces
        end = start + sum(laced)
        serial = its if serial is None else serial
        first = bool(flags & _FIRST) is (number == 0)
        if (mark, version, its, counted, first, ended) != (MARK, 0, serial, number, True, False) or end > len(data):
            raise Damaged
        if sum_ != checksum(data[at : at + 22] + bytes(4) + data[at + 26 : end]):
            raise Damaged
        yield flags, laced, data[start:end]
        at, number, ended = end, number + 1, bool(flags & _LAST)


def written(head: bytes, sound: Sequence[tuple[bytes, int]]) -> bytes:
    """A file of one stream: ``head``, a comment without any, and packets with the samples in each, about a second to a page."""
    pages = [_page(_FIRST, 0, 0, [head]), _page(0, 0, 1, [_TAGS])]
    page: list[bytes] = []
    pieces = samples = begun = 0
    for number, (packet, length) in enumerate(sound, 1):
        page.append(packet)
        pieces, samples = pieces + len(packet) // 255 + 1, samples + length
        following = len(sound[number][0]) // 255 + 1 if number < len(sound) else 256
        if pieces + following > 255 or samples - begun >= SAMPLES:
            pages.append(_page(_LAST if number == len(sound) else 0, samples, len(pages), page))
            page, pieces, begun = [], 0, samples
    return b"".join(pages)


def _page(flags: int, samples: int, number: int, packets: Sequence[bytes]) -> bytes:
    laced = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    if len(laced) > 255:
        raise Damaged  # A packet of 65 kB: no sound of 120 ms is one.

    def made(sum_: int) -> bytes:
        return _PAGE.pack(MARK, 0, flags, samples, _SERIAL, number, sum_, len(laced)) + laced + b"".join(packets)

    return made(checksum(made(0)))


def checksum(page: bytes) -> int:
    """CRC-32 as Ogg has it: 0x04c11db7 with the high bit first, beginning from 0."""
    turned = zlib.crc32(page.translate(_TURNED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)
