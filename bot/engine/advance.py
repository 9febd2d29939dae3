"""One turn of the conversation: ``advance(script, session, turn, now)``. Pure; the rules stand in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable

from bot.engine import answers, guesses, lists, words
from bot.engine.actions import Action, Erase, Offer, OptOutChange, Say, ShowServices, Silence, has
from bot.engine.flow import Group, Script
from bot.engine.place import at_home
from bot.engine.scene import Scene
from bot.engine.turn import Turn
from bot.engine.walk import NOTICES, Outcome
from bot.engine.who_writes import is_minor
from bot.frozen import replace
from bot.language import Language
from bot.privacy import RETENTION
from bot.session import Session

# So sure must the model be before it is believed about the language, and of so many words: a town or a slip of the thumb
# shows none.
SURE_LANGUAGE = 0.9
WORDS_TO_TELL = 3
# Of so many words before the language of a conversation changes.
WORDS_OF_LANGUAGE = 4

_TOPIC, _SENSITIVE = RETENTION["topic"].total_seconds(), RETENTION["sensitive topic"].total_seconds()

Rule = Callable[[Scene], Outcome | None]
RULES: tuple[Rule, ...] = (
    words.carrier,
    words.reserved,
    words.urgent_phrase,
    words.doubted_phrase,
    words.urgent_intent,
    answers.tapped,
    answers.offered,
    lists.asked,
    lists.another_kind,
    guesses.foreign,
    answers.answer,
    guesses.voice,
    guesses.pin,
    guesses.lost,
    lists.elsewhere,
    guesses.place_unknown,
    guesses.hearsay,
    guesses.who_writes,
    guesses.sure,
    guesses.place_alone,
    guesses.near,
    guesses.unsure,
)


def advance(script: Script, session: Session, turn: Turn, now: float, default: Language = Language.ES) -> Outcome:
    """The session after this message, and what is to be done. ``now`` in seconds since 1970; ``default`` speaks when no language shows."""
    first = not session.known
    unsure = session.language is None and _shown(turn) is None and turn.reserved is None
    session, switched = _heed_language(_awake(script, session, turn, now), turn, default)
    session = replace(session, updated=now, known=True)
    scene = Scene(script, session, _settled(turn, session), default, met=not first)
    for rule in RULES:
        outcome = rule(scene)
        if outcome is not None:
            break
    else:
        outcome = guesses.unknown(scene)
    moved, actions = outcome
    if has(actions, Silence, Erase):
        return moved, actions
    if turn.carrier_yes:
        actions = (*actions, OptOutChange(stopped=False))
    return moved, _greeted(scene, first, switched, unsure, actions)


def _awake(script: Script, session: Session, turn: Turn, now: float) -> Session:
    """The session, its topic dropped after idle time: phones are shared (DESIGN, what is known about a family)."""
    gone = session.at is not None and script.step(session.at.flow, session.at.step) is None
    if gone or (session.known and _is_forgotten(script, session, turn, now - session.updated)):
        return session.forgotten()
    return session


def _is_forgotten(script: Script, session: Session, turn: Turn, idle: float) -> bool:
    """Whether the topic goes after so many seconds: sooner where nobody else on the same phone should come upon it."""
    if idle >= _TOPIC:
        return True
    if idle < _SENSITIVE:
        return False
    flows = (script.flows.get(name) for name in _leads_to(session))
    return turn.shared or is_minor(session) or any(flow.delicate for flow in flows if flow)


def _settled(turn: Turn, session: Session) -> Turn:
    """The turn, a name that several places have taken for the one where the person is: Cicero is in Illinois beside Chicago."""
    if place := at_home(turn.places, session.place):
        turn = replace(turn, place=place, places=())
    if place := at_home(turn.several, session.place):
        turn = replace(turn, mentioned=place, several=())
    return turn


def _leads_to(session: Session) -> tuple[str, ...]:
    """The flows that this session stands in or leads back to, and those that it offers (beside places, which are none)."""
    spots = (session.at, session.resume, *session.trail)
    return (*(spot.flow for spot in spots if spot), *session.offered)


def _shown(turn: Turn) -> Language | None:
    """The language that this message shows; None when neither its small words nor the model can tell."""
    if guesses.speaks_another(turn):
        return None
    heard = turn.understanding.languages if turn.understanding else ()
    if heard and turn.words >= WORDS_TO_TELL and heard[0][1] >= SURE_LANGUAGE:
        return heard[0][0]
    return turn.spoken


def _heed_language(session: Session, turn: Turn, default: Language) -> tuple[Session, bool]:
    """The language of this turn. Between two messages it only changes on strong evidence, and never silently.

    That is the model's word or a phrase that names a danger, and the same of the small words.
    """
    if turn.reserved and turn.reserved.language and session.language is None:
        return replace(session, language=turn.reserved.language), False
    shown = _shown(turn)
    if session.language is None:
        return replace(session, language=shown or default), False
    heard = turn.understanding.languages if turn.understanding else ()
    sure = turn.urgent_in or (heard[0][0] if heard and heard[0][1] >= SURE_LANGUAGE else None)
    # Spanish loans are K'iche' too: somebody who chose K'iche' keeps it.
    if shown and shown is sure is turn.spoken and shown is not session.language is not Language.QUC and turn.words >= WORDS_OF_LANGUAGE:
        return replace(session, language=shown), True
    return session, False


def _greeted(
    scene: Scene, first: bool, switched: bool, unsure: bool, actions: tuple[Action, ...]
) -> tuple[Action, ...]:
    """One line of welcome after a first answer; none where danger speaks, nor beside the full welcome."""
    if not first and not switched:
        return actions
    said = {action.flow for action in actions if isinstance(action, Say)}
    urgent = any(scene.script.flows[flow].group is Group.URGENT for flow in said)
    if switched and not urgent:
        actions = (*actions, Say(NOTICES, "language_switched"))
    answered = has(actions, Say, ShowServices, Offer)
    if not first or urgent or not answered or said & {"greet", NOTICES, "about"}:
        return actions
    ask = (Say(NOTICES, "language_ask"),) if unsure else ()
    return (*actions, *ask, Say(NOTICES, "welcome_line"))
