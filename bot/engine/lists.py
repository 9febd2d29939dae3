"""The rules for what is said to a list of organizations: one thing changes, the others stay. Pure."""

from __future__ import annotations

from bot.engine.actions import Offer
from bot.engine.flow import Group
from bot.engine.listed import ANY_KIND, FAILS, MORE, MORE_OF, list_spot, more, number_fails
from bot.engine.scene import Scene, begin, placed
from bot.engine.walk import Outcome
from bot.frozen import replace

NEAR = "services_near"
# What a model may be sure of in a message that only names another place: "y en Dallas?", "hola, Dallas".
_BESIDE_A_PLACE = frozenset({NEAR, "greet", "affirm", "deny", "repeat", "thank", "out_of_scope"})


def asked(scene: Scene) -> Outcome | None:
    """More of the same, or a number that does not work."""
    turn, spot = scene.turn, list_spot(scene.script, scene.session)
    if spot is None or turn.number is not None or turn.label is not None:
        return None
    if turn.listed == FAILS:
        return number_fails(scene.script, scene.session, turn.record)
    same = turn.listed == MORE_OF and not turn.mentioned and not turn.place and _surely(scene) == spot.flow
    return more(scene.script, scene.session) if turn.listed == MORE or same else None


def another_kind(scene: Scene) -> Outcome | None:
    """Another kind of help and a place in one message, where a place alone would have kept the kind."""
    step, turn, flow = scene.step, scene.turn, _surely(scene)
    if step is None or step.ask != "place" or scene.session.at is None:
        return None
    if flow in (None, NEAR, scene.session.at.flow) or not (turn.place or turn.mentioned or turn.several):
        return None
    services = scene.script.flows[flow].group is Group.SERVICES if flow else False
    return begin(scene, flow) if flow and services else None


def elsewhere(scene: Scene) -> Outcome | None:
    """Another place while a list stands there: the kind stays, unless the message asks for another, or for all."""
    step, turn, spot = scene.step, scene.turn, scene.session.at
    if step is None or spot is None or not step.services or turn.pin or turn.listed == ANY_KIND:
        return None
    flow = _surely(scene)
    if flow is not None and flow not in (*_BESIDE_A_PLACE, spot.flow):
        return None
    if turn.places:
        return replace(scene.session, offered=turn.places), (Offer("place_which", turn.places),)
    token = turn.place or (turn.mentioned if flow in (NEAR, spot.flow) else None)
    return placed(scene, token) if token else None


def _surely(scene: Scene) -> str | None:
    heard = scene.turn.corrected or scene.turn.understanding
    return scene.surely(heard) if heard else None
