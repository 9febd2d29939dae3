"""What can be understood of a message without a model: words, digits, labels, places. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.directory.places import PlaceMatch, Places
from bot.directory.zip_code import zip_codes
from bot.engine import parse
from bot.engine.flow import Script, Step
from bot.engine.place import country_of, to_token
from bot.engine.relay import ABOUT_CHILD, MINOR, RELAYED, SOME_CHILD
from bot.engine.taps import tapped
from bot.engine.turn import Turn
from bot.engine.walk import MENU, first_of
from bot.intents.clauses import meant
from bot.intents.folding import bare
from bot.intents.phrases import Phrases
from bot.intents.reserved import reserved
from bot.intents.thresholds import threshold
from bot.language import Language, spoken
from bot.message import InboundMessage
from bot.session import Session, Spot
from bot.wording.catalog import Catalog

# A place has few words; a longer text is a sentence that may mention one.
LONGEST_PLACE = 5
# What stands before another place when a list stands there: "what about Cicero", "and in Cicero".
_LEADS = ("and what about ", "what about ", "how about ", "and ", "y que tal ", "que tal ", "xuquje ")
# After so many answers in which no place was found the state was asked for.
STATE_ASKED = 2
# Before the name of a place in a sentence.
_AT = frozenset("en in near around cerca de pa chi unaqaj por".split())
_LONGEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Ears:
    """What listening needs of a release."""

    script: Script
    catalogs: Mapping[Language, Catalog]
    places: Places
    phrases: Phrases
    list_phrases: Phrases = Phrases(())
    relay_phrases: Phrases = Phrases(())


def hear(ears: Ears, session: Session, message: InboundMessage) -> Turn:
    """The turn of this message, all but the model's opinion."""
    turn = _typed(ears, session, message)
    if message.tap is None:
        return turn
    return tapped(turn, message.tap, message.text, session, ears.script, lambda step: _labels(ears, step))


def _typed(ears: Ears, session: Session, message: InboundMessage) -> Turn:
    text = message.text
    step = _step(ears.script, session.at)
    labels = _labels(ears, step)
    words = len(bare(text).split())
    country = country_of(session.place)
    found, between = _place(ears.places, message, step, session)
    urgent = ears.phrases.match(text) if words else None
    shown = spoken(text)
    number = parse.number(text)
    several = _several(ears.places, meant(text), country) if words > 1 else ()
    mentioned = _mentioned(ears.places, meant(text), country) if words and not several else None
    listed = ears.list_phrases.match(text) if words else None
    found_who = ears.relay_phrases.match(text) if words else None
    who = found_who[0] if found_who else None
    return Turn(
        channel=message.channel,
        words=words,
        opt_out=message.opt_out,
        reserved=reserved(text, message.channel),
        urgent=_urgent(urgent, message),
        number=number,
        yes=parse.yes_or_no(text),
        label=parse.label(text, labels),
        near=parse.near_label(text, labels),
        menu_label=_menu_label(ears, text),
        place=found,
        places=between,
        mentioned=mentioned,
        several=several,
        listed=listed[0] if listed else None,
        relayed=who == RELAYED,
        minor=who == MINOR,
        about_child=who == ABOUT_CHILD,
        some_child=who == SOME_CHILD,
        pin=message.pin is not None,
        media=message.media > 0,
        forwarded=message.forwarded,
        carrier_yes=text.strip().casefold() == "yes",
        urgent_in=urgent[1] if urgent and urgent[1] is shown else None,
        spoken=shown or (urgent[1] if urgent else None) or (listed[1] if listed else None),
    )


def _urgent(found: tuple[str, Language] | None, message: InboundMessage) -> str | None:
    """A forwarded warning of agents is hearsay; whatever else sounds like danger is taken for it."""
    if found is None:
        return None
    return "rumor" if found[0] == "agents_here_now" and message.forwarded else found[0]


def wants_model(session: Session, script: Script, turn: Turn) -> bool:
    """Whether the model can tell more: of any text of more than two words, and every short one that nothing else explained."""
    if turn.opt_out or turn.reserved or turn.tapped or not turn.words:
        return False
    if turn.words > 2:
        return True
    step = _step(script, session.at)
    answered = (
        turn.number is not None
        or turn.label is not None
        or bool(step and (step.yes_no or step.helped) and turn.yes is not None)
    )
    return not (answered or turn.urgent or turn.place or turn.places)


def which_danger(script: Script, turn: Turn, language: Language) -> Turn:
    """The turn, its urgent phrase weighed by a model that is sure: it reads the whole message.

    Another danger takes the place of the phrase's; something else than danger puts the phrase in doubt.
    """
    heard, least = turn.understanding.ranking if turn.understanding else (), threshold(language)
    if not script.is_urgent(turn.urgent or "") or not heard or heard[0].confidence < least.sure:
        return turn
    urgent = [intent for intent in heard if script.is_urgent(intent.name)]
    if heard[0] in urgent:
        return replace(turn, urgent=heard[0].name)
    doubtful = sum(intent.confidence for intent in urgent) < least.no_danger
    return replace(turn, urgent=None, doubted=turn.urgent) if doubtful else turn


def _step(script: Script, spot: Spot | None) -> Step | None:
    return script.step(spot.flow, spot.step) if spot else None


def _labels(ears: Ears, step: Step | None) -> dict[int, Sequence[str]]:
    """The menu lines of a step in all languages: people answer in the one that comes to mind."""
    if step is None:
        return {}
    return {choice.digit: _in_all(ears, choice.label.key, choice.label.english) for choice in step.choices}


def _in_all(ears: Ears, key: str, english: str) -> list[str]:
    entries = (catalog.entry(key) for catalog in ears.catalogs.values())
    return [english, *(entry.text for entry in entries if entry and entry.text)]


def _menu_label(ears: Ears, text: str) -> int | None:
    spot = first_of(ears.script, MENU)
    labels = _labels(ears, _step(ears.script, spot))
    digit = parse.label(text, labels)
    return digit if digit is not None else parse.near_label(text, labels)


def _place(
    places: Places, message: InboundMessage, step: Step | None, session: Session
) -> tuple[str | None, tuple[str, ...]]:
    """The place that the whole message is: a pin, a bare ZIP, and where a place is asked or shown, a town however spelt."""
    if message.pin is not None:
        town = places.nearest_town(message.pin.latitude, message.pin.longitude)
        return (to_token(town) if town else None), ()
    text = meant(message.text).strip()
    words = len(bare(text).split())
    if words == 1 and text.isdigit():
        return _tokens(places.by_code(text, country_of(session.place)))
    asked = step is not None and (step.ask == "place" or step.services is not None)
    if not asked or not 0 < words <= LONGEST_PLACE:
        return None, ()
    country, text = country_of(session.place), _without_lead(text)
    if session.misses >= STATE_ASKED and (state := places.state(text, country)) != PlaceMatch():
        return _tokens(state)
    return _tokens(places.find(text, country))


def _tokens(match: PlaceMatch) -> tuple[str | None, tuple[str, ...]]:
    return (to_token(match.found) if match.found else None), tuple(to_token(place) for place in match.candidates)


def _without_lead(text: str) -> str:
    said = bare(text)
    lead = next((lead for lead in _LEADS if said.startswith(lead)), "")
    return said.removeprefix(lead) if lead else text


def _several(places: Places, text: str, country: str | None) -> tuple[str, ...]:
    """The places of one name that end a sentence ("abogado en Springfield"), or of five digits in it ("abogado 01010")."""
    coded = (places.by_code(code, country).candidates for code in zip_codes(text))
    if between := next(filter(None, coded), ()):
        # A country or a town beside them says which: "01010 Guatemala".
        return () if places.find(text, country).found else tuple(to_token(place) for place in between)
    if places.extract(text, country):
        return ()
    words = bare(text).split()
    after = max((at + 1 for at, word in enumerate(words) if word in _AT), default=len(words))
    name = words[after:]
    if not 0 < len(name) <= _LONGEST_NAME:
        return ()
    return tuple(to_token(place) for place in places.find(" ".join(name), country).candidates)


def _mentioned(places: Places, text: str, country: str | None) -> str | None:
    place = places.extract(text, country)
    return to_token(place) if place else None
