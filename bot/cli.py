"""``flask --app webhook ...``: what a person does at the terminal."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from bot import content
from bot.cli_backup import backup
from bot.cli_content import content_check, content_report
from bot.cli_demo import demo
from bot.cli_desk import desk
from bot.cli_directory import directory
from bot.cli_directory_due import COMMANDS as DUE_COMMANDS
from bot.cli_documents import content_transcripts, content_walk
from bot.cli_keys import keys
from bot.cli_notices import notices
from bot.cli_pause import pause
from bot.cli_phrases import phrases
from bot.cli_privacy import audits, hold, purge_now
from bot.cli_releases import content_export, content_import, content_releases, published, settled
from bot.cli_report import privacy
from bot.cli_seals import content_reseal
from bot.cli_shared_phones import shared_phones
from bot.cli_sheets import review_sheet
from bot.cli_spend import spend
from bot.cli_twilio import twilio
from bot.cli_users import users
from bot.clock import clock_for
from bot.engine.errors import EngineError
from bot.scripts.approval import words_of
from bot.scripts.catalogs import in_line
from bot.scripts.due import due, table
from bot.scripts.errors import ScriptsError
from bot.scripts.release import Release
from bot.scripts.to_verify import ITEMS, PAGE, page, read_items
from bot.settings import REPOSITORY, Settings
from bot.store.database import engine_for
from bot.store.directory_seed import FILE, settle
from bot.store.errors import StoreError
from bot.store.found_good_file import FoundGoodFile
from bot.store.key_store import make_key_store
from bot.store.keys import load_release_key
from bot.terminal import chat
from bot.wording.catalog import replace_files
from bot.wording.errors import WordingError


def add_commands(group: click.Group) -> None:
    """All commands of ours."""
    for command in (
        content_check,
        content_report,
        content_walk,
        content_transcripts,
        content_export,
        content_import,
        content_releases,
        content_reseal,
    ):
        _content.add_command(command)
    for command in (
        _db,
        _content,
        _token,
        backup,
        phrases,
        notices,
        keys,
        pause,
        privacy,
        purge_now,
        hold,
        audits,
        shared_phones,
        spend,
        chat,
        directory,
        users,
        desk,
        demo,
        twilio,
    ):
        group.add_command(command)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


_db = AppGroup("db", help="The database and the keys.")
_content = AppGroup("content", help="Flows, words and facts.")
_content.add_command(review_sheet)
for _command in DUE_COMMANDS:
    directory.add_command(_command)


@_db.command("upgrade")
def db_upgrade() -> None:
    """Make the keys and the key store, bring the database up to date, fill the directory, check the content. Once before web starts."""
    from bot.store.console_key import console_key
    from bot.store.upgrade import upgrade  # Alembic is loaded by nobody else.

    settings = _settings()
    try:
        upgrade(settings.sql_url, settings.data_dir)
        if make_key_store(settings):
            click.echo("The key store is new and empty; if there was one before, its keys are lost.")
        console_key(settings.data_dir)
        if not settings.production:
            machine_token(settings.data_dir)
        # Last: a file that is broken keeps nothing else from being made.
        for said in filter(None, (_settled(settings), settled())):
            click.echo(said)
        _check_ahead(settings)
    except StoreError as error:
        raise click.ClickException(str(error)) from None


def _check_ahead(settings: Settings) -> None:
    """Checks a new version's content while the old one still answers: what is found good, web takes without another check.

    Broken content is nothing for here: nothing is noted of it, and web says what is wrong when it starts.
    """
    good = FoundGoodFile(settings.data_dir, load_release_key(settings.data_dir))
    with suppress(ScriptsError):
        content.load(REPOSITORY, good)


def _settled(settings: Settings) -> str:
    engine = engine_for(settings.sql_url)
    try:
        return settle(engine, load_release_key(settings.data_dir), REPOSITORY / FILE, clock_for(settings)())
    finally:
        engine.dispose()


def machine_token(data_dir: Path) -> str:
    """The token with which this machine signs in development; made on first use, 0600."""
    path = data_dir / "token"
    if not path.is_file():
        data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
        path.write_text(secrets.token_hex(16), "ascii")
    return path.read_text("ascii").strip()


@click.command("token")
def _token() -> None:
    """Print the token with which to sign requests to this machine (development only)."""
    settings = _settings()
    if settings.production:
        raise click.ClickException("In production the token is TWILIO_AUTH_TOKEN; it is not printed.")
    click.echo(settings.twilio_auth_token[0] if settings.environment == "test" else machine_token(settings.data_dir))


def _release() -> Release:
    try:
        return content.load(REPOSITORY)
    except ScriptsError as error:
        raise click.ClickException(str(error)) from None


@_content.command("merge")
@click.option("--wording-only", is_flag=True, help="The changed English sentences mean what they meant before.")
@click.option("--moved", multiple=True, metavar="OLD=NEW", help="A key, step or flow that has another name now.")
def content_merge(wording_only: bool, moved: tuple[str, ...]) -> None:
    """Bring the catalogs in line with the flows: new sentences appear as drafts, changed ones become stale."""
    ways = {old: new for old, _, new in (way.partition("=") for way in moved)}
    if "" in {*ways, *ways.values()}:
        raise click.UsageError("Write --moved OLD=NEW, as in --moved home_visit.papers=home_visit.warrants")
    try:
        flows = content.load_flows(REPOSITORY / "flows")
        merged = in_line(flows, content.load_catalogs(REPOSITORY), wording_only=wording_only, ways=ways)
    except (ScriptsError, EngineError, WordingError) as error:
        raise click.ClickException(str(error)) from None
    replace_files(content.catalog_files(REPOSITORY, merged))
    for language, report in merged.reports.items():
        click.echo(f"{language}: {len(report.added)} new, {len(report.changed)} changed, {len(report.removed)} gone")
        for entry in report.removed:
            if entry.text:
                click.echo(f"  gone: {entry.key}: {entry.text}")


@_content.command("words")
@click.argument("flow")
def content_words(flow: str) -> None:
    """Print the hash of what an approval of a rights FLOW is bound to: its English, its Spanish, its facts."""
    release = _release()
    if flow not in release.script.flows:
        raise click.ClickException(f"There is no flow {flow!r}.")
    click.echo(words_of(release.script.flows[flow], release.catalogs, release.facts))


@_content.command("due")
@click.option("--days", default=30, show_default=True, help="Facts that run out within so many days.")
def content_due(days: int) -> None:
    """List what has to be verified again: facts that run out, numbers not called for 90 days or ever."""
    release = published()
    today = datetime.fromtimestamp(clock_for(_settings())(), UTC).date()
    found = due(release.facts, release.hotlines, today, days)
    click.echo(table(found, today) if found else f"Nothing is due until {today + timedelta(days=days)}.")


@_content.command("to-verify")
@click.option("--write", is_flag=True, help="Write docs/to-verify.md instead of printing it.")
def content_to_verify(write: bool) -> None:
    """Print everything that nobody has verified, with what to check and whom to ask."""
    release = _release()
    try:
        items = read_items(content.read_yaml(REPOSITORY / ITEMS))
    except ScriptsError as error:
        raise click.ClickException(str(error)) from None
    text = page(release.facts, release.hotlines, release.directory.services, items)
    if write:
        (REPOSITORY / PAGE).write_text(text, "utf-8")
    else:
        click.echo(text, nl=False)
