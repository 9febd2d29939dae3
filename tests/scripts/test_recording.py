"""What may go out as a recording: Opus that others wrote is taken, in Ogg and in WebM; everything else is refused, and why."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.scripts import recording_ogg
from bot.scripts.recording import LARGEST_FILE, LONGEST_SECONDS, RecordingRefused, Why, sound_of
from bot.scripts.recording_packets import Damaged, samples_in

SOUNDS = Path(__file__).parent / "sounds"
TONE, STEREO, MIC = ((SOUNDS / name).read_bytes() for name in ("tone.ogg", "stereo.ogg", "mic.webm"))
HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
FRAME = bytes([0x4B]) + b"\x01" + bytes(20)
"""SILK, 20 ms, one frame that is counted."""


def ogg(seconds: float, packet: bytes = FRAME, head: bytes = HEAD) -> bytes:
    return recording_ogg.written(head, [(packet, samples_in(packet))] * round(seconds * 50))


def packets(data: bytes) -> list[bytes]:
    return recording_ogg.packets(data)


@pytest.mark.parametrize(("data", "seconds"), [(TONE, 2), (STEREO, 1), (MIC, 2)], ids=["ogg", "two channels", "webm"])
def test_what_others_wrote_is_taken_as_ogg_with_opus_in_one_channel(data: bytes, seconds: int) -> None:
    sound = sound_of(data)
    assert sound.seconds == seconds and sound.data.startswith(b"OggS")
    head, tags, *rest = packets(sound.data)
    assert head[:10] == b"OpusHead\x01\x01" and tags == b"OpusTags\x06\0\0\0Puente\0\0\0\0"
    assert rest
    assert sound_of(sound.data) == sound, "what goes out is as it is taken"


def test_the_packets_of_sound_stay_as_they_were() -> None:
    assert packets(sound_of(TONE).data)[2:] == packets(TONE)[2:]


def test_nothing_but_the_sound_stays() -> None:
    assert b"Casa de Maria, Chicago" in TONE
    assert b"Maria" not in sound_of(TONE).data


def test_how_loud_a_file_says_to_play_it_is_not_heard() -> None:
    loud = HEAD[:16] + struct.pack("<h", 20_000) + HEAD[18:]
    assert packets(sound_of(ogg(2, head=loud)).data)[0] == HEAD


REFUSED = {
    "nothing": (b"", Why.EMPTY),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), Why.KIND),
    "mp3": (b"ID3\x04" + bytes(500), Why.KIND),
    "m4a": (b"\0\0\0\x20ftypM4A " + bytes(500), Why.KIND),
    "a page of html": (b"<html><script>alert(1)</script>", Why.KIND),
    "Ogg with Vorbis": (recording_ogg.written(b"\x01vorbis" + bytes(20), [(FRAME, 960)] * 60), Why.KIND),
    "WebM without sound": (b"\x1a\x45\xdf\xa3\x84abcd", Why.KIND),
    "WebM with pictures": (MIC.replace(b"A_OPUS", b"V_VP8\0"), Why.KIND),
    "half a file": (TONE[: len(TONE) // 2], Why.DAMAGED),
    "half a WebM": (MIC[: len(MIC) // 2 + 7], Why.DAMAGED),
    "a turned bit": (TONE[:9000] + bytes([TONE[9000] ^ 4]) + TONE[9001:], Why.DAMAGED),
    "something behind its end": (TONE + b"<script>", Why.DAMAGED),
    "another file behind its end": (TONE + TONE, Why.DAMAGED),
    "a head alone": (recording_ogg._page(2, 0, 0, [HEAD]), Why.DAMAGED),
    "no sound": (recording_ogg._page(2, 0, 0, [HEAD]) + recording_ogg._page(4, 0, 1, [recording_ogg._TAGS]), Why.SHORT),
    "eight channels": (ogg(2, head=HEAD[:9] + b"\x08" + HEAD[10:18] + b"\x01" + bytes(10)), Why.DAMAGED),
    "half a second": (ogg(0.5), Why.SHORT),
    "a second too long": (ogg(LONGEST_SECONDS + 1), Why.LONG),
    "too large as it goes out": (ogg(80, FRAME + bytes(200)), Why.LARGE),
    "too large to be looked at": (bytes(LARGEST_FILE + 1), Why.LARGE),
}


@pytest.mark.parametrize(("data", "why"), REFUSED.values(), ids=REFUSED)
def test_anything_else_is_refused_and_why(data: bytes, why: Why) -> None:
    with pytest.raises(RecordingRefused) as refused:
        sound_of(data)
    assert refused.value.why is why


def test_just_short_enough() -> None:
    assert sound_of(ogg(LONGEST_SECONDS)).seconds == LONGEST_SECONDS
    assert sound_of(ogg(1)).seconds == 1


# The length of a frame in ms by configuration: RFC 6716, table 2.
FRAMES = (*(10, 20, 40, 60) * 3, *(10, 20) * 2, *(2.5, 5, 10, 20) * 4)


@pytest.mark.parametrize("configuration", range(32))
def test_how_long_a_packet_is(configuration: int) -> None:
    one = round(FRAMES[configuration] * 48)
    first = configuration << 3
    assert samples_in(bytes([first])) == one
    assert samples_in(bytes([first | 1, 0])) == samples_in(bytes([first | 2, 0])) == 2 * one
    assert samples_in(bytes([first | 3, 2])) == 2 * one


@pytest.mark.parametrize("packet", [b"", b"\x03", b"\x03\x00", b"\xfb\x3f", b"\x1b\x03"], ids=repr)
def test_what_is_no_packet(packet: bytes) -> None:
    with pytest.raises(Damaged):
        samples_in(packet)


@given(st.lists(st.binary(min_size=0, max_size=1300).map(lambda rest: bytes([0x48]) + rest), min_size=50, max_size=90))
@settings(max_examples=40, deadline=None)
def test_packets_of_any_size_come_back(sound: list[bytes]) -> None:
    made = recording_ogg.written(HEAD, [(packet, 960) for packet in sound])
    assert packets(made)[2:] == sound


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_bytes_of_any_kind_are_taken_or_refused_and_never_break(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([TONE, MIC])))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=6)):
        whole[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    try:
        sound_of(bytes(whole[:cut]))
    except RecordingRefused:
        return
