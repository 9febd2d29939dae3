"""What a turn is to the limits of bot/flood.py, and what they leave of its answer. Pure."""

from __future__ import annotations

from bot.engine.actions import (
    Action,
    Ask,
    Erase,
    Media,
    Offer,
    Say,
    Share,
    ShowNotices,
    ShowServices,
    Silence,
    asks_at,
    has,
)
from bot.engine.flow import Group, Script
from bot.engine.listed import ANY_KIND, list_spot
from bot.engine.numbers import HELP
from bot.engine.parse import BACK, PERSON
from bot.engine.turn import Turn
from bot.engine.walk import MENU, NOTICES, Outcome
from bot.flood import Load, Meter, Ruling, Verdict, Weight, answered, rule
from bot.frozen import replace
from bot.intents.reserved import Word
from bot.session import Session

# Words whose answer is short, and which somebody in need may send at any time. HELP opens with "1 if you are in danger".
_ALWAYS = (Word.CARRIER_STOP, Word.STOP, Word.ASK_STOP, Word.START, Word.ERASE)
_SPOKEN = (Say, ShowServices, Share, Offer)
_SHOWN = (*_SPOKEN, ShowNotices, Ask, Media)
HUMAN = "human"


def limited(
    script: Script, before: Session, turn: Turn, text: str, outcome: Outcome, load: Load, now: float
) -> Outcome:
    """The outcome as the limits leave it: whole, with the way to a person, the shortest, or silence.

    ``before`` is the session that the message met. What is silenced has not happened: the person stands where she stood.
    """
    session, actions = outcome
    ruling = rule(before.meter, text, weight(script, before, turn, actions), load, now)
    match ruling.verdict:
        case Verdict.SILENT:
            return replace(before, meter=ruling.meter, updated=before.updated or now), (Silence(),)
        case Verdict.SHORT:
            danger = is_danger(script, turn, actions)
            actions = _shortened(turn, actions, ruling)
            asks = danger or _asks(actions)
        case Verdict.PERSON:
            actions, asks = _with_person(actions), True
        case Verdict.FULL:
            asks = _asks(actions)
    silent = has(actions, Silence)
    meter = ruling.meter if silent else answered(ruling.meter, now, asks)
    return _with_numbers(before, session, actions, meter), actions


def _with_numbers(before: Session, session: Session, actions: tuple[Action, ...], meter: Meter) -> Session:
    """The session with its meter, its numbers those of the last menu that went out: of a shortened answer they are not guessed later."""
    offered, here = session.offered, session.at
    if offered != before.offered and not has(actions, Offer):
        offered = ()
    unseen = here is not None and not asks_at(actions, here) and (here != before.at or before.unseen)
    return replace(session, offered=offered, unseen=unseen, meter=meter)


def weight(script: Script, before: Session, turn: Turn, actions: tuple[Action, ...]) -> Weight:
    """What this message is to the limits."""
    if turn.opt_out or (turn.reserved and turn.reserved.word in (*_ALWAYS, Word.HELP)):
        return Weight.SAFETY
    if is_danger(script, turn, actions):
        return Weight.SAFETY
    if not before.meter.asked or not is_asked_for(script, before, turn):
        return Weight.ORDINARY
    return Weight.ASKED_IN_DANGER if _leads_to_danger(script, actions) else Weight.ASKED


def is_danger(script: Script, turn: Turn, actions: tuple[Action, ...]) -> bool:
    """Whether it is danger in words: a phrase, a doubted one too, or what the model made of a sentence.

    A digit or a town is none by itself.
    """
    if script.is_urgent(turn.urgent or "") or script.is_urgent(turn.doubted or ""):
        return True
    bare = turn.number is not None or turn.place or turn.places or turn.yes is not None or turn.reserved
    return bool(turn.words) and not bare and _leads_to_danger(script, actions)


def _leads_to_danger(script: Script, actions: tuple[Action, ...]) -> bool:
    flows = {action.flow for action in actions if isinstance(action, (Say, Ask))}
    flows |= {name for action in actions if isinstance(action, Offer) for name in action.options}
    return any(script.flows[name].group is Group.URGENT for name in flows if name in script.flows)


def is_asked_for(script: Script, before: Session, turn: Turn) -> bool:
    """Whether this is an answer to what the person was asked: a digit, a label, yes or no, a place, words, MAS."""
    if before.offered and turn.number is not None:
        return True
    step = script.step(before.at.flow, before.at.step) if before.at else None
    if step is None or not step.waits:
        return False
    digits = {choice.digit for choice in step.choices} | {BACK, PERSON}
    if turn.number in digits or turn.label is not None or turn.near is not None:
        return True
    if (step.yes_no or step.helped) and turn.yes is not None:
        return True
    if step.ask == "text":
        return bool(turn.words)
    if turn.listed and turn.listed != ANY_KIND and list_spot(script, before):
        return True
    takes_place = step.ask == "place" or step.on_place or step.services
    more = step.services and turn.reserved and turn.reserved.word is Word.MORE
    return bool((takes_place and (turn.place or turn.places or (step.ask and turn.mentioned))) or more)


def _asks(actions: tuple[Action, ...]) -> bool:
    return has(actions, Ask, Offer) or Say(HELP.flow, HELP.step) in actions


def _shortened(turn: Turn, actions: tuple[Action, ...], ruling: Ruling) -> tuple[Action, ...]:
    """What is done stays done; of what is said only the first words. A menu without its lines would tell nothing."""
    if turn.reserved and turn.reserved.word in _ALWAYS:
        return actions
    done = tuple(action for action in actions if not isinstance(action, _SHOWN))
    if has(done, Erase, Silence):
        return done
    brief = Say(NOTICES, "brief")
    spoken = [action for kinds in (_SPOKEN, ShowNotices) for action in actions if isinstance(action, kinds)]
    first = spoken[0] if spoken else brief
    if isinstance(first, Say) and first.flow == MENU:
        first = brief
    return (*done, first, *((brief,) if ruling.explain and first != brief else ()))


def _with_person(actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """The answer once more and the way to a person, unless it is that way or 0 means something else in it."""
    there = any(isinstance(action, (Offer, Silence)) or getattr(action, "flow", None) == HUMAN for action in actions)
    return actions if there else (*actions, Say(NOTICES, "zero_person"))
