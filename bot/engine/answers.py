"""The rules for what a flow waits for: an offered line, a digit, a label, yes or no, a place, words. Pure."""

from __future__ import annotations

from bot.engine import keeping
from bot.engine import walk as walking
from bot.engine.actions import Ask, Offer, Say
from bot.engine.flow import Step, Target
from bot.engine.hear import STATE_ASKED
from bot.engine.listed import RECORD, flagged, more
from bot.engine.numbers import has_seen
from bot.engine.parse import BACK, PERSON
from bot.engine.place import is_token
from bot.engine.relay import held_back
from bot.engine.scene import NOT_UNDERSTOOD, Scene, placed
from bot.engine.walk import NOTICES, Outcome, first_of, follow, start, walk
from bot.frozen import replace
from bot.session import Session, Spot


def tapped(scene: Scene) -> Outcome | None:
    """A tapped line of a former menu: it leads where that line leads."""
    spot = scene.turn.tapped
    if spot is None:
        return None
    session = replace(scene.session, offered=(), misses=0)
    if held := held_back(scene.script, session, scene.turn, spot.flow):
        return held
    if spot == first_of(scene.script, spot.flow):
        return start(scene.script, session, scene.turn, spot.flow)
    return walk(scene.script, session, scene.turn, spot)


def offered(scene: Scene) -> Outcome | None:
    """The answer to "did you mean", "which place" or "which number"."""
    options, number = scene.session.offered, scene.turn.number
    if not options:
        return None
    if number is None and scene.turn.yes and len(options) == 1:
        number = 1
    session = replace(scene.session, offered=())
    if number == PERSON and is_token(options[0]):
        return _none_of_these_places(scene, session)
    if number == PERSON and options[0].startswith(RECORD):
        return more(scene.script, session) or scene.again(session=session)
    if number == PERSON:
        return walk(scene.script, session, scene.turn, Spot(NOT_UNDERSTOOD, "first"))
    if number is None or number == BACK:
        # 9 leads back from here as from anywhere.
        return None
    if number > len(options):
        return scene.session, (Say(NOTICES, "digit_unknown"), Offer(_asked(options[0]), options))
    option = options[number - 1]
    if option.startswith(RECORD):
        return flagged(scene.script, session, option.removeprefix(RECORD))
    if is_token(option):
        return placed(replace(scene, session=session), option)
    held = held_back(scene.script, session, scene.turn, option)
    return held or start(scene.script, session, scene.turn, option)


def _asked(option: str) -> str:
    """The question that was asked, as it is told by one of its answers."""
    return "number_which" if option.startswith(RECORD) else "place_which" if is_token(option) else "did_you_mean"


def _none_of_these_places(scene: Scene, session: Session) -> Outcome:
    """A town of that name in another state: the state is enough."""
    spot = session.at
    ask = (Ask(spot.flow, spot.step, back=bool(session.trail)),) if spot else ()
    return replace(session, misses=STATE_ASKED), (Say(NOTICES, "place_state"), *ask)


def answer(scene: Scene) -> Outcome | None:
    """What the flow waits for: a digit, a label, yes or no, a place, words."""
    step, spot, turn = scene.step, scene.session.at, scene.turn
    if step is None or spot is None or not step.waits:
        return None
    if turn.number == PERSON:
        return start(scene.script, scene.session, turn, "human")
    if turn.number == BACK:
        return walking.back(scene.script, scene.session, turn)
    numbered = step.choices or step.yes_no or step.helped
    if numbered and turn.number is not None and not has_seen(scene.session, turn.number):
        return scene.again()
    if step.choices and (chosen := _chosen(scene, step, spot)) is not None:
        return chosen
    if step.yes_no or step.helped:
        return _said_yes_or_no(scene, step, spot)
    return _told(scene, step, spot)


def _chosen(scene: Scene, step: Step, spot: Spot) -> Outcome | None:
    digit = scene.turn.number if scene.turn.number is not None else scene.turn.label
    if digit is None:
        return None
    for choice in step.choices:
        if choice.digit == digit:
            name = choice.target.flow
            if name and (held := held_back(scene.script, scene.session, scene.turn, name)):
                return held
            return follow(scene.script, scene.session, scene.turn, choice.target, spot.flow)
    session = replace(scene.session, misses=scene.session.misses + 1)
    return session, (Say(NOTICES, "digit_unknown"), Ask(spot.flow, spot.step, back=bool(session.trail)))


def _said_yes_or_no(scene: Scene, step: Step, spot: Spot) -> Outcome | None:
    yes = scene.turn.yes
    if yes is None:
        return None
    if step.helped:
        return walking.helped(scene.script, scene.session, scene.turn, yes)
    targets = step.yes_no or (Target(), Target())
    return follow(scene.script, scene.session, scene.turn, targets[0 if yes else 1], spot.flow)


def _told(scene: Scene, step: Step, spot: Spot) -> Outcome | None:
    turn, target = scene.turn, step.target
    if target is None or step.ask is None:
        return None
    if step.ask == "text" and _keeps(scene, spot, target):
        return keeping.told(scene, step, spot, target)
    if step.ask == "text":
        return follow(scene.script, scene.session, turn, target, spot.flow) if turn.words else None
    if turn.place:
        return placed(scene, turn.place)
    if turn.places:
        return replace(scene.session, offered=turn.places), (Offer("place_which", turn.places),)
    return placed(scene, turn.mentioned) if turn.mentioned else None


def _keeps(scene: Scene, spot: Spot, target: Target) -> bool:
    """Whether the words would be kept where this leads."""
    step = scene.script.step(spot.flow, target.step or "")
    return step is not None and step.keep
