"""What must hold before content goes out. One module for each theme; each rule has a name, its why and its mend. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.message import Channel
from bot.scripts.answers import answers
from bot.scripts.checks.alphabet import check_alphabet
from bot.scripts.checks.beside import check_beside
from bot.scripts.checks.costs import check_costs, check_pause
from bot.scripts.checks.facts import check_facts
from bot.scripts.checks.fields import check_fields
from bot.scripts.checks.figures import check_figures
from bot.scripts.checks.governments import check_governments
from bot.scripts.checks.kiche import check_kiche
from bot.scripts.checks.links import check_links
from bot.scripts.checks.lock_screen import check_lock_screen
from bot.scripts.checks.menus import check_menus
from bot.scripts.checks.needs import check_needs
from bot.scripts.checks.paths import check_paths
from bot.scripts.checks.translations import check_translations
from bot.scripts.checks.wording import check_wording
from bot.scripts.finding import Finding, Severity
from bot.scripts.lengths import LONGEST_ON_WHATSAPP
from bot.scripts.release import Release

# What an answer has more on WhatsApp: a person, back, and how to send it on.
ROOM_FOR_LINES = 200


def findings(release: Release, intents: frozenset[str], kiche: frozenset[str]) -> tuple[Finding, ...]:
    """Everything that is wrong, errors first, by file. ``kiche``: the words that a draft may be made of."""
    return tuple(sorted(_found(release, intents, kiche), key=_order))


def _found(release: Release, intents: frozenset[str], kiche: frozenset[str]) -> Iterator[Finding]:
    yield from check_needs(release, intents)
    yield from check_paths(release)
    yield from check_translations(release)
    yield from check_beside(release)
    yield from check_fields(release)
    yield from check_figures(release)
    yield from check_links(release)
    yield from check_governments(release)
    yield from check_menus(release)
    yield from check_wording(release)
    yield from check_alphabet(release)
    yield from check_facts(release)
    yield from check_kiche(release, kiche)
    by_sms = list(answers(release, Channel.SMS))
    # WhatsApp carries the same words, and the lines for which an SMS has no room.
    near = {
        each.passage for each in by_sms if each.flow.sensitive or len(each.text) > LONGEST_ON_WHATSAPP - ROOM_FOR_LINES
    }
    said = [*by_sms, *answers(release, Channel.WHATSAPP, near)]
    yield from check_costs(said)
    yield from check_pause(release)
    yield from check_lock_screen(release, said)


def _order(finding: Finding) -> tuple[bool, str, str, str, str]:
    return (
        finding.severity is not Severity.ERROR,
        finding.file,
        finding.where,
        str(finding.language or ""),
        finding.problem,
    )
