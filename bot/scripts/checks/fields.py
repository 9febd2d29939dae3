"""Numbers and links: never typed, always a field that exists, and there when the sentence needs it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from string import Template

from bot.directory.organizations import PHONE, is_field
from bot.engine.flow import Flow, Group
from bot.engine.walk import NOTICES
from bot.scripts.fact import READ, figure_fields
from bot.scripts.finding import Finding, error, warning
from bot.scripts.inserting import number_field, site_field
from bot.scripts.release import Release
from bot.scripts.texts import Text, texts
from bot.wording.fields import OWN_FIELDS
from bot.wording.fill import check_placeholders, placeholders

UNKNOWN_FIELD = error(
    "unknown field",
    "a sentence with a hole never goes out, and the family misses it",
    "Use an id of directory/hotlines.csv, a figure of facts.yml, $owner, $place, $area_line or $carrier_keeps",
)
UNCERTAIN_FIELD = error(
    "field that may be missing",
    "without it the whole sentence is left out, and here that is the answer",
    "Put its sentence under also",
)
NOT_FOR_EMERGENCIES = error(
    "line that is not for emergencies",
    "somebody in danger calls a line that cannot help at once, or sends it away",
    "Name another line; directory/hotlines.csv says for whom this one is",
)
TYPED_NUMBER = error(
    "typed number",
    "numbers change, and nobody finds them again in sentences: a family would call a stranger",
    "Use a field such as $orr; a new line goes into directory/hotlines.csv",
)
TYPED_LINK = error(
    "typed link",
    "addresses change hands, and a false one takes names and money from families",
    "Use a field of kind site such as $locator; a new site goes into directory/hotlines.csv",
)
TYPED_NAME = warning(
    "typed organization",
    "when it closes or takes another name, the sentence goes on sending families there",
    "Use a field such as $org_..., which the directory keeps true",
)
GONE_ORGANIZATION = warning(
    "organization that is not in the directory",
    "its sentence is left out, and the family misses it",
    "Name another one, or take the sentence out",
)
# Somebody who asks whether agents are near may have them at the door.
RUMOR = "rumor"
HUMAN = "human"
# So many digits in one run are a phone number, an A-number or a card: EOIR-33, I-200, 2026 and "48 horas" are not.
PHONE_DIGITS = 7
_ALWAYS = frozenset({"owner", "carrier_keeps", "example"})
# What the engine fills in by itself where it says a notice.
_OF_NOTICES = frozenset({"place", "topic", "day", "source", "hours", "hotline", "languages"})
# Known wherever a person is offered (bot/wording/desk.py).
_OF_DESK = frozenset({"desk_organization", "desk_hours", "desk_back", "desk_wait"})
_PLACE = frozenset({"place"})
_RUN = re.compile(r"\+?\(?\d(?:[\s().\-/]{0,2}\d)*")
_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d\d?-\d\d?|(?:19|20)\d\d\s?[-/]\s?(?:19|20)\d\d")
_MEASURE = re.compile(
    r"\s*(?:%|horas?|hours?|d[ií]as?|days?|semanas?|weeks?|mes(?:es)?|months?|años?|years?|minutos?|minutes?|km|millas?|miles?)\b",
    re.IGNORECASE,
)
# A number with letters for its end: 1-800-LLAME.
_LETTERED = re.compile(r"\b1?[\s.-]?8(?:00|33|44|55|66|77|88)[\s.-][A-Z]{3,}")
_ENDINGS = "com org net gov gob edu info mil us mx gt hn sv es ly me io app link page site online help".split()
_AROUND = ".,;:!?()[]\"'\u201c\u201d\u00ab\u00bb"
_LINK = re.compile(
    rf"https?:|www\.|[\w.+-]+@[\w-]+\.\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:{'|'.join(_ENDINGS)})\b(?!\.?\w)|\b[\w-]+\.[a-z]{{2,}}/\w",
    re.IGNORECASE,
)


def check_fields(release: Release) -> Iterator[Finding]:
    """The fields, numbers and addresses of every text."""
    always = always_there(release)
    unfit = {name for name, line in release.hotlines.items() if not line.for_emergencies}
    short = {line.text for line in release.hotlines.values() if line.text.isdigit()}
    for text in texts(release):
        for unknown in strange_fields(text.words, release):
            gone = is_field(unknown[1:])
            problem = f"{unknown} is {'no organization of the directory' if gone else 'not a known field'}"
            rule = GONE_ORGANIZATION if gone else UNKNOWN_FIELD
            yield rule.broken(text.file, text.key, problem, language=text.language, said=unknown)
        yield from _uncertain(text, always)
        if text.flow.group is Group.URGENT or text.flow.name == RUMOR:
            for name in sorted(each for each in placeholders(text.words) if each in unfit or _is_phone(each)):
                problem = f"${name} is not for emergencies"
                yield NOT_FOR_EMERGENCIES.broken(text.file, text.key, problem, language=text.language, said=f"${name}")
        words = Template.pattern.sub(" ", unicodedata.normalize("NFKC", text.words))
        for number in typed_numbers(words, short):
            problem = f"{number!r} is typed"
            instead = number_field(release, number)
            yield TYPED_NUMBER.broken(
                text.file, text.key, problem, language=text.language, said=number, instead=instead
            )
        for link in typed_addresses(words):
            problem, instead = f"{link!r} is typed", site_field(release, link)
            yield TYPED_LINK.broken(text.file, text.key, problem, language=text.language, said=link, instead=instead)
        for name, named in release.directory.organizations.in_words(words):
            # Of one that is closed the sentence would only go: that is for a person to see.
            problem, instead = f"{name!r} is typed", f"${named.field()}" if named.services else ""
            yield TYPED_NAME.broken(text.file, text.key, problem, language=text.language, said=name, instead=instead)


def strange_fields(words: str, release: Release) -> tuple[str, ...]:
    """What is no field in a text: unknown names with their dollar, and dollars that are none."""
    wrong = check_placeholders(words, other_fields(release) | frozenset(figure_fields(release.facts)))
    return tuple(each for each in wrong if release.directory.organizations.find(each[1:]) is None)


def other_fields(release: Release) -> frozenset[str]:
    """The names of fields that are no figures, but for those of organizations."""
    return frozenset(release.hotlines) | OWN_FIELDS | {f"{READ}{name}" for name in release.facts}


def _is_phone(name: str) -> bool:
    """Whether it is the number of an organization: nobody there waits for emergencies."""
    return is_field(name) and name.startswith(f"{PHONE}_")


def always_there(release: Release) -> frozenset[str]:
    """The fields that have a value whatever is known and whatever is confirmed."""
    lines = (name for name, line in release.hotlines.items() if line.sendable(False))
    return _ALWAYS | {*lines, *figure_fields(release.facts)}


def _uncertain(text: Text, always: frozenset[str]) -> Iterator[Finding]:
    """A ``say`` is the answer itself: what it names must always be there."""
    flow, step = text.flow, text.step
    if text.sentence is not flow.minimum and (step is None or text.sentence not in step.answers):
        return
    for name in sorted(placeholders(text.words) - always - _known_there(flow)):
        problem = f"${name} is not always there"
        yield UNCERTAIN_FIELD.broken(text.file, text.key, problem, language=text.language, said=f"${name}")


def _known_there(flow: Flow) -> frozenset[str]:
    if flow.name == NOTICES:
        return _OF_NOTICES | _OF_DESK
    if flow.name == HUMAN:
        return _OF_DESK | _PLACE
    return frozenset() if flow.group is Group.URGENT else _PLACE


def typed_numbers(words: str, short: set[str]) -> tuple[str, ...]:
    """What looks like a phone number in a text without fields: long runs of digits, and ``short`` numbers such as 911."""
    found = [match.group() for match in _LETTERED.finditer(words)]
    for match in _RUN.finditer(_DAY.sub(" ", words)):
        run = match.group().strip(" ().-/")
        measured = _MEASURE.match(match.string, match.end())
        named = match.start() and match.string[match.start() - 1] == "-"  # EOIR-33, AR-11, I-9
        digits = sum(char.isdigit() for char in run)
        if digits >= PHONE_DIGITS or (run in short and not measured and not named):
            found.append(run)
    return tuple(found)


def typed_addresses(words: str) -> tuple[str, ...]:
    """The same, each whole as it stands there."""
    return tuple(token.strip(_AROUND) for token in words.split() if typed_links(token))


def typed_links(words: str) -> tuple[str, ...]:
    """Addresses in a text without fields: of sites, with or without https, and of mail."""
    return tuple(match.group() for match in _LINK.finditer(words))
