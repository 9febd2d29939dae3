"""What a release costs: to read, to verify, to take over, and what it adds to a turn. In one run, so that they can be compared."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot import content
from bot.engine.advance import advance
from bot.escalation.viewer import Role, Viewer
from bot.listening import heard
from bot.message import Channel, InboundMessage
from bot.scripts.begun import noted, resumed
from bot.scripts.reply import renderer
from bot.session import Session
from bot.settings import from_environment
from bot.store.current_release import CurrentRelease
from bot.store.database import engine_for
from bot.store.release_file import ReleaseFiles
from bot.store.releases import Releases
from bot.store.upgrade import upgrade
from bot.store.withdrawals import Withdrawals
from tests.upgraded import SEAL_KEY

LUZ = Viewer(1, "Luz", frozenset({Role.PUBLISHER}))
FLOW = "flows/rights/home_visit.yml"
CATALOGS = tuple(f"locales/{language}/LC_MESSAGES/answers.po" for language in ("es", "en"))


@dataclass(frozen=True)
class Costs:
    """Seconds of CPU."""

    whole: float
    other: float
    verified: float
    look: float
    now: float
    turn: float
    step: float


def costs() -> Costs:
    """Measured here and now."""
    sources = content.sources_of()
    whole, release = _cpu(lambda: content.release_of(sources))
    changed = {**sources, FLOW: sources[FLOW] + b"# other\n"}
    changed |= {path: sources[path] + b"\n# other\n" for path in CATALOGS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        upgrade(f"sqlite:///{folder}/puente.db", folder)
        engine = engine_for(f"sqlite:///{folder}/puente.db")
        releases = Releases(engine, b"k" * 32, time.time, judge=lambda *_: ())
        current = CurrentRelease(
            releases, Withdrawals(engine, SEAL_KEY, time.time), ReleaseFiles(folder, b"k" * 32), lambda: release
        )
        releases.publish(LUZ, changed, ("home_visit",), "", 0)
        other, _ = _cpu(current.look)
        assert current.number == 1
        verified, _ = _cpu(lambda: releases.stored(1))
        look = _each(current.look, 200)
        now = _each(current.now, 20_000)
        current.close()
        engine.dispose()
    turn, step = _turn(release)
    return Costs(whole, other, verified, look, now, turn, step)


def _turn(release: content.Release) -> tuple[float, float]:
    """A turn at the menu without its stores, and of that what the release of its step takes."""
    settings = from_environment({"ENVIRONMENT": "test"})
    message = InboundMessage(address="+17735550100", sid="SM1", channel=Channel.SMS, text="menu")
    moment = time.time()

    def turn(session: Session) -> tuple[Session, object]:
        outcome = advance(release.script, session, heard(release, session, message), moment)
        renderer(release, settings, outcome[0], Channel.SMS, moment).reply(outcome[1])
        return outcome

    session, actions = turn(Session())
    waiting = noted(release, Session(), session, actions)

    def step() -> None:
        hearing, before = resumed(release, lambda name: None, waiting)
        assert hearing is release
        noted(release, before, session, actions)

    return _each(lambda: turn(waiting), 200), _each(step, 2_000)


def _cpu(work: Callable[[], object]):  # type: ignore[no-untyped-def]
    begun = time.process_time()
    done = work()
    return time.process_time() - begun, done


def _each(work: Callable[[], object], times: int) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times
