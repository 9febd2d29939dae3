"""What the golden conversations cost to send, beside the same words sent as they stand in the catalogs, accents and all.

A single letter that GSM-7 lacks (á, í, ó, ú, a curly apostrophe of K'iche') makes the whole SMS UCS-2, of 70 letters a segment instead
of 160. We fold such letters; who does not pays for the same lines in UCS-2. On WhatsApp nothing is folded, and nothing saved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.language import Language
from bot.message import Channel, Reply
from bot.settings import from_environment
from bot.wording.price import price
from tests.bench.golden import Answered, answers
from tests.bench.part import Bar, Figure, Part

NAMES = {Language.ES.value: "Spanish", Language.EN.value: "English", Language.QUC.value: "K'iche'"}
_DEAREST = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer: segments as it goes out, and of the same words without folding."""

    conversation: str
    channel: str
    language: str
    segments: int
    unfolded: int


def run(smoke: bool, folder: Path) -> Part:
    """All of them; in a smoke the first few that need no model."""
    answered = list(answers(folder, 8 if smoke else None))
    rows = [_sent(each) for each in answered if each.texts and each.language]
    as_golden, dollars = sum(each.golden for each in answered), from_environment({"ENVIRONMENT": "test"}).sms_price
    exact = f"{as_golden:,} of {len(answered):,}"
    figures = [Figure("answers word for word as the golden files have them", exact, "all", as_golden == len(answered))]
    bars = []
    for language, name in NAMES.items():
        segments, unfolded = _sums(each for each in rows if each.language == language and each.channel == "sms")
        if unfolded:
            saved = f"{1 - segments / unfolded:.0%} ({segments:,} segments instead of {unfolded:,})"
            figures.append(Figure(f"SMS in {name}: saved by folding", saved))
            bars.append(Bar(f"SMS in {name} without folding, to with it", unfolded / segments))
    return Part("Cost", tuple(figures), _text(rows, dollars), tuple(bars), {"answers": [asdict(row) for row in rows]})


def _sent(each: Answered) -> Sent:
    segments, unfolded = (price(Reply(said), each.channel) for said in (each.texts, each.as_written))
    return Sent(each.conversation, each.channel.value, each.language, segments, unfolded)


def _sums(rows: Iterable[Sent]) -> tuple[int, int]:
    rows = list(rows)
    return sum(row.segments for row in rows), sum(row.unfolded for row in rows)


def _text(rows: Sequence[Sent], dollars: float) -> str:
    totals = [
        _total(name, channel, [row for row in rows if (row.language, row.channel) == (language, channel)], dollars)
        for language, name in NAMES.items()
        for channel in Channel
    ]
    return f"""
Segments at the default SMS_PRICE of ${dollars:g}; a message on WhatsApp is counted as one, which is rather too much. *Unfolded* is the very
same lines with the letters that the catalogs hold: an SMS with one letter that GSM-7 lacks is sent in UCS-2 then. It is not what
another program would say: that would have lines that ours leaves out where they would cost another segment.

| language | channel | answers | segments | $ | unfolded | $ | saved |
|---|---|---|---|---|---|---|---|
{chr(10).join(filter(None, totals))}

The dearest conversations, all their answers together:

| conversation | language | channel | answers | segments | $ | unfolded | $ |
|---|---|---|---|---|---|---|---|
{chr(10).join(_dearest(rows, dollars))}
"""


def _total(name: str, channel: str, rows: Sequence[Sent], dollars: float) -> str:
    segments, unfolded = _sums(rows)
    if not segments:
        return ""
    costs = f"{segments:,} | {segments * dollars:,.2f} | {unfolded:,} | {unfolded * dollars:,.2f}"
    return f"| {name} | {Channel(channel).value} | {len(rows):,} | {costs} | {1 - segments / unfolded:.0%} |"


def _dearest(rows: Sequence[Sent], dollars: float) -> list[str]:
    talks: dict[tuple[str, str], list[Sent]] = {}
    for row in rows:
        talks.setdefault((row.conversation, row.channel), []).append(row)
    dearest = sorted(talks.items(), key=lambda talk: -_sums(talk[1])[0])[:_DEAREST]
    told = []
    for (conversation, channel), sent in dearest:
        segments, unfolded = _sums(sent)
        costs = f"{segments} | {segments * dollars:.2f} | {unfolded} | {unfolded * dollars:.2f}"
        languages = ", ".join(dict.fromkeys(NAMES[row.language] for row in sent))
        told.append(f"| {conversation} | {languages} | {channel} | {len(sent)} | {costs} |")
    return told
