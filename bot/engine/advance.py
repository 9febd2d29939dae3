"""One turn of the conversation: ``advance(script, session, turn, now)``. Pure; the rules stand in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.engine import walk as walking
from bot.engine.actions import Action, Ask, Erase, Offer, OptOutChange, Say, SetLanguage, ShowServices, Silence
from bot.engine.flow import Group, Script, Step, Target
from bot.engine.parse import BACK, PERSON
from bot.engine.place import is_token
from bot.engine.turn import Turn
from bot.engine.walk import MENU, NOTICES, Outcome, first_of, follow, start, walk
from bot.intents.intent import Intent
from bot.intents.reserved import Word
from bot.intents.thresholds import Threshold, threshold
from bot.language import Language
from bot.message import OptOut
from bot.privacy import RETENTION
from bot.session import Session, Spot

NOT_UNDERSTOOD = "not_understood"
MOST_OFFERED = 3
# Below this many words an answer to a menu is taken as one even if the model smells danger.
FEW_WORDS = 2
# "Houston", "en Los Angeles": so few words are the place itself.
WORDS_OF_PLACE = 3
# So sure must the model be, of a text so long, before the language of a conversation changes.
SURE_LANGUAGE = 0.9
# So sure, where the words themselves show no language.
LIKELY_LANGUAGE = 0.7
WORDS_OF_LANGUAGE = 4


@dataclass(frozen=True, slots=True)
class _Scene:
    """What every rule looks at."""

    script: Script
    session: Session
    turn: Turn
    default: Language

    @property
    def step(self) -> Step | None:
        spot = self.session.at
        return self.script.step(spot.flow, spot.step) if spot else None

    @property
    def threshold(self) -> Threshold:
        return threshold(self.session.language or self.default)

    @property
    def ranking(self) -> tuple[Intent, ...]:
        return self.turn.understanding.ranking if self.turn.understanding else ()

    def notice(self, *names: str, session: Session | None = None) -> Outcome:
        """Says sentences of ours and leaves the person where she is."""
        return session or self.session, tuple(Say(NOTICES, name) for name in names)

    def again(self, *first: Action, session: Session | None = None) -> Outcome:
        """Asks the waiting step again, after something else; the menu when nothing waits."""
        session = session or self.session
        spot, step = session.at, self.step
        if spot is None or step is None or not step.waits:
            moved, actions = walk(self.script, session, self.turn, first_of(self.script, MENU))
            return moved, (*first, *actions)
        return session, (*first, Say(spot.flow, spot.step), Ask(spot.flow, spot.step, back=bool(session.trail)))


def advance(script: Script, session: Session, turn: Turn, now: float, default: Language = Language.ES) -> Outcome:
    """The session after this message, and what is to be done. ``now`` in seconds since 1970; ``default`` speaks when no language shows."""
    first = not session.known
    session, switched = _heed_language(_awake(script, session, now), turn, default)
    scene = _Scene(script, replace(session, updated=now, known=True), turn, default)
    for rule in _RULES:
        outcome = rule(scene)
        if outcome is not None:
            break
    else:
        outcome = _unknown(scene)
    moved, actions = outcome
    if any(isinstance(action, Silence | Erase) for action in actions):
        return moved, actions
    if turn.carrier_yes:
        actions = (*actions, OptOutChange(stopped=False))
    return moved, _greeted(scene, first, switched, actions)


def _awake(script: Script, session: Session, now: float) -> Session:
    """The session, its topic dropped after idle time: phones are shared (DESIGN, what is known about a family)."""
    flow = script.flows.get(session.at.flow) if session.at else None
    idle = RETENTION["sensitive topic" if flow and flow.sensitive else "topic"].total_seconds()
    expired = session.known and now - session.updated > idle
    gone = session.at is not None and (flow is None or session.at.step not in flow.steps)
    return session.forgotten() if expired or gone else session


def _heed_language(session: Session, turn: Turn, default: Language) -> tuple[Session, bool]:
    """The language of this turn. Between two messages it only changes on strong evidence, and never silently."""
    if turn.reserved and turn.reserved.language and session.language is None:
        return replace(session, language=turn.reserved.language), False
    heard = turn.understanding.languages if turn.understanding else ()
    shown = turn.spoken
    if heard and turn.words >= FEW_WORDS and heard[0][1] >= (LIKELY_LANGUAGE if shown is None else SURE_LANGUAGE):
        shown = heard[0][0]
    if session.language is None:
        return replace(session, language=shown or default), False
    sure = bool(heard) and heard[0][0] is shown and heard[0][1] >= SURE_LANGUAGE and turn.spoken is shown
    if shown and shown is not session.language and sure and turn.words >= WORDS_OF_LANGUAGE:
        # Spanish loans are K'iche' too: somebody who chose K'iche' keeps it.
        if session.language is not Language.QUC:
            return replace(session, language=shown), True
    return session, False


def _greeted(scene: _Scene, first: bool, switched: bool, actions: tuple[Action, ...]) -> tuple[Action, ...]:
    """One line of welcome after a first answer; none where danger speaks, nor beside the full welcome."""
    said = [action for action in actions if isinstance(action, Say)]
    groups = {scene.script.flows[action.flow].group for action in said}
    if switched and Group.URGENT not in groups:
        actions = (*actions, Say(NOTICES, "language_switched"))
    quiet = Group.URGENT in groups or any(action.flow in ("greet", NOTICES, "about") for action in said)
    return actions if not first or quiet or not said else (*actions, Say(NOTICES, "welcome_line"))


def _carrier(scene: _Scene) -> Outcome | None:
    """The carrier says that it has already answered this one (OptOutType)."""
    done = scene.turn.opt_out
    if done is None:
        return None
    if done is OptOut.HELP:
        return scene.session, (Silence(),)
    return scene.session, (OptOutChange(stopped=done is OptOut.STOP), Silence())


def _reserved(scene: _Scene) -> Outcome | None:
    """Exact words that mean the same everywhere."""
    reserved = scene.turn.reserved
    if reserved is None:
        return None
    session, script, turn = scene.session, scene.script, scene.turn
    match reserved.word:
        case Word.CARRIER_STOP:
            return session, (OptOutChange(stopped=True), Silence())
        case Word.STOP:
            return walk(script, session, turn, walking.STOPPED)
        case Word.ASK_STOP:
            return walk(script, session, turn, Spot(NOTICES, "stop_confirm"))
        case Word.START:
            moved, actions = walk(script, session, turn, Spot(NOTICES, "started_again"))
            return moved, (OptOutChange(stopped=False), *actions)
        case Word.HELP:
            return walk(script, session, turn, Spot(NOTICES, "help_word"))
        case Word.MENU:
            return walk(script, replace(session, trail=(), at=None), turn, first_of(script, MENU))
        case Word.EXIT:
            return scene.notice("exited", session=session.forgotten())
        case Word.ERASE:
            return session.forgotten(), (Erase(),)
        case Word.MORE:
            return _more(scene)
        case Word.LANGUAGE:
            return _language(scene, reserved.language)


def _more(scene: _Scene) -> Outcome | None:
    """MAS: the next organizations of the list that was shown."""
    step, session, spot = scene.step, scene.session, scene.session.at
    if step is None or step.services is None or step.none is None or spot is None:
        return None
    show = ShowServices(step.services, step.government, session.shown, step.none)
    session = replace(session, shown=session.shown + walking.PAGE)
    return session, (show, Ask(spot.flow, spot.step, back=bool(session.trail)))


def _language(scene: _Scene, language: Language | None) -> Outcome | None:
    """The name of a language, unless the flow waits for a place (Quiché is one)."""
    if language is None or (scene.step and scene.step.ask == "place"):
        return None
    session = replace(scene.session, language=language)
    return scene.again(SetLanguage(language), Say(NOTICES, "language_switched"), session=session)


def _urgent_phrase(scene: _Scene) -> Outcome | None:
    """Danger in words that need no model comes before whatever the flow waits for."""
    flow = scene.script.by_intent.get(scene.turn.urgent or "")
    return _begin(scene, flow) if flow else None


def _urgent_intent(scene: _Scene) -> Outcome | None:
    """Danger that the model hears in a sentence comes before a place or a choice."""
    if scene.turn.words <= FEW_WORDS and scene.step is not None:
        return None
    # The second guess counts too, unless the first is sure: missing danger is the worst error.
    sure = bool(scene.ranking) and scene.ranking[0].confidence >= scene.threshold.sure
    for intent in scene.ranking[: 1 if sure else 2]:
        flow = scene.script.by_intent.get(intent.name)
        if flow and scene.script.flows[flow].group is Group.URGENT and intent.confidence >= scene.threshold.urgent:
            return _begin(scene, flow)
    return None


def _begin(scene: _Scene, flow: str) -> Outcome:
    """Starts a flow; what was asked on the way about a place is kept."""
    session = scene.session
    if scene.turn.mentioned:
        session = replace(session, place=scene.turn.mentioned)
    return start(scene.script, session, scene.turn, flow)


def _offered(scene: _Scene) -> Outcome | None:
    """The answer to "did you mean" or "which place"."""
    options, number = scene.session.offered, scene.turn.number
    if not options:
        return None
    if number is None and scene.turn.yes and len(options) == 1:
        number = 1
    session = replace(scene.session, offered=())
    if number == PERSON:
        return walk(scene.script, session, scene.turn, Spot(NOT_UNDERSTOOD, "first"))
    if number is None:
        return None
    if number > len(options):
        return session, (Say(NOTICES, "digit_unknown"), Offer("did_you_mean", options))
    option = options[number - 1]
    if is_token(option):
        return _placed(replace(scene, session=session), option)
    return start(scene.script, session, scene.turn, option)


def _answer(scene: _Scene) -> Outcome | None:
    """What the flow waits for: a digit, a label, yes or no, a place, words."""
    step, spot, turn = scene.step, scene.session.at, scene.turn
    if step is None or spot is None or not step.waits:
        return None
    if turn.number == PERSON:
        return start(scene.script, scene.session, turn, "human")
    if turn.number == BACK:
        return walking.back(scene.script, scene.session, turn)
    if step.choices:
        return _chosen(scene, step, spot)
    if step.yes_no or step.helped:
        return _said_yes_or_no(scene, step, spot)
    return _told(scene, step, spot)


def _chosen(scene: _Scene, step: Step, spot: Spot) -> Outcome | None:
    digit = scene.turn.number if scene.turn.number is not None else scene.turn.label
    if digit is None:
        return None
    for choice in step.choices:
        if choice.digit == digit:
            return follow(scene.script, scene.session, scene.turn, choice.target, spot.flow)
    session = replace(scene.session, misses=scene.session.misses + 1)
    return session, (Say(NOTICES, "digit_unknown"), Ask(spot.flow, spot.step, back=bool(session.trail)))


def _said_yes_or_no(scene: _Scene, step: Step, spot: Spot) -> Outcome | None:
    yes = scene.turn.yes
    if yes is None:
        return None
    if step.helped:
        return walking.helped(scene.script, scene.session, scene.turn, yes)
    targets = step.yes_no or (Target(), Target())
    return follow(scene.script, scene.session, scene.turn, targets[0 if yes else 1], spot.flow)


def _told(scene: _Scene, step: Step, spot: Spot) -> Outcome | None:
    turn, target = scene.turn, step.target
    if target is None or step.ask is None:
        return None
    if step.ask == "text":
        return follow(scene.script, scene.session, turn, target, spot.flow) if turn.words else None
    if turn.place:
        return _placed(scene, turn.place)
    if turn.places:
        return replace(scene.session, offered=turn.places), (Offer("place_which", turn.places),)
    if turn.mentioned:
        return _placed(scene, turn.mentioned)
    return None


def _placed(scene: _Scene, token: str) -> Outcome:
    """A place was given: on with the step that waits for it, or with the services shown, else what is near."""
    session, step, spot = replace(scene.session, place=token, misses=0), scene.step, scene.session.at
    if spot and step and step.ask == "place" and step.target:
        return follow(scene.script, session, scene.turn, step.target, spot.flow)
    if spot and step and step.services:
        # From the flow's beginning: it may send another country another way.
        services = scene.script.flows[spot.flow].group is Group.SERVICES
        return walk(scene.script, session, scene.turn, first_of(scene.script, spot.flow) if services else spot)
    return start(scene.script, session, scene.turn, "services_near")


def _voice(scene: _Scene) -> Outcome | None:
    """A voice note, a picture: received, not understood, said so."""
    return (
        start(scene.script, scene.session, scene.turn, "voice_note")
        if scene.turn.media and not scene.turn.words
        else None
    )


def _pin(scene: _Scene) -> Outcome | None:
    """A point on the map, or a bare ZIP, that nothing asked for."""
    if scene.turn.place and (scene.turn.pin or scene.turn.understanding is None):
        return _placed(scene, scene.turn.place)
    return scene.again(Say(NOTICES, "place_unknown")) if scene.turn.pin else None


def _lost(scene: _Scene) -> Outcome | None:
    """A bare digit when nothing waits for one is never guessed."""
    if scene.turn.number is None or scene.step is not None:
        return None
    return walk(scene.script, scene.session, scene.turn, first_of(scene.script, "lost_place"))


def _sure(scene: _Scene) -> Outcome | None:
    """The model is sure: the flow of that intent."""
    if not scene.ranking or scene.ranking[0].confidence < scene.threshold.sure:
        return None
    name = scene.ranking[0].name
    if name == "repeat" and scene.step is not None:
        return scene.again()
    flow = scene.script.by_intent.get(name)
    return _begin(scene, flow) if flow else None


def _place_alone(scene: _Scene) -> Outcome | None:
    """A town by itself, when no intent is sure."""
    token = scene.turn.place or (scene.turn.mentioned if scene.turn.words <= WORDS_OF_PLACE else None)
    return _placed(scene, token) if token else None


def _near(scene: _Scene) -> Outcome | None:
    """A label that is nearly spelled; without a model, a line of the main menu too."""
    step, spot, turn = scene.step, scene.session.at, scene.turn
    if step and spot and turn.near is not None:
        target = next((c.target for c in step.choices if c.digit == turn.near), None)
        if target:
            return follow(scene.script, scene.session, turn, target, spot.flow)
    if turn.understanding is None and turn.menu_label is not None:
        menu = scene.script.flows[MENU].first
        target = next((c.target for c in menu.choices if c.digit == turn.menu_label), None)
        return follow(scene.script, scene.session, turn, target, MENU) if target else None
    return None


def _unsure(scene: _Scene) -> Outcome | None:
    """The model has an idea: it is asked back, urgent ones first, 0 for none of these."""
    flows: list[str] = []
    for intent in scene.ranking:
        flow = scene.script.by_intent.get(intent.name)
        if flow and intent.confidence >= scene.threshold.maybe and flow not in (*flows, NOT_UNDERSTOOD, "out_of_scope"):
            flows.append(flow)
    flows.sort(key=lambda name: scene.script.flows[name].group is not Group.URGENT)
    if not flows:
        return None
    options = tuple(flows[:MOST_OFFERED])
    return replace(scene.session, offered=options), (Offer("did_you_mean", options),)


def _unknown(scene: _Scene) -> Outcome:
    """Not understood: the menu, the second time a person; a place that could not be found says so."""
    session = replace(scene.session, misses=scene.session.misses + 1)
    if scene.step and scene.step.ask == "place" and session.misses == 1:
        return scene.again(Say(NOTICES, "place_unknown"), session=session)
    moved, actions = walk(
        scene.script, session, scene.turn, Spot(NOT_UNDERSTOOD, "first" if session.misses < 2 else "second")
    )
    return replace(moved, misses=session.misses), actions


Rule = Callable[[_Scene], Outcome | None]
_RULES: tuple[Rule, ...] = (
    _carrier, _reserved, _urgent_phrase, _urgent_intent, _offered, _answer, _voice, _pin, _lost,
    _sure, _place_alone, _near, _unsure,
)  # fmt: skip
