"""``flask --app webhook twilio setup``: what stands at Twilio, what should, and the texts for what only a person can enter."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from bot.channels.setup.asking import Asking
from bot.channels.setup.checks import Report, look_around
from bot.channels.setup.findings import Finding, State
from bot.channels.setup.problems import words_of
from bot.channels.setup.texts import texts_to_paste
from bot.cli_releases import published
from bot.clock import clock_for
from bot.settings import DEVELOPMENT_ACCOUNT, Settings

NOT_SET = """This machine is set to no account of Twilio: nothing was asked.
Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN: both stand on the first page of Twilio's console (docs/twilio.md, step 1)."""
_WIDTH = 15


@click.command("setup")
@click.option("--apply", is_flag=True, help="Set what can be set, after asking at each change.")
@click.option("--yes", is_flag=True, help="With --apply: do not ask.")
@click.option(
    "--fallback", default="", metavar="URL", help="The address of the TwiML Bin that answers when all of ours is down."
)
@click.option(
    "--texts",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="Write the texts to paste at Twilio into this file, - for the terminal, and do nothing else.",
)
@with_appcontext
def setup(apply: bool, yes: bool, fallback: str, texts: Path | None) -> None:
    """Compare what stands at Twilio with what Puente needs. Without --apply nothing is changed.

    Ends with 0 when all is right, 1 when something is to be mended or could not be checked, 2 when Twilio takes no token of ours or
    cannot be reached.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if texts is not None:
        _write(texts, texts_to_paste(published(), settings, clock_for(settings)()))
        return
    if yes and not apply:
        raise click.UsageError("--yes goes together with --apply.")
    if fallback and not fallback.startswith("https://"):
        raise click.UsageError("--fallback is an https address, as Twilio shows it at the TwiML Bin.")
    if not _is_set(settings):
        click.echo(NOT_SET, err=True)
        sys.exit(2)
    ask = partial(Asking, settings)
    report = look_around(settings, ask, fallback)
    _show(report.findings)
    if apply and report.changes:
        _apply(report, yes=yes)
        click.echo("\nLooked again:\n")
        report = look_around(settings, ask, fallback)
        _show(each for each in report.findings if each.state is not State.LOOK)
    _end(report, applied=apply)
    sys.exit(report.exit_code)


def _is_set(settings: Settings) -> bool:
    """Whether there is an account to ask. The one of development is nobody's, but tests have it behind TWILIO_API_BASE."""
    real = settings.twilio_account_sid and settings.twilio_account_sid != DEVELOPMENT_ACCOUNT
    return bool(settings.twilio_auth_token and (real or settings.twilio_api_base))


def _show(findings: Iterable[Finding]) -> None:
    for finding in findings:
        click.echo("\n".join(_lines(finding)))


def _lines(finding: Finding) -> list[str]:
    lines = [f"{finding.state.value:<{_WIDTH}}{finding.about}: {finding.now}"]
    if finding.change:
        lines.append(f"--apply sets: {finding.change.after}")
    if finding.hint:
        lines.append(f"-> {finding.hint}")
    return [lines[0], *(f"{'':<{_WIDTH}}{line}" for line in lines[1:])]


def _apply(report: Report, *, yes: bool) -> None:
    """Makes the changes one by one. What fails keeps no other from being made; what became of it, the second look tells."""
    made = 0
    for number, (finding, change) in enumerate(report.changes, 1):
        click.echo(f"\nChange {number} of {len(report.changes)}. {finding.about}: {finding.now}")
        click.echo(f"  before: {change.before}\n  after:  {change.after}")
        if not yes and not click.confirm("  Change this?"):
            click.echo("  left as it is")
            continue
        problem = report.twilio.apply(change)
        if problem is None:
            made += 1
            click.echo("  done")
            continue
        said, hint = words_of(problem)
        not_known = "; whether it was changed is not known" if problem.unreachable else ""
        click.echo(f"  NOT DONE: {said}{not_known}\n  -> {hint}")
    click.echo(f"\n{made} of {len(report.changes)} changes made.")


def _end(report: Report, *, applied: bool) -> None:
    if report.locked_out:
        click.echo("\nTwilio could not be asked: mend the above first.")
        return
    mend, unasked = report.count(State.MEND), report.count(State.UNASKED)
    click.echo(f"\n{mend} to mend" + (f", {unasked} not checked" if unasked else "") + ".")
    if report.changes and not applied:
        click.echo(f"{len(report.changes)} of them --apply can set. Nothing was changed.")
    click.echo("docs/twilio.md explains each line.")


def _write(file: Path, text: str) -> None:
    if str(file) == "-":
        click.echo(text, nl=False)
    else:
        write(file, text.encode("utf-8"))
        click.echo(f"Written to {file}. What stands in [...] only you know.")


def write(file: Path, data: bytes) -> None:
    """Into a file that somebody named; ``ClickException`` where it cannot be, as for a service's user in a folder of root's."""
    try:
        file.write_bytes(data)
    except OSError as error:
        problem = f"{file.absolute()} cannot be written: {error.strerror}."
        raise click.ClickException(
            f"{problem} Name a file where Puente's user may write, as /tmp/{file.name}."
        ) from None
