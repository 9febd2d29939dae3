"""A flood within one simulated hour: ``python -m tests.flood.simulate`` (``make flood``).

The real engine, words and Redis, in one process without HTTP, with a moved clock and without the model: what it would tell
beyond phrases, words and digits does not decide who is answered. Ends with 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bot import content
from bot.carried import NobodyOptsOut
from bot.conversation import Conversation
from bot.countries import is_answered
from bot.intents.intent import Understanding
from bot.message import InboundMessage, Reply
from bot.privacy import Erased, Peppers, shared_phone_key
from bot.session import Beside
from bot.settings import Settings, from_environment
from bot.spending import Spending
from bot.store.errors import StoreError
from bot.store.keys import DayKeys
from bot.store.names import SHARED_PHONES
from bot.store.sessions import Sessions
from bot.store.spending import DaySpending
from bot.wording.price import price
from tests.flood.people import PUMPING, Writer, families, pumping
from tests.servers import RedisServer, running

FAMILIES = 0.05
ANSWERED = 0.99
BEGIN = 1_795_521_600.0


class NoModel:
    """Nobody to ask."""

    def parse(self, text: str, timeout: float | None = None) -> Understanding | None:
        """Nothing."""
        return None


class _SessionOnly:
    """BORRAR where nothing else is kept: the session and the words of the replies go."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def erase(self, address: str, beside: Beside) -> Erased:
        """Gone."""
        self._sessions.erase(address)
        return Erased.DONE


@dataclass(slots=True)
class Tally:
    """What came, what was answered and what it cost in segments, by who wrote."""

    cap: int
    came: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    cost: Counter[str] = field(default_factory=Counter)

    def share(self, *kinds: str) -> float:
        """The answered part of what these wrote."""
        return sum(self.answered[kind] for kind in kinds) / max(1, sum(self.came[kind] for kind in kinds))

    @property
    def spent(self) -> int:
        """Segments that went out to everybody."""
        return sum(self.cost[kind] for kind in ("family", "shelter", *PUMPING))

    def missed(self) -> list[str]:
        """The goals that were not reached, in words."""
        goals = {
            f"families answered {self.share('family', 'shelter'):.2%} < {ANSWERED:.0%}": self.share("family", "shelter")
            >= ANSWERED,
            f"danger answered {self.share('danger'):.2%} < 100%": self.share("danger") == 1,
            f"spent {self.spent} segments, the cap is {self.cap}": self.spent <= self.cap,
        }
        return [goal for goal, reached in goals.items() if not reached]


class Hour:
    """One simulated hour on a Redis server."""

    def __init__(self, settings: Settings, server: RedisServer) -> None:
        self.settings, self.now, self.sids = settings, BEGIN, itertools.count()
        redis, peppers = server.client(), Peppers(b"r" * 32, b"o" * 32)
        redis.sadd(SHARED_PHONES, shared_phone_key(peppers.opt_out, "+12025550001"))
        sessions = Sessions(redis, peppers, DayKeys(redis), self.clock)
        release = content.load()
        self.script, self.phrases = release.script, release.phrases
        self.ledger = DaySpending(redis, self.clock)
        self.conversation = Conversation(
            settings=settings,
            release=lambda: release,
            sessions=sessions,
            opt_outs=NobodyOptsOut(),
            erasing=_SessionOnly(sessions),
            notices=lambda: (),
            model=NoModel(),
            spending=Spending(settings.daily_segments, 2, self.ledger, self.clock, (StoreError,)),
            clock=self.clock,
            unavailable=(StoreError,),
        )

    def clock(self) -> float:
        """The moved clock."""
        return self.now

    def run(self, writers: list[Writer], dice: random.Random) -> Tally:
        """Everybody writes until the hour is over."""
        tally = Tally(self.settings.daily_segments)
        queue = [(writer.start, number, writer) for number, writer in enumerate(writers)]
        heapq.heapify(queue)
        while queue:
            moment, number, writer = heapq.heappop(queue)
            line = next(writer.lines, None)
            if line is None or moment > writer.last:
                continue
            self.now = BEGIN + moment
            reply = self._answer(writer, line.text)
            for kind in (writer.kind, *(["danger"] if line.urgent and writer.kind in ("family", "shelter") else [])):
                tally.came[kind] += 1
                tally.answered[kind] += bool(reply.texts)
                tally.cost[kind] += price(reply, writer.channel)
            heapq.heappush(queue, (moment + writer.wait(dice, bool(reply.texts)), number, writer))
        return tally

    def _answer(self, writer: Writer, text: str) -> Reply:
        address = next(writer.changing) if writer.changing else writer.address
        if not is_answered(address, writer.channel, self.settings.countries):
            self.ledger.count("refused")
            return Reply()
        return self.conversation.answer(InboundMessage(f"SM{next(self.sids)}", address, writer.channel, text)).reply


def simulate(messages: int, numbers: int, cap: float, seed: int, folder: Path) -> Tally:
    """The tally of one hour: ``messages`` in all, ``numbers`` that pump, ``cap`` in US dollars."""
    dice = random.Random(seed)
    settings = from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(folder), "DAILY_SPEND_CAP": str(cap)})
    with running(folder) as server:
        hour = Hour(settings, server)
        real = families(hour.script, hour.phrases, int(messages * FAMILIES), dice)
        return hour.run(
            [*real, *pumping(hour.script, hour.phrases, int(messages * (1 - FAMILIES)), numbers, dice)], dice
        )


def told(tally: Tally, price_of_one: float) -> str:
    """The tally as a table."""
    rows = [f"{'who':<18}{'messages':>9}{'answered':>10}{'segments':>10}{'dollars':>10}"]
    for kind in ("family", "shelter", "danger", *PUMPING):
        dollars = tally.cost[kind] * price_of_one
        rows.append(f"{kind:<18}{tally.came[kind]:>9}{tally.share(kind):>10.2%}{tally.cost[kind]:>10}{dollars:>10.2f}")
    rows.append(
        f"spent {tally.spent} of {tally.cap} segments, ${tally.spent * price_of_one:.2f} ({tally.spent / tally.cap:.0%})"
    )
    return "\n".join(rows)


def main() -> int:
    """1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--numbers", type=int, default=1_000)
    parser.add_argument("--cap", type=float, default=350.0, help="US dollars a day")
    parser.add_argument("--seed", type=int, default=20261126)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        tally = simulate(options.messages, options.numbers, options.cap, options.seed, Path(folder))
    print(told(tally, Settings().sms_price))
    missed = tally.missed()
    print("\n".join(f"MISSED: {goal}" for goal in missed) or "all goals reached")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
