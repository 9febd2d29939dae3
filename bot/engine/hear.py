"""What can be understood of a message without a model: words, digits, labels, places. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.directory.places import Place, PlaceMatch, Places
from bot.directory.zip_code import zip_codes
from bot.engine import parse
from bot.engine.flow import Script, Step
from bot.engine.labels import NO_LABELS, Labels, in_all_languages
from bot.engine.place import country_of, to_token
from bot.engine.relay import ABOUT_CHILD, MINOR, RELAYED, SOME_CHILD
from bot.engine.taps import tapped
from bot.engine.turn import Turn
from bot.engine.walk import MENU, first_of
from bot.frozen import replace
from bot.intents.clauses import what_is_meant
from bot.intents.lexicons import Lexicons
from bot.intents.reserved import reserved_word
from bot.intents.thresholds import threshold
from bot.intents.words import Words
from bot.language import Language, spoken
from bot.message import Channel, InboundMessage
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
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Ears:
    """What listening needs of a release. It keeps what it would find out again at every message, and ends with the release:
    the labels of the steps that people have reached, at most as many as the script has, and what ten digits mean on two channels.
    """

    script: Script
    catalogs: Mapping[Language, Catalog]
    places: Places
    phrases: Lexicons
    _labels: dict[Spot, Labels] = field(default_factory=dict, init=False, repr=False, compare=False)
    _digits: dict[tuple[Channel, str], Turn] = field(default_factory=dict, init=False, repr=False, compare=False)

    def labels_at(self, spot: Spot | None) -> Labels:
        """The menu lines of this step in all languages; none for no step, and for one that the script does not have."""
        if spot is None:
            return NO_LABELS
        if (known := self._labels.get(spot)) is not None:
            return known
        step = _step(self.script, spot)
        if step is None:
            return NO_LABELS
        lines = {choice.digit: in_all_languages(choice.label, self.catalogs) for choice in step.choices}
        # Two threads may both fold them at first; they make the same.
        return self._labels.setdefault(spot, Labels.of(lines))

    def digit(self, channel: Channel, digit: str) -> Turn:
        """What one of the digits 0-9 alone says to somebody of whom nothing is known, where no step waits."""
        if (channel, digit) not in self._digits:
            message = InboundMessage("", "", channel, digit)
            self._digits[channel, digit] = _typed(self, Session(), message, Words.of(digit))
        return self._digits[channel, digit]


def hear(ears: Ears, session: Session, message: InboundMessage) -> Turn:
    """The turn of this message, all but the model's opinion."""
    return hear_words(ears, session, message, Words.of(message.text))


def hear_words(ears: Ears, session: Session, message: InboundMessage, said: Words) -> Turn:
    """Like ``hear``, of a message whose text was folded before."""
    if said.bare in _DIGITS and _is_plain(message):
        return _lone_digit(ears, session, message, said)
    turn = _typed(ears, session, message, said)
    if message.tap is None:
        return turn
    return tapped(turn, message.tap, said, session, ears.script, ears.labels_at)


def _is_plain(message: InboundMessage) -> bool:
    """Whether it is a text that was typed here, and nothing else."""
    beside = message.pin or message.media or message.forwarded or message.opt_out or message.tap
    return not beside


def _lone_digit(ears: Ears, session: Session, message: InboundMessage, said: Words) -> Turn:
    """Like ``_typed``, of one digit in any dress, as most messages are: wherever somebody is, it says the same.

    No place is looked for by less than five digits, and numbers are taken out of a text before names are looked for in it.
    Only the lines of the step that waits may call themselves by it.
    """
    turn, label = ears.digit(message.channel, said.bare), ears.labels_at(session.at).exactly(said)
    return turn if label is None else replace(turn, label=label)


def _typed(ears: Ears, session: Session, message: InboundMessage, said: Words) -> Turn:
    text, words = said.text, len(said.each)
    labels, menu = ears.labels_at(session.at), ears.labels_at(first_of(ears.script, MENU))
    kept = what_is_meant(said)
    country = country_of(session.place)
    found, between = _place(ears.places, message, kept, _step(ears.script, session.at), session)
    urgent, listed, found_who = ears.phrases.named(said.each)
    shown = spoken(text)
    named = ears.places.extract(kept.text, country) if words else None
    several = _several(ears.places, kept, country, named) if words > 1 else ()
    who = found_who[0] if found_who else None
    near, menu_label = labels.nearly(said), menu.exactly(said)
    if menu_label is None:
        menu_label = near if menu is labels else menu.nearly(said)
    return Turn(
        channel=message.channel,
        words=words,
        opt_out=message.opt_out,
        reserved=reserved_word(said, message.channel),
        urgent=_urgent(urgent, message),
        number=parse.number(said),
        yes=parse.yes_or_no(said),
        label=labels.exactly(said),
        near=near,
        menu_label=menu_label,
        place=found,
        places=between,
        mentioned=to_token(named) if named and not several else None,
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


def _place(
    places: Places, message: InboundMessage, said: Words, step: Step | None, session: Session
) -> tuple[str | None, tuple[str, ...]]:
    """The place that the whole message is: a pin, a bare ZIP, and where a place is asked or shown, a town however spelt."""
    if message.pin is not None:
        town = places.nearest_town(message.pin.latitude, message.pin.longitude)
        return (to_token(town) if town else None), ()
    text, words = said.text.strip(), len(said.each)
    if words == 1 and text.isdigit():
        return _tokens(places.by_code(text, country_of(session.place)))
    asked = step is not None and (step.ask == "place" or step.services is not None)
    if not asked or not 0 < words <= LONGEST_PLACE:
        return None, ()
    country, text = country_of(session.place), _without_lead(text, said)
    if session.misses >= STATE_ASKED and (state := places.state(text, country)) != PlaceMatch():
        return _tokens(state)
    return _tokens(places.find(text, country))


def _tokens(match: PlaceMatch) -> tuple[str | None, tuple[str, ...]]:
    return (to_token(match.found) if match.found else None), tuple(to_token(place) for place in match.candidates)


def _without_lead(text: str, said: Words) -> str:
    lead = next((lead for lead in _LEADS if said.bare.startswith(lead)), "")
    return said.bare.removeprefix(lead) if lead else text


def _several(places: Places, said: Words, country: str | None, named: Place | None) -> tuple[str, ...]:
    """The places of one name that end a sentence ("abogado en Springfield"), or of five digits in it ("abogado 01010").

    ``named``: the place that it names for certain.
    """
    for code in zip_codes(said.text):
        if between := places.by_code(code, country).candidates:
            # A country or a town beside them says which: "01010 Guatemala".
            return () if places.find(said.text, country).found else tuple(to_token(place) for place in between)
    if named:
        return ()
    after = max((at + 1 for at, word in enumerate(said.each) if word in _AT), default=len(said.each))
    name = said.each[after:]
    if not 0 < len(name) <= _LONGEST_NAME:
        return ()
    return tuple(to_token(place) for place in places.find(" ".join(name), country).candidates)
