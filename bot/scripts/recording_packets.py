"""Packets of Opus: how long the sound of one is (RFC 6716, section 3). Pure."""

from __future__ import annotations

SAMPLES = 48_000
"""In a second, by which Opus counts whatever was recorded."""
HEAD = b"OpusHead"
_MOST = SAMPLES * 120 // 1_000
_SILK, _HYBRID, _CELT = (480, 960, 1_920, 2_880), (480, 960), (120, 240, 480, 960)


class Damaged(ValueError):
    """The bytes are not what they say they are."""


def samples_in(packet: bytes) -> int:
    """How many samples of 1/48,000 s it holds. Raises Damaged."""
    if not packet:
        raise Damaged
    frames = (1, 2, 2)[packet[0] & 3] if packet[0] & 3 < 3 else _counted(packet)
    samples = frames * _frame(packet[0] >> 3)
    if samples > _MOST:
        raise Damaged
    return samples


def _counted(packet: bytes) -> int:
    if len(packet) < 2 or not packet[1] & 63:
        raise Damaged
    return packet[1] & 63


def _frame(configuration: int) -> int:
    if configuration < 12:
        return _SILK[configuration & 3]
    return _HYBRID[configuration & 1] if configuration < 16 else _CELT[configuration & 3]
