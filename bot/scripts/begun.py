"""A step is finished on the release that it began with, and what is withdrawn meanwhile is not. Pure.

The session notes under which release the bot asked, and a mark of what an answer to that step may mean: its digits, labels and
where they lead. Where the mark is no longer that of the step, the step of the former release hears the answer; where nobody
knows that release any more, a digit is never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.engine.actions import Action, Ask, asks_at
from bot.engine.flow import Flow, Step, Target
from bot.engine.listed import RECORD
from bot.engine.place import is_token
from bot.engine.turn import Turn
from bot.engine.walk import NOTICES, Outcome, first_of, walk
from bot.frozen import replace
from bot.scripts.release import Release
from bot.scripts.withdrawn import SAID, SAID_URGENT
from bot.session import Session, Spot, Under

LOST = "lost_place"

Former = Callable[[str], Release | None]


def noted(release: Release, before: Session, session: Session, actions: Sequence[Action]) -> Session:
    """The session with the release under which the bot waits now: this one, or where nothing was asked anew the former one."""
    spot = session.at
    if spot is None:
        return replace(session, under=None)
    if spot == before.at and not asks_at(actions, spot) and before.under is not None:
        return replace(session, under=before.under)
    return replace(session, under=Under(release.number, release.marks.of(spot)))


def resumed(release: Release, former: Former, session: Session) -> tuple[Release, Session]:
    """The release to hear the answer with, and the session as it may be gone on with.

    The same two where the step is still what it was. A session that no step can be found for any more waits for nothing.
    """
    session = _offered(release, session)
    spot, under = session.at, session.under
    if spot is None or under is None:
        return release, session
    if release.marks.of(spot) == under.mark:
        return release, session
    began = former(under.release)
    flow, step = _as_it_was(release, began, spot)
    if flow is None or step is None:
        return release, replace(session, at=None, under=None)
    return _hearing(release, began or release, flow, step), session


def _offered(release: Release, session: Session) -> Session:
    """Options of "did you mean" whose flow is gone: their numbers tell nothing any more."""
    flows = [option for option in session.offered if not is_token(option) and not option.startswith(RECORD)]
    gone = any(flow not in release.script.flows for flow in flows)
    return replace(session, offered=(), at=None, under=None) if gone else session


def _as_it_was(release: Release, began: Release | None, spot: Spot) -> tuple[Flow | None, Step | None]:
    """The flow and the step that the person answers: of the former release, or of this one before it was withdrawn."""
    known = [began.script.flows.get(spot.flow)] if began else []
    known += [release.withdrawn.get(spot.flow)]
    for flow in filter(None, known):
        if spot.step in flow.steps:
            return flow, flow.steps[spot.step]
    # The notice in the place of an answer that goes out again.
    if began and spot.step in (SAID, SAID_URGENT) and spot.flow in began.script.flows:
        return began.script.flows[spot.flow], began.script.step(NOTICES, spot.step)
    return None, None


def _hearing(release: Release, began: Release, flow: Flow, step: Step) -> Release:
    """This release, the step as it was in the place of its own."""
    now = release.script.flows.get(flow.name)
    steps = {**(now.steps if now else {}), step.name: _retargeted(release, flow.name, step)}
    flows = {**release.script.flows, flow.name: replace(now or flow, steps=steps)}
    return replace(release, script=replace(release.script, flows=flows), catalogs=began.catalogs)


def _retargeted(release: Release, flow: str, step: Step) -> Step:
    """The step, its ways as they lead today: one that is gone leads to "we lost our place"."""

    def led(target: Target) -> Target:
        if flow in release.withdrawn:
            return Target(flow=flow)
        there = target.flow in release.script.flows if target.flow else release.script.step(flow, target.step or "")
        return target if target.back or there else Target(flow=LOST)

    return replace(
        step,
        choices=tuple(replace(each, target=led(each.target)) for each in step.choices),
        yes_no=(led(step.yes_no[0]), led(step.yes_no[1])) if step.yes_no else None,
        on_place=led(step.on_place) if step.on_place else None,
        branch=tuple(replace(each, target=led(each.target)) for each in step.branch),
        target=led(step.target) if step.target else None,
    )


def said_today(release: Release, outcome: Outcome, turn: Turn) -> Outcome:
    """The outcome of a turn that was heard with a former step, in the words of today.

    Where it would say a step that is gone, the place is lost; where the answer is withdrawn, that is said.
    """
    session, actions = outcome
    gone = next((each for each in actions if not _is_there(release, each)), None)
    if gone is None:
        return session, tuple(_without_gone_title(release, each) for each in actions)
    flow = getattr(gone, "flow", "")
    session = replace(session, at=None, under=None, offered=())
    return walk(release.script, session, turn, first_of(release.script, flow if flow in release.withdrawn else LOST))


def _is_there(release: Release, action: Action) -> bool:
    flow, step = getattr(action, "flow", None), getattr(action, "step", None)
    return flow is None or step is None or release.script.step(flow, step) is not None


def _without_gone_title(release: Release, action: Action) -> Action:
    if isinstance(action, Ask) and action.back_to is not None and action.back_to not in release.script.flows:
        return replace(action, back_to=None)
    return action
