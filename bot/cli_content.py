"""``flask --app webhook content check`` and ``content report``: what is wrong with the content, and what it costs."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from bot import content
from bot.content import Checked
from bot.scripts.errors import ScriptsError
from bot.scripts.finding import Finding, Severity
from bot.scripts.progress import approvals, progress
from bot.scripts.report import FILE, report
from bot.settings import REPOSITORY, Settings


@click.command("check")
@click.option("--accepted", is_flag=True, help="Show also what flows/accepted.yml accepts, and why.")
def content_check(accepted: bool) -> None:
    """Check flows, words, facts and directory; exits with 1 when something keeps them from going out."""
    checked = _read()
    for line in (*_grouped(checked.judged.open), *(_accepted(checked) if accepted else ()), *_summary(checked)):
        click.echo(line)
    sys.exit(1 if checked.judged.errors else 0)


@click.command("report")
@click.option("--write", is_flag=True, help=f"Write it to {FILE}.")
def content_report(write: bool) -> None:
    """Segments, prices and reading levels of every answer, as Markdown."""
    # The price of this page is the default's, so that it does not change from one machine to another.
    page = report(_read().release, Settings().sms_price)
    if not write:
        click.echo(page, nl=False)
        return
    (REPOSITORY / FILE).write_text(page, "utf-8")
    click.echo(f"{FILE} is written.")


def _read() -> Checked:
    try:
        return content.check(REPOSITORY)
    except ScriptsError as error:
        raise click.ClickException(str(error)) from None


def _grouped(findings: Sequence[Finding]) -> Iterator[str]:
    """The findings of each file together; files with errors first."""
    broken = {finding.file for finding in findings if finding.severity is Severity.ERROR}
    ordered = sorted(findings, key=lambda each: (each.file not in broken, each.file, each.severity is Severity.WARNING))
    for file, some in groupby(ordered, key=lambda finding: finding.file):
        yield file
        for finding in some:
            yield f"  {finding.severity.upper()} {finding.place}: {finding.problem} [{finding.rule.name}]"
            yield f"    {finding.rule.why}"
            yield f"    -> {finding.mend}"
        yield ""


def _accepted(checked: Checked) -> Iterator[str]:
    """What stays, under the reason why."""
    for line in dict.fromkeys(line for _, line in checked.judged.accepted):
        yield f"accepted [{line.rule}]: {line.reason}"
        yield from (f"  {finding.place}: {finding.problem}" for finding, by in checked.judged.accepted if by is line)
        yield ""


def _summary(checked: Checked) -> Iterator[str]:
    release, judged = checked.release, checked.judged
    for each in progress(release):
        counts = f"{each.drafts} drafts, {each.reviewed} reviewed, {each.stale} stale, {each.missing} missing"
        yield f"{each.language}: {counts}"
    approved, rights = approvals(release)
    yield f"approved by a lawyer: {approved} of {rights} rights flows"
    yield f"release {release.number}: {len(release.script.flows)} flows, {len(release.facts)} facts"
    errors, still = len(judged.errors), len(judged.open)
    yield f"{errors} errors, {still - errors} warnings, {len(judged.accepted)} accepted: {still} to mend"
