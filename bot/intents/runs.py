"""Words in order, as urgent phrases are made of (bot/intents/phrases.py), and how all of a lexicon are found in one reading. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from msgspec import Struct

LONGEST_GAP = 6


class Choice(Struct, frozen=True):
    """One place in a phrase: the words that fit there, and the beginnings of words that do."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()


class Run(Struct, frozen=True, eq=False):
    """Choices in order; None stands for a gap. Compared by identity, which makes a set of the runs found cheap."""

    parts: tuple[Choice | None, ...]
    whole: bool = False


class Finder:
    """Finds all runs of a lexicon in one reading of the message.

    Every choice of every run has a bit of its own in one long number, the choices of a run side by side. While the words are read, a
    bit is set where its choice fits the word just read and the choices before it fit the words before. For all runs at once that is a
    shift, and an "and" with the bits of all choices that the word fits ("shift-and": R. Baeza-Yates and G. Gonnet, 1992). What
    stood before a gap is remembered for as many words as the gap may have.
    """

    def __init__(self, runs: Iterable[Run]) -> None:
        self._ended: dict[int, Run] = {}
        self._begin_whole = self._end_whole = 0
        # By how many words may lie between: the bits of the choices before a gap.
        self._before_gap: dict[int, int] = {}
        places: dict[Choice, list[int]] = {}
        free = 0
        # Few runs have gaps. Where they come first, the numbers that are gone through for each gap are short.
        for run in sorted(runs, key=lambda run: None not in run.parts):
            free = self._add(run, free, places)
        ends, every = _number(self._ended), (1 << free) - 1
        self._end = ends & ~self._end_whole
        # Behind the end of a run the next one begins; what neither ends nor stands before a gap stands right before another choice.
        self._begin = (ends << 1 | 1) & every & ~self._begin_whole
        self._before_next = every & ~ends & ~sum(self._before_gap.values())
        self._words: dict[str, int] = {}
        beginnings: dict[str, int] = {}
        for choice, its in places.items():
            bits = _number(its)
            for word in choice.words:
                self._words[word] = self._words[word] | bits if word in self._words else bits
            for beginning in choice.beginnings:
                beginnings[beginning] = beginnings.get(beginning, 0) | bits
        # By their first letters, as many as the shortest has: most words are compared with none of them.
        self._letters = min(map(len, beginnings), default=0)
        self._beginnings: dict[str, list[tuple[str, int]]] = {}
        for beginning, bits in beginnings.items():
            self._beginnings.setdefault(beginning[: self._letters], []).append((beginning, bits))

    def _add(self, run: Run, place: int, places: dict[Choice, list[int]]) -> int:
        """Gives the choices of a run the bits from ``place`` on, noted in ``places``. The first bit that is free behind them."""
        if run.whole:
            self._begin_whole |= 1 << place
        gap = 0
        for part in run.parts:
            if part is None:
                gap += LONGEST_GAP
                continue
            if gap:
                self._before_gap[gap] = self._before_gap.get(gap, 0) | 1 << place - 1
            places.setdefault(part, []).append(place)
            place, gap = place + 1, 0
        self._ended[place - 1] = run
        if run.whole:
            self._end_whole |= 1 << place - 1
        return place

    def found(self, words: Sequence[str]) -> frozenset[Run]:
        """The runs that are in these folded words."""
        return self.runs(self.ends(words))

    def ends(self, words: Sequence[str]) -> int:
        """The bits of the last choices of the runs that are in these folded words."""
        here = anywhere = 0
        begin = self._begin | self._begin_whole
        # What stood before a gap, and the last place at which the choice behind that gap may stand.
        open_gaps: list[tuple[int, int]] = []
        for place, word in enumerate(words):
            if fits := self._fits(word):
                behind = here & self._before_next
                for last, before in open_gaps:
                    if place <= last:
                        behind |= before
                here = (behind << 1 | begin) & fits
                anywhere |= here
                for most, before in self._before_gap.items() if here else ():
                    if here & before:
                        open_gaps = [gap for gap in open_gaps if gap[0] > place]
                        open_gaps.append((place + most + 1, here & before))
            else:
                here = 0
            begin = self._begin
        return anywhere & self._end | here & self._end_whole

    def runs(self, ends: int) -> frozenset[Run]:
        """The runs of which these are the bits of the last choices."""
        return frozenset(map(self._ended.__getitem__, _bits(ends)))

    def ends_of(self, runs: Container[Run]) -> int:
        """The bits of the last choices of those of its runs that are among these."""
        return _number(place for place, run in self._ended.items() if run in runs)

    def _fits(self, word: str) -> int:
        """The bits of all choices that this word fits."""
        fits = self._words.get(word, 0)
        for beginning, bits in self._beginnings.get(word[: self._letters], ()):
            if word.startswith(beginning):
                fits |= bits
        return fits


def _number(bits: Iterable[int]) -> int:
    """The number in which these bits are set."""
    number = 0
    for bit in bits:
        number |= 1 << bit
    return number


def _bits(number: int) -> Iterator[int]:
    """Which bits of a number are set."""
    while number:
        highest = number.bit_length() - 1
        yield highest
        number ^= 1 << highest
