"""What is wrong with one flow, fast enough to be asked at each saving: what ``content check`` says, only about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.engine.flow import Script
from bot.frozen import replace
from bot.message import Channel
from bot.scripts.accepted import NOTHING_LEFT, Accepted, Judged, judged
from bot.scripts.answers import answers_of, speaking
from bot.scripts.checks import ROOM_FOR_LINES
from bot.scripts.checks.alphabet import check_alphabet
from bot.scripts.checks.beside import check_beside
from bot.scripts.checks.costs import check_costs
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
from bot.wording.catalog import Catalog


def judged_flow(
    release: Release, flow: str, intents: frozenset[str], kiche: frozenset[str], accepted: Sequence[Accepted]
) -> Judged:
    """The findings about this flow, after judgement; those that keep it from going out are its ``errors``.

    Where nothing leads any more is told of any flow: a change here may be the cause.
    """
    found = sorted(findings_of(release, flow, intents, kiche), key=_order)
    every = judged(found, accepted)
    # Of what is accepted elsewhere nothing is found here.
    return replace(every, open=tuple(each for each in every.open if each.rule is not NOTHING_LEFT))


def findings_of(release: Release, flow: str, intents: frozenset[str], kiche: frozenset[str]) -> Iterator[Finding]:
    """The findings about this flow, and about where ways lead."""
    yield from check_needs(release, intents)
    yield from check_paths(release)
    yield from (each for each in check_facts(release) if each.where == flow)
    if flow in release.script.flows:
        yield from of_words(_only(release, flow), kiche)
        yield from _of_answers(release, flow)


def _only(release: Release, flow: str) -> Release:
    """The release as if it held nothing but this flow."""
    mine = f"{flow}."
    catalogs = {
        language: Catalog.of((entry for key, entry in catalog.entries.items() if key.startswith(mine)), language)
        for language, catalog in release.catalogs.items()
    }
    none = replace(release.directory, services=())
    script = Script.of({flow: release.script.flows[flow]})
    return replace(release, script=script, catalogs=catalogs, directory=none)


def of_words(release: Release, kiche: frozenset[str]) -> Iterator[Finding]:
    """What is wrong with the words of the flows of a release, whatever stands around them."""
    yield from check_translations(release)
    yield from check_beside(release)
    yield from check_fields(release)
    yield from check_figures(release)
    yield from check_links(release)
    yield from check_governments(release)
    yield from check_menus(release)
    yield from check_wording(release)
    yield from (each for each in check_alphabet(release) if not each.file.startswith("directory/"))
    yield from check_kiche(release, kiche)


def _of_answers(release: Release, flow: str) -> Iterator[Finding]:
    """What the answers cost that this flow is part of, and what a locked phone shows of them."""
    mine = [passage for passage in speaking(release) if any(each.name == flow for each, _ in passage.said)]
    by_sms = list(answers_of(mine, release, Channel.SMS))
    near = {
        each.passage for each in by_sms if each.flow.sensitive or len(each.text) > LONGEST_ON_WHATSAPP - ROOM_FOR_LINES
    }
    said = [*by_sms, *answers_of(near, release, Channel.WHATSAPP)]
    yield from check_costs(said)
    only = replace(release, script=Script.of({flow: release.script.flows[flow]}))
    yield from (each for each in check_lock_screen(only, said) if each.where == flow)


def _order(finding: Finding) -> tuple[bool, str, str, str, str]:
    worst = finding.severity is not Severity.ERROR
    return (worst, finding.file, finding.where, str(finding.language or ""), finding.problem)
