"""A question that somebody agreed to keep: who is asked for it, and what of the next message may be kept. Pure.

Nothing of a message is held before the yes, here or anywhere: what is kept is the one that comes after it. Danger, reserved words
and the team come first as everywhere (bot/engine/advance.py), and then nothing is kept.
"""

from __future__ import annotations

from bot.engine.flow import Script, Step, Target
from bot.engine.scene import Scene
from bot.engine.turn import Turn
from bot.engine.walk import NOTICES, Outcome, follow, walk
from bot.engine.who_writes import is_minor, is_relayed, way
from bot.scripts.agreed import FEWEST_WORDS, Agreed
from bot.session import Session, Spot

LEARN = "learn"
"""The step of not_understood that offers it, beside a person and the place."""


def may_be_asked(script: Script, session: Session, turn: Turn) -> bool:
    """Whether this person may be asked for her question: once in a talk, a grown person, and about nothing delicate."""
    spots = (*way(session), *((session.resume,) if session.resume else ()))
    flows = (script.flows.get(spot.flow) for spot in spots)
    delicate = any(flow.delicate for flow in flows if flow) or any(_delicate(script, each) for each in session.offered)
    young = is_minor(session) or is_relayed(session)
    return not (session.gave or turn.escalated or delicate or young or script.step("not_understood", LEARN) is None)


def told(scene: Scene, step: Step, spot: Spot, target: Target) -> Outcome | None:
    """What becomes of the words at a step that asked for them; None where they mean something that is answered instead."""
    turn, session = scene.turn, scene.session
    if turn.yes is False:
        return _changed_her_mind(scene, step, spot)
    if turn.media or turn.pin or turn.forwarded or not turn.words or not may_be_asked(scene.script, session, turn):
        return None
    if turn.number is not None or turn.yes or turn.words < FEWEST_WORDS:
        return scene.again()
    if turn.minor or turn.relayed or turn.some_child or _is_delicate(scene):
        return None
    if turn.understanding is None:
        # Without the model nobody can tell whether it is about something that is never kept.
        return walk(scene.script, session.moved(None), turn, Spot(NOTICES, Agreed.NOT))
    return follow(scene.script, session, turn, target, spot.flow)


def _changed_her_mind(scene: Scene, step: Step, spot: Spot) -> Outcome:
    """The no of the question whose yes led here."""
    steps = scene.script.flows[spot.flow].steps.values()
    asked = next((each.yes_no for each in steps if each.yes_no and each.yes_no[0].step == step.name), None)
    return follow(scene.script, scene.session, scene.turn, asked[1], spot.flow) if asked else scene.again()


def _is_delicate(scene: Scene) -> bool:
    """Whether the model thinks it possible that this is about danger, violence, or a child's fear."""
    likely = (each for each in scene.ranking if each.confidence >= scene.threshold.maybe)
    return any(_delicate(scene.script, scene.script.by_intent.get(each.name, "")) for each in likely)


def _delicate(script: Script, name: str) -> bool:
    flow = script.flows.get(name)
    return flow is not None and flow.delicate
