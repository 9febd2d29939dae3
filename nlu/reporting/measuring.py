"""Judges every held-out message: what the model says, and what the bot does when somebody begins with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.content import read_yaml
from bot.engine.actions import Action, Ask, Offer, Say, SetLanguage, ShowServices
from bot.engine.advance import advance
from bot.engine.flow import Group, Script
from bot.engine.guesses import OTHER_LANGUAGE
from bot.engine.scene import NOT_UNDERSTOOD
from bot.engine.turn import Turn
from bot.engine.walk import NOTICES, start
from bot.engine.who_writes import CHILD_ALONE, CHILD_OR_ADULT, CHILDREN_LEFT
from bot.frozen import replace
from bot.intents.phrases import Phrases
from bot.language import Language
from bot.listening import Listening
from bot.message import Channel, InboundMessage
from bot.neighbours import Model
from bot.scripts.release import Release
from bot.session import Session
from bot.settings import from_environment
from reporting.asking import PatientModel, Server, Tongues
from reporting.held_out import Message, read_messages, read_other_languages
from reporting.judged import Judged, Measured, Outcome, Topics

# What these say is about no topic: the message was not understood, or not its language.
_NO_TOPIC = (NOTICES, NOT_UNDERSTOOD, OTHER_LANGUAGE)
# One topic in other words: of a child alone to somebody grown, or where nothing tells who writes (bot/engine/of_a_child.py).
_IN_OTHER_WORDS = {CHILD_OR_ADULT: CHILD_ALONE, CHILDREN_LEFT: CHILD_ALONE}


def measure(release: Release, project: Path, server: Server) -> Measured:
    """Every judgement on the held-out messages of ``project``. ``Unanswered`` when the server fails for one."""
    topics = read_topics(project, release.script)
    messages = read_messages(project / "held_out")
    model = PatientModel(server.client(name for names in topics.groups.values() for name in names))
    bot, tongues = Bot(release, model), Tongues(server)
    return Measured(
        topics,
        judged=tuple(bot.judge(message) for message in messages),
        heard=tuple(tongues.hear(message) for message in messages if not message.foreign),
        elsewhere=tuple(tongues.hear(message) for message in read_other_languages(project / "held_out")),
    )


def read_topics(project: Path, script: Script) -> Topics:
    """The groups of intents.yml, and the flows of this script."""
    groups: Mapping[str, Mapping[str, str]] = read_yaml(project / "intents.yml")
    urgent = frozenset(name for name, flow in script.flows.items() if flow.group is Group.URGENT)
    return Topics({group: tuple(names) for group, names in groups.items()}, script.by_intent, urgent)


class Bot:
    """The web tier between hearing a message and saying something: phrases, model, thresholds, rules. No memory."""

    def __init__(self, release: Release, model: Model) -> None:
        self._script = release.script
        self._model = model
        self._release = release
        self._without_phrases = replace(release, phrases=replace(release.phrases, danger=Phrases(())))
        default = from_environment({"ENVIRONMENT": "test"}).default_language
        # The very code that listens to families.
        self._listening = Listening(model, Language(default))
        self._begun = _openings(release.script)

    def judge(self, message: Message) -> Judged:
        """What is done about this message. The model is asked first, so that nothing after it waits."""
        understanding = self._model.parse(message.text)
        ranking = understanding.ranking if understanding else ()
        turn = self._heard(self._release, message)
        outcome = self._outcome(turn)
        return Judged(
            language=message.language,
            intent=message.intent,
            ranking=tuple((intent.name, intent.confidence) for intent in ranking),
            phrase=bool(turn.urgent or turn.doubted),
            without_phrases=self._outcome(self._heard(self._without_phrases, message))
            if turn.urgent or turn.doubted
            else outcome,
            outcome=outcome,
        )

    def _heard(self, release: Release, message: Message) -> Turn:
        """What is heard in somebody's first message."""
        return self._listening.understand(release, Session(), InboundMessage("", "", Channel.SMS, message.text))

    def _outcome(self, turn: Turn) -> Outcome:
        _, actions = advance(self._script, Session(), turn, now=0.0)
        if any(isinstance(action, SetLanguage) for action in actions):
            # The name of a language: it is switched to, and what is said then is the menu.
            return Outcome(self._script.by_intent.get("change_language"))
        offered = next((action.options for action in actions if isinstance(action, Offer)), ())
        options = tuple(dict.fromkeys(_IN_OTHER_WORDS.get(flow, flow) for flow in offered))
        spoken = None if options else _spoken(actions)
        return Outcome(self._begun.get(spoken, spoken) if spoken else None, options)


def _openings(script: Script) -> dict[str, str]:
    """Flow whose words come first -> flow that was begun: some begin with the words of another one."""
    begun = dict(_IN_OTHER_WORDS)
    for flow in sorted(set(script.by_intent.values())):
        spoken = _spoken(start(script, Session(), Turn(), flow)[1])
        if spoken and spoken not in script.by_intent.values():
            begun[spoken] = flow
    return begun


def _spoken(actions: Sequence[Action]) -> str | None:
    """The flow whose words come first, what is about no topic aside."""
    for action in actions:
        if isinstance(action, ShowServices):
            return action.none.key.partition(".")[0]
        if isinstance(action, Say | Ask) and action.flow not in _NO_TOPIC:
            return action.flow
    return None
