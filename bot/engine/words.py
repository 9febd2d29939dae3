"""The rules for what needs no flow: the carrier's word, reserved words, danger in phrases and in what the model hears. Pure."""

from __future__ import annotations

from bot.engine import walk as walking
from bot.engine.actions import Erase, Offer, OptOutChange, Say, SetLanguage, Share, Silence
from bot.engine.flow import Group
from bot.engine.listed import more
from bot.engine.of_a_child import offered_as
from bot.engine.scene import FEW_WORDS, Scene, begin
from bot.engine.walk import MENU, NOTICES, Outcome, first_of, walk
from bot.frozen import replace
from bot.intents.reserved import Word
from bot.language import Language
from bot.message import OptOut
from bot.session import Spot

# What is worth sending on: what to do and what is one's right.
SHARED = (Group.RIGHTS, Group.URGENT)
# Between two dangers that are so nearly as likely as one another, what is safe in all of them is said.
NEARLY_AS_LIKELY = 0.7
SAFE_FOR_ALL = "some_danger"
AREA_NOTICES = "area_notices"


def carrier(scene: Scene) -> Outcome | None:
    """The carrier says that it has already answered this one (OptOutType)."""
    done = scene.turn.opt_out
    if done is None:
        return None
    if done is OptOut.HELP:
        return scene.session, (Silence(),)
    return scene.session, (OptOutChange(stopped=done is OptOut.STOP), Silence())


def reserved(scene: Scene) -> Outcome | None:
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
            return _erase(scene)
        case Word.MORE:
            return _more(scene)
        case Word.SHARE:
            return _share(scene)
        case Word.NOTICES:
            return walking.start(script, session, turn, AREA_NOTICES)
        case Word.KNOWN:
            return scene.notice(_known(scene))
        case Word.LANGUAGE:
            return _language(scene, reserved.language)


def _erase(scene: Scene) -> Outcome:
    """BORRAR: at once; where a conversation with staff goes too it is asked first, and BORRAR again is a yes."""
    spot, step, session = scene.session.at, scene.step, scene.session
    yes = step.yes_no[0].step if step and step.yes_no else None
    agreed = scene.script.step(spot.flow, yes) if spot and yes else None
    if scene.turn.escalated and not (agreed and agreed.erase):
        return walk(scene.script, session, scene.turn, Spot(NOTICES, "erase_confirm"))
    return session.forgotten(), (Erase(),)


def _known(scene: Scene) -> str:
    """QUE SABEN: the notice that is true of this person now. It names neither topic nor place: others may read along."""
    if scene.turn.with_staff or scene.turn.escalated:
        return "known_person"
    if scene.turn.blind:
        return "known_unsure"
    if scene.turn.erasing:
        return "known_erasing"
    return "known_talk" if scene.met else "known_nothing"


def _more(scene: Scene) -> Outcome | None:
    """MAS: the next organizations of the list that was shown."""
    return more(scene.script, scene.session)


def _share(scene: Scene) -> Outcome:
    """COMPARTIR: the answer that stands there, as a text to send on. The menu stays as it was.

    Where a list of organizations or a question for a place stands there, the answer that the flow began with.
    """
    spot, step = scene.session.at, scene.step
    flow = scene.script.flows[spot.flow] if spot and step else None
    if flow is None or step is None or flow.group not in SHARED:
        return scene.notice("share_nothing")
    answers = [each for each in (step, *flow.steps.values()) if each.say and not each.services and not each.ask]
    return scene.session, (Share(flow.name, answers[0].name),) if answers else scene.notice("share_nothing")[1]


def _language(scene: Scene, language: Language | None) -> Outcome | None:
    """The name of a language, unless the flow waits for a place (Quiché is one)."""
    if language is None or (scene.step and scene.step.ask == "place"):
        return None
    session = replace(scene.session, language=language)
    return scene.again(SetLanguage(language), Say(NOTICES, "language_switched"), session=session)


def urgent_phrase(scene: Scene) -> Outcome | None:
    """Danger in words that need no model comes before whatever the flow waits for."""
    flow = scene.script.by_intent.get(scene.turn.urgent or "")
    return begin(scene, flow) if flow else None


def doubted_phrase(scene: Scene) -> Outcome | None:
    """A phrase says danger, and the model is sure of something else: both are offered, the danger first."""
    if scene.turn.doubted is None:
        return None
    names = (scene.turn.doubted, *(intent.name for intent in scene.ranking[:1]))
    flows = (scene.script.by_intent[name] for name in names if name in scene.script.by_intent)
    options = tuple(dict.fromkeys(offered_as(scene.script, scene.session, scene.turn, flow) for flow in flows))
    return replace(scene.session, offered=options), (Offer("did_you_mean", options),)


def urgent_intent(scene: Scene) -> Outcome | None:
    """Danger that the model hears in a sentence comes before a place or a choice."""
    if scene.turn.words <= FEW_WORDS and scene.step is not None:
        return None
    # Of the whole message: "no quiero vivir, quiero descansar" takes nothing back.
    heard = scene.turn.understanding.ranking if scene.turn.understanding else ()
    urgent = [intent for intent in heard if scene.script.is_urgent(intent.name)]
    if not urgent or sum(intent.confidence for intent in urgent) < scene.threshold.urgent:
        return None
    first = urgent[0]
    if first.name == "agents_here_now" and scene.turn.forwarded:
        # Somebody else's warning, as with phrases.
        return begin(scene, scene.script.by_intent["rumor"])
    alike = len(urgent) > 1 and first.confidence < scene.threshold.sure
    if alike and urgent[1].confidence >= NEARLY_AS_LIKELY * first.confidence:
        return begin(scene, SAFE_FOR_ALL)
    return begin(scene, scene.script.by_intent[first.name])
