"""What grows with the network: sessions, services, conversations with staff, releases; each big beside small in the same run."""

from __future__ import annotations

from pathlib import Path

from tests.bench import inbox, many_releases, nearest, sessions
from tests.bench.part import Part

TEXT = """
Sessions: two Redis servers, one of them holding a session and three replies of each of so many people, as real talks leave them, under
their real names; ever new people write the same talks to both in turn, `Conversation.answer` in this process, wall time. Services:
`tests/bench/generated.py` makes the same ones every time; time of the processor, of three rounds the best for each question. Inbox: the
same page for the same person from two databases in turn, one of them with the rows of erased conversations too, which stay for 30 days
after a conversation was erased. A conversation has four messages and one that was sent. An open page asks with the rows that it shows,
and gets them drawn anew. Releases: each start is a new process of a host without files of its own, on SQLite; time of the processor.

The inbox unsealed every conversation of a week to show 25 of them. Since 2026-11-27 it unseals those 25, and of the others under the tab
what the form's topics need. Before and after in turn in one run: half of the pages within 90 ms, now 41 (0.46 of it, 0.36 to 0.50),
half of what an open page asks within 93 ms, now 30 (0.33, 0.26 to 0.38). Of a desk with 20 open conversations the page takes 1.15 of
what it took, 20 ms, for it asks twice; what an open page asks takes the same.
"""


def run(smoke: bool, folder: Path) -> Part:
    """All four, one after the other."""
    for name in ("sessions", "inbox", "releases"):
        (folder / name).mkdir()
    of_each = (
        sessions.grown(folder / "sessions", *((1_000, 2, 60) if smoke else (1_000_000, 9, 1_200))),
        nearest.grown(*((300, 40, 4) if smoke else (20_000, 4_000, 40))),
        inbox.grown(folder / "inbox", *((200, 20, 20, 3) if smoke else (100_000, 500, 1_000, 60))),
        many_releases.grown(folder / "releases", *((3, 1) if smoke else (1_000, 5))),
    )
    figures = tuple(figure for each in of_each for figure in each.figures)
    bars = tuple(bar for each in of_each for bar in each.bars)
    names = ("sessions", "services", "inbox", "releases")
    return Part("Growth", figures, TEXT, bars, {name: each.raw for name, each in zip(names, of_each, strict=True)})
