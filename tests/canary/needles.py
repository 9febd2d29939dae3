"""Finds what the people of a run wrote, and who they are, in bytes: plain, and in every encoding that a program might choose.

Two steps: the mark that all words (or numbers) of a run begin with, in each encoding; there the rest is read and looked up.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.canary.people import Marks, Person

CODECS = {"utf-8": 1, "utf-16-le": 2, "utf-16-be": 2, "utf-32-le": 4, "utf-32-be": 4}
# How single characters are escaped: pattern of one character, and how many letters that takes.
ESCAPES: dict[str, tuple[str, int]] = {
    "hexadecimal": ("{:02x}", 2),
    "hexadecimal in capitals": ("{:02X}", 2),
    "URL-encoded": ("%{:02X}", 3),
    "URL-encoded in small letters": ("%{:02x}", 3),
    "JSON-escaped": ("\\u{:04x}", 6),
    "JSON-escaped in capitals": ("\\u{:04X}", 6),
    "escaped bytes": ("\\x{:02x}", 4),
    "quoted-printable": ("={:02X}", 3),
}
HASHES = ("md5", "sha1", "sha256")
_BASE64_LETTERS = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_HEX_RUN = re.compile(rb"[0-9a-fA-F]{32,}")
_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_HEAD = 6
_WORD = 4
_LARGEST_UNPACKED = 4 << 20
_PIECE = 1024


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: of what kind, in which encoding, at which byte. Never the thing itself."""

    kind: str
    encoding: str
    offset: int


@dataclass(frozen=True, slots=True)
class _Family:
    kind: str
    mark: str
    rest: int
    known: frozenset[str]
    """The whole words in small letters."""

    def at(self, text: str) -> bool:
        return text[: len(self.mark) + self.rest].lower() in self.known


class Needles:
    """Everything of a run's people that must be nowhere."""

    def __init__(self, persons: Sequence[Person], seed: int) -> None:
        marks = Marks.of(seed)
        words = frozenset(word.lower() for each in persons for word in (each.word, each.name, each.street))
        sids = frozenset(sid for each in persons for sid in each.sids)
        self._families = (
            _Family("word", marks.letters, 6, words),
            _Family("number", marks.digits, 4, frozenset(each.number[2:] for each in persons)),
            _Family("A-number", marks.alien, 4, frozenset(each.alien for each in persons)),
            _Family("message id", marks.sid, 20, sids),
        )
        self._spelled = _spelled(marks.digits)
        self._last_digits = frozenset(each.number[-4:].encode() for each in persons)
        self._heads = dict(_digests(persons)) | dict(_integers(persons))
        self._words = frozenset(int.from_bytes(head[:_WORD], sys.byteorder) for head in self._heads)

    def search(self, data: bytes, depth: int = 2) -> list[Hit]:
        """Every hit in these bytes. ``depth`` is how often something packed is opened."""
        hits = [*self._plain(data), *self._escaped(data), *self._hashed(data)]
        if depth:
            hits += [*self._base64(data), *self._unpacked(data, depth)]
        return hits

    def _plain(self, data: bytes) -> Iterator[Hit]:
        for family in self._families:
            for codec, width in CODECS.items():
                for mark in {family.mark, family.mark.title(), family.mark.upper()}:
                    for at in _all(data, mark.encode(codec)):
                        end = at + (len(mark) + family.rest) * width
                        if family.at(data[at:end].decode(codec, "replace")):
                            yield Hit(family.kind, codec, at)
        for mark, sign in self._spelled:
            for at in _all(data, mark):
                if data[at + len(mark) : at + len(mark) + 4] in self._last_digits:
                    yield Hit("number", f"spelled with {sign!r}", at)

    def _escaped(self, data: bytes) -> Iterator[Hit]:
        for family in self._families:
            for name, (pattern, letters) in ESCAPES.items():
                for mark in {family.mark, family.mark.title(), family.mark.upper()}:
                    written = "".join(pattern.format(ord(letter)) for letter in mark).encode()
                    for at in _all(data, written):
                        end = at + (len(mark) + family.rest) * letters
                        if family.at(_unescaped(data[at:end], letters)):
                            yield Hit(family.kind, name, at)

    def _base64(self, data: bytes) -> Iterator[Hit]:
        for family in self._families:
            for mark in {family.mark, family.mark.title(), family.mark.upper()}:
                for core in _cores(mark.encode()):
                    for at in _all(data, core):
                        if self._in_base64_around(data, at, family):
                            yield Hit(family.kind, "base64", at)

    def _in_base64_around(self, data: bytes, at: int, family: _Family) -> bool:
        begin = at
        while begin > max(0, at - 8) and data[begin - 1] in _BASE64_LETTERS:
            begin -= 1
        near = data[begin : at + 4 * (len(family.mark) + family.rest)]
        for shift in range(4):
            for plain in _decoded(near[shift:]):
                found = plain.lower().find(family.mark.encode())
                if found >= 0 and family.at(plain[found:].decode("latin-1")):
                    return True
        return False

    def _unpacked(self, data: bytes, depth: int) -> Iterator[Hit]:
        for found in _PACKED.finditer(data):
            kind = "gzip" if data[found.start()] == 0x1F else "zlib"
            for hit in self.search(_inflated(memoryview(data)[found.start() :], kind), depth - 1):
                yield Hit(hit.kind, f"{hit.encoding} in {kind}", found.start())

    def _hashed(self, data: bytes) -> Iterator[Hit]:
        for at in self._heads_in(data):
            digest, name = self._heads[data[at : at + _HEAD]]
            if data.startswith(digest, at):
                yield Hit("number", name, at)
        for run in _HEX_RUN.finditer(data):
            yield from self._hash_within(run, bytes.fromhex, 2)
        for run in _BASE64_RUN.finditer(data):
            if len(run.group()) >= 22:
                yield from self._hash_in_base64(run)

    def _heads_in(self, data: bytes) -> Iterator[int]:
        """Where the beginning of a hash or an integer stands."""
        for shift in range(_WORD):
            # Four bytes at a time as one machine word: the loop is then the interpreter's own.
            words = memoryview(data)[shift : shift + (len(data) - shift) // _WORD * _WORD].cast("I")
            for word in self._words.intersection(words):
                for at in _all(data, word.to_bytes(_WORD, sys.byteorder)):
                    if at % _WORD == shift and data[at : at + _HEAD] in self._heads:
                        yield at

    def _hash_within(self, run: re.Match[bytes], decode: Callable[[str], bytes], step: int) -> Iterator[Hit]:
        text = run.group().decode()
        for shift in range(step):
            part = text[shift : shift + (len(text) - shift) // step * step]
            yield from self._head_in(decode(part), "hexadecimal", run.start())

    def _hash_in_base64(self, run: re.Match[bytes]) -> Iterator[Hit]:
        for shift in range(4):
            for plain in _decoded(run.group()[shift:]):
                yield from self._head_in(plain, "base64", run.start())

    def _head_in(self, plain: bytes, encoding: str, start: int) -> Iterator[Hit]:
        for at in range(len(plain) - _HEAD + 1):
            whole = self._heads.get(plain[at : at + _HEAD])
            # The last bytes of a base64 text may be missing.
            if whole is not None and len(whole[0]) >= 16 and plain[at : at + 12] == whole[0][:12]:
                yield Hit("number", f"{whole[1]} in {encoding}", start)


def _spelled(digits: str) -> list[tuple[bytes, str]]:
    """How people and programs write the beginning of a number, and by which sign they part it."""
    area, exchange = digits[:3], digits[3:]
    marks = [(f"{area}{sign}{exchange}{sign}", sign) for sign in ("-", ".", " ", "%20", "+")]
    return [(mark.encode(), sign) for mark, sign in [*marks, (f"{area}) {exchange}-", ")")]]


def _digests(persons: Iterable[Person]) -> Iterator[tuple[bytes, tuple[bytes, str]]]:
    """Bare hashes of a number: the whole number space is tried in hours, so that they are as good as the number."""
    for each in persons:
        digits = each.number[1:]
        for spelled in (each.number, digits, digits[1:], f"whatsapp:{each.number}", f"sms:{each.number}"):
            for name in HASHES:
                digest = hashlib.new(name, spelled.encode()).digest()
                yield digest[:_HEAD], (digest, name)


def _integers(persons: Iterable[Person]) -> Iterator[tuple[bytes, tuple[bytes, str]]]:
    """The number as a machine's integer, as a database may hold it."""
    for each in persons:
        for digits in (each.number[1:], each.number[2:]):
            for order in ("big", "little"):
                whole = int(digits).to_bytes(_HEAD, order)
                yield whole, (whole, f"integer, {order}-endian")


def _all(data: bytes, pattern: bytes) -> Iterator[int]:
    at = data.find(pattern)
    while at >= 0:
        yield at
        at = data.find(pattern, at + 1)


def _unescaped(data: bytes, letters: int) -> str:
    try:
        return "".join(chr(int(data[at + letters - 2 : at + letters], 16)) for at in range(0, len(data), letters))
    except ValueError:
        return ""


def _cores(mark: bytes) -> set[bytes]:
    """The letters of base64 that stand for the mark alone, whatever stands before it: three, one for each place in a group."""
    cores = set()
    for before in range(3):
        written = base64.b64encode(bytes(before) + mark)
        cores.add(written[-(-before * 4 // 3) : (before + len(mark)) * 4 // 3])
    return cores


def _decoded(text: bytes) -> Iterator[bytes]:
    for alphabet in (None, b"-_"):
        run = re.match(rb"[A-Za-z0-9+/]*" if alphabet is None else rb"[A-Za-z0-9_-]*", text)
        part = run.group() if run else b""
        part = part[: len(part) // 4 * 4] if len(part) % 4 == 1 else part + b"=" * (-len(part) % 4)
        try:
            yield base64.b64decode(part, alphabet)
        except (binascii.Error, ValueError):
            continue


def _inflated(data: memoryview, kind: str) -> bytes:
    unpacker = zlib.decompressobj(31 if kind == "gzip" else 15)
    plain = b""
    try:
        # Piece by piece: what only looks packed breaks at once, and what is cut off gives what it has.
        for at in range(0, min(len(data), _LARGEST_UNPACKED), _PIECE):
            plain += unpacker.decompress(data[at : at + _PIECE], _LARGEST_UNPACKED)
            if unpacker.eof or len(plain) >= _LARGEST_UNPACKED:
                break
    except zlib.error:
        pass
    return plain
