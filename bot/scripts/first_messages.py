"""What a conversation can begin with: a message of each intent, and what the engine answers by itself. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product

from bot.engine.place import to_token
from bot.engine.walk import HUMAN
from bot.frozen import replace
from bot.intents.intent import UNKNOWN
from bot.scripts.walker import ANYTHING, BAD_DAY, DESK, Exchange, Walker
from bot.session import Session, Spot, Writer

# What families answer to "where are you?": a US ZIP with many organizations near, one with none, a town in Guatemala,
# one in Mexico; and a word that is no place.
ZIP, LONELY_ZIP, GUATEMALA, MEXICO, NOWHERE = "60629", "58501", "Xela", "Tapachula", "zzxqv"
PLACES = (ZIP, LONELY_ZIP, GUATEMALA, MEXICO)
# Where some flows say something else again.
OTHER_COUNTRIES = ("Tegucigalpa", "San Salvador")
# Words that need no flow: the notices answer them.
WORDS = (
    "AYUDA",
    "BAJA",
    "ALTO",
    "INICIAR",
    "SALIR",
    "BORRAR",
    "COMPARTIR",
    "AVISOS",
    "QUE SABEN",
    "MENU",
    "ESPAÑOL",
    "ENGLISH",
    "K'ICHE'",
)
# Somebody who writes for another; heard in whatever language is spoken.
RELAYED = "escribo por mi abuelita que no sabe leer"
# Somebody grown about a child alone, and somebody of whom nobody can tell.
ABOUT_A_CHILD = ("mi hijo esta solo en la escuela", "mi hermanito esta solo en la escuela")
# Questions that a model may find about as likely as one another, so that it asks back.
ALIKE = ("school_rights", "health_rights", "work_rights")

# The flows that neither an intent nor a choice leads to, and the message to which the engine answers with them.
BY_ENGINE: Mapping[str, Callable[[Walker, str], Exchange]] = {
    "voice_note": lambda walker, text: walker.say(walker.known(), "", media=1),
    "lost_place": lambda walker, text: walker.say(walker.known(), "4"),
    "not_understood": lambda walker, text: walker.say(walker.known(), text, UNKNOWN),
    # Not understood for the second time, then the number that is offered there.
    "keep_my_words": lambda walker, text: walker.say(_not_understood_twice(walker.known(), walker).after, "1"),
    "other_language": lambda walker, text: walker.begin(walker.known(), text=text, foreign=1.0),
    "relay": lambda walker, text: walker.say(walker.known(), text, UNKNOWN),
    "some_danger": lambda walker, text: walker.begin(walker.known(), "agents_here_now", "danger_now", text=text),
}


def _not_understood_twice(session: Session, walker: Walker) -> Exchange:
    return walker.say(replace(session, misses=1), ANYTHING, UNKNOWN)


def begun(walker: Walker, flow: str, text: str = ANYTHING, session: Session | None = None) -> Exchange | None:
    """The first exchange of somebody (a stranger) whose message starts this flow; None where only a choice leads to it."""
    if flow in BY_ENGINE:
        return BY_ENGINE[flow](walker, text)
    intents = walker.release.script.flows[flow].intents
    return walker.begin(session or Session(), intents[0], text=text) if intents else None


def _at_the_desk(walker: Walker) -> Iterator[Exchange]:
    """Who asks for a person where there are some: an adult, a child, somebody who has one, and on a bad day."""
    known = walker.known()
    child, danger = (
        replace(known, writer=Writer.CHILD),
        replace(known, trail=(Spot("danger_now", "first"),)),
    )
    for here, session in product((walker.with_board(DESK), walker.with_board(BAD_DAY)), (known, child, danger)):
        yield here.begin(session, HUMAN)
    yield walker.say(known, "0", escalated=True)


def first_messages(walker: Walker) -> Iterator[Exchange]:
    """Every way to begin: each intent from a stranger and from somebody whose place is known, and the engine's own."""
    known = [found for text in PLACES if (found := walker.release.places.find(text).found)]
    for session in (Session(), *(walker.known(to_token(place)) for place in known)):
        for intent in walker.release.script.by_intent:
            yield walker.begin(session, intent)
        for text in ABOUT_A_CHILD:
            yield walker.begin(session, "child_alone", text=text)
    for start in BY_ENGINE.values():
        yield start(walker, ANYTHING)
    for word in WORDS:
        yield walker.say(walker.known(), word)
    yield walker.say(walker.known(), "BORRAR", escalated=True)
    yield from _at_the_desk(walker)
    for intent in ("violence_help", "self_harm"):
        yield walker.begin(walker.known(), intent, text=RELAYED)
    yield walker.say(walker.known(), RELAYED, UNKNOWN)
    yield walker.begin(walker.known(), *ALIKE)
    # Not understood twice: who may be asked for her question, and a child, who may not.
    for who in (walker.known(), replace(walker.known(), writer=Writer.CHILD)):
        yield _not_understood_twice(who, walker)
