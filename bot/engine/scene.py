"""What every rule of a turn looks at, and how a rule begins a flow or takes a place. Pure."""

from __future__ import annotations

from msgspec import Struct

from bot.engine import relay
from bot.engine.actions import Action, Ask, Offer, Say, SetLanguage
from bot.engine.flow import Group, Script, Step
from bot.engine.listed import PAGE, show
from bot.engine.of_a_child import said_to
from bot.engine.turn import Turn
from bot.engine.walk import MENU, NOTICES, Outcome, first_of, follow, start, start_at, walk
from bot.frozen import replace
from bot.intents.intent import Intent, Understanding
from bot.intents.thresholds import Threshold, threshold
from bot.language import Language
from bot.session import LONGEST_TRAIL, Session, Spot

NOT_UNDERSTOOD = "not_understood"
# Below this many words an answer to a menu is taken as one even if the model smells danger.
FEW_WORDS = 2


class Scene(Struct, frozen=True):
    """What every rule looks at. ``first``: nothing is known of the person (a new one, or Redis came back empty)."""

    script: Script
    session: Session
    turn: Turn
    default: Language
    # Whether something was kept of this person before the message.
    met: bool = True

    @property
    def step(self) -> Step | None:
        spot = self.session.at
        return self.script.step(spot.flow, spot.step) if spot else None

    @property
    def threshold(self) -> Threshold:
        return threshold(self.session.language or self.default)

    @property
    def ranking(self) -> tuple[Intent, ...]:
        """What was meant, the likeliest first: without what the message takes back itself."""
        understanding = self.turn.corrected or self.turn.understanding
        return understanding.ranking if understanding else ()

    def surely(self, understanding: Understanding) -> str | None:
        """The flow that this understanding is sure of."""
        ranking = understanding.ranking
        sure = bool(ranking) and ranking[0].confidence >= self.threshold.sure
        return self.script.by_intent.get(ranking[0].name) if sure else None

    @property
    def topics(self) -> tuple[str, ...]:
        """The flows of two questions in one message, in their order; empty unless both are sure, and two topics."""
        flows = [self.surely(each) for each in self.turn.asked]
        topics = tuple(flow for flow in flows if flow and self.script.flows[flow].group is not Group.CONVERSATION)
        return topics if len(set(topics)) == len(topics) == 2 else ()

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
        ask = Ask(spot.flow, spot.step, back=bool(session.trail))
        if step.services and step.none and (not first or isinstance(first[0], SetLanguage)):
            # The advice alone would tell nothing: the page that stood there, in the words now wanted.
            return session, (*first, show(spot, step, max(0, session.shown - PAGE)), ask)
        return session, (*first, Say(spot.flow, spot.step), ask)


def begin(scene: Scene, flow: str) -> Outcome:
    """Starts a flow; what was asked on the way about a place is kept."""
    held = relay.held_back(scene.script, scene.session, scene.turn, flow)
    if held is not None:
        return held
    session = relay.noted(scene.script, scene.session, scene.turn)
    services = scene.script.flows[flow].group is Group.SERVICES
    named = scene.turn.mentioned or (scene.turn.place if services else None)
    several = scene.turn.places or scene.turn.several
    if named or (several and services):
        # Between several places nothing is guessed: the flow asks.
        session = replace(session, place=named)
    spot = said_to(scene.script, scene.session, scene.turn, flow) or first_of(scene.script, flow)
    outcome = start_at(scene.script, session, scene.turn, spot)
    if services and several and not named:
        outcome = _which_place(scene, outcome, several)
    other = next((topic for topic in scene.topics if topic != flow), None) if scene.topics else None
    return _with_other_question(scene.script, outcome, other) if other else outcome


def _which_place(scene: Scene, outcome: Outcome, places: tuple[str, ...]) -> Outcome:
    """Where the flow would ask for the place, the places that the message may mean."""
    session, actions = outcome
    step = scene.script.step(session.at.flow, session.at.step) if session.at else None
    if step is None or step.ask != "place":
        return outcome
    return replace(session, offered=places), (Offer("place_which", places),)


def _with_other_question(script: Script, outcome: Outcome, other: str) -> Outcome:
    """The same answer, and 9 leads to what the message asked too."""
    session, actions = outcome
    if not actions or not isinstance(actions[-1], Ask):
        return outcome
    ask = replace(actions[-1], back_to=other, asked=True)
    trail = (*session.trail, Spot(other, script.flows[other].first.name))[-LONGEST_TRAIL:]
    return replace(session, trail=trail), (*actions[:-1], ask)


def placed(scene: Scene, token: str) -> Outcome:
    """A place was given: on with the step that waits for it or takes it, or with the services shown, else what is near."""
    session, step, spot = replace(scene.session, place=token, misses=0), scene.step, scene.session.at
    waiting = (step.target if step.ask == "place" else step.on_place) if step else None
    if spot and waiting:
        return follow(scene.script, session, scene.turn, waiting, spot.flow)
    if spot and step and step.services:
        # From the flow's beginning: it may send another country another way.
        services = scene.script.flows[spot.flow].group is Group.SERVICES
        return walk(scene.script, session, scene.turn, first_of(scene.script, spot.flow) if services else spot)
    return start(scene.script, session, scene.turn, "services_near")
