"""The rules for everything else: voice notes, pins, what the model is sure of, what is nearly a label, what nobody understood. Pure."""

from __future__ import annotations

from bot.engine import relay
from bot.engine.actions import Ask, Count, Offer, Say
from bot.engine.flow import Group
from bot.engine.hear import LONGEST_PLACE, STATE_ASKED
from bot.engine.keeping import LEARN, may_be_asked
from bot.engine.of_a_child import offered_as
from bot.engine.parse import PERSON
from bot.engine.place import is_abroad
from bot.engine.scene import NOT_UNDERSTOOD, Scene, begin, placed
from bot.engine.turn import Turn
from bot.engine.walk import MENU, NOTICES, Outcome, counted_as, first_of, follow, start, start_at, walk
from bot.frozen import replace
from bot.session import Session, Spot

MOST_OFFERED = 3
# So likely is another language than ours, and so long the text, before it is said which ones are spoken here. Of 515 K'iche'
# sentences by speakers (UD_Kiche-IU, puente-baf62e19b417) 9 reach it; of the 1,584 messages of nlu/data/calibration none.
FOREIGN = 0.3
WORDS_OF_FOREIGN = 3
# "I am writing for my grandma, she can't read": so few words say no more than that.
WORDS_OF_RELAY = 10
# Beside a topic these are asked for too; whatever else of the conversation a model hears in so few words is not.
ASKED_BESIDE = frozenset({"change_language", "human"})
OTHER_LANGUAGE = "other_language"
# Where it begins for somebody who writes in another Mayan language.
MAYAN = Spot(OTHER_LANGUAGE, "mayan")
# "Houston", "en Los Angeles": so few words are the place itself.
WORDS_OF_PLACE = 3
WORDS_OF_PLACE_AND_STATE = 4
# Where a place was asked for, so few words are one that we do not know, whatever a model makes of them.
_NO_ANSWER = frozenset({"out_of_scope", "affirm", "deny"})
# "Did you mean: 1 a yes" helps nobody.
NEVER_OFFERED = (NOT_UNDERSTOOD, *sorted(_NO_ANSWER))


def voice(scene: Scene) -> Outcome | None:
    """A voice note, a picture: received, not understood, said so. Staff who have the conversation see that one came."""
    if not scene.turn.media or scene.turn.words:
        return None
    if scene.turn.escalated:
        return scene.notice("media_noted")
    return start(scene.script, scene.session, scene.turn, "voice_note")


def pin(scene: Scene) -> Outcome | None:
    """A point on the map, or a bare ZIP, that nothing asked for."""
    if scene.turn.place and (scene.turn.pin or scene.turn.understanding is None):
        return placed(scene, scene.turn.place)
    return scene.again(Say(NOTICES, "place_unknown")) if scene.turn.pin else None


def lost(scene: Scene) -> Outcome | None:
    """A bare digit when nothing waits for one is never guessed, but 0, which leads to a person everywhere."""
    if scene.turn.number is None or scene.step is not None:
        return None
    if scene.turn.number == PERSON and scene.met:
        # It means the same wherever it is offered. With nothing known, it may have meant "none of these".
        return start(scene.script, scene.session, scene.turn, "human")
    return walk(scene.script, scene.session, scene.turn, first_of(scene.script, "lost_place"))


def speaks_another(turn: Turn) -> bool:
    """Whether this message is likely to be in none of the three languages."""
    heard = turn.understanding
    return heard is not None and heard.foreign >= FOREIGN and turn.words >= WORDS_OF_FOREIGN


def foreign(scene: Scene) -> Outcome | None:
    """Mam, Portuguese, Haitian Creole: never answered as if it were K'iche' or Spanish, until the person has chosen.

    Of Mayan languages it is asked which one, so that an interpreter of that one can be looked for.
    """
    turn, session = scene.turn, scene.session
    if not speaks_another(turn):
        return None
    chosen = any(spot.flow == OTHER_LANGUAGE for spot in (session.at, *session.trail) if spot)
    place = turn.place or (turn.mentioned and turn.words <= WORDS_OF_PLACE_AND_STATE)
    if chosen or place:
        return None
    heard = turn.understanding
    if heard is None or heard.mayan < heard.foreign / 2:
        return start(scene.script, session, turn, OTHER_LANGUAGE)
    moved, actions = start_at(scene.script, session, turn, MAYAN)
    return moved, (Count(counted_as("mayan")), *actions)


def hearsay(scene: Scene) -> Outcome | None:
    """Somebody else's news, whatever it is about: is it true? A question that is none of news stays one."""
    turn = scene.turn
    if not turn.forwarded or not turn.words or turn.understanding is None:
        return None
    flow = scene.surely(turn.understanding)
    if flow and scene.script.flows[flow].group is not Group.RIGHTS:
        return None
    return begin(scene, scene.script.by_intent["rumor"])


def who_writes(scene: Scene) -> Outcome | None:
    """Somebody who says to write for another, or to be the child, and nothing else that we are sure of."""
    turn = scene.turn
    if not (turn.relayed or turn.minor):
        return None
    heard = turn.corrected or turn.understanding
    flow = next((topic for topic in (*scene.topics, scene.surely(heard) if heard else None) if topic), None)
    if flow and scene.script.flows[flow].group is Group.CONVERSATION and flow not in ASKED_BESIDE:
        flow = None
    if turn.minor:
        return relay.child(scene.script, scene.session, turn, flow)
    named = turn.place or turn.mentioned or turn.several
    # A longer message asks something too: then what it likely asks is asked back.
    alone = flow is None and not named and (turn.words <= WORDS_OF_RELAY or not _likely(scene))
    return relay.begun(scene.script, scene.session, turn) if alone else None


def sure(scene: Scene) -> Outcome | None:
    """The model is sure: the flow of that intent, or of the first of two questions."""
    if scene.topics:
        return begin(scene, scene.topics[0])
    if not scene.ranking or scene.ranking[0].confidence < scene.threshold.sure:
        return None
    name = scene.ranking[0].name
    if name == "repeat" and scene.step is not None:
        return scene.again()
    if name == "out_of_scope":
        return _off_topic(scene)
    flow = scene.script.by_intent.get(name)
    return begin(scene, flow) if flow else None


def _off_topic(scene: Scene) -> Outcome | None:
    """Said once; the second time in a row it may be us who do not understand, and a person is offered."""
    flow = scene.script.by_intent.get("out_of_scope")
    if scene.session.misses:
        return unknown(scene)
    moved, actions = begin(scene, flow) if flow else unknown(scene)
    return replace(moved, misses=1), actions


def place_alone(scene: Scene) -> Outcome | None:
    """A town by itself, when no intent is sure."""
    token = scene.turn.place or (scene.turn.mentioned if scene.turn.words <= WORDS_OF_PLACE else None)
    return placed(scene, token) if token else None


def near(scene: Scene) -> Outcome | None:
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


def unsure(scene: Scene) -> Outcome | None:
    """The model has an idea: it is asked back, urgent ones first, 0 for none of these."""
    flows = _likely(scene)
    if not flows:
        return None
    named = (offered_as(scene.script, scene.session, scene.turn, flow) for flow in flows[:MOST_OFFERED])
    options = tuple(dict.fromkeys(named))
    session = relay.noted(scene.script, scene.session, scene.turn)
    return replace(session, offered=options), (Offer("did_you_mean", options),)


def _likely(scene: Scene) -> list[str]:
    flows: list[str] = []
    for intent in scene.ranking:
        flow = scene.script.by_intent.get(intent.name)
        if flow and intent.confidence >= scene.threshold.maybe and flow not in (*flows, *NEVER_OFFERED):
            flows.append(flow)
    return sorted(flows, key=lambda name: scene.script.flows[name].group is not Group.URGENT)


def place_unknown(scene: Scene) -> Outcome | None:
    """A few words where a place was asked for, and nothing else that they surely mean."""
    step, turn = scene.step, scene.turn
    if step is None or step.ask != "place" or not 0 < turn.words <= LONGEST_PLACE or turn.reserved:
        return None
    if turn.number is not None or turn.place or turn.places or turn.mentioned:
        return None
    sure_of = next((each.name for each in scene.ranking[:1] if each.confidence >= scene.threshold.sure), None)
    if sure_of is not None and sure_of not in _NO_ANSWER:
        return None
    likely = [] if sure_of else _likely(scene)
    urgent = any(scene.script.flows[name].group is Group.URGENT for name in likely)
    if urgent or (likely and turn.words > WORDS_OF_PLACE):
        return None
    return _not_found(scene, replace(scene.session, misses=scene.session.misses + 1))


def _not_found(scene: Scene, session: Session) -> Outcome:
    """A kind second try, then the state, then a person; the question stays open all the while."""
    names = {1: "place_unknown_abroad" if is_abroad(session.place) else "place_unknown", STATE_ASKED: "place_state"}
    spot = session.at
    ask = (Ask(spot.flow, spot.step, back=bool(session.trail)),) if spot else ()
    return session, (Say(NOTICES, names.get(session.misses, "place_person")), *ask)


def unknown(scene: Scene) -> Outcome:
    """Not understood: the menu, the second time a person; a place that could not be found says so."""
    session = replace(scene.session, misses=scene.session.misses + 1)
    if scene.step and scene.step.ask == "place":
        return _not_found(scene, session)
    again = LEARN if may_be_asked(scene.script, session, scene.turn) else "second"
    step = "first" if session.misses < 2 else again
    moved, actions = walk(scene.script, session, scene.turn, Spot(NOT_UNDERSTOOD, step))
    return replace(moved, misses=session.misses), actions
