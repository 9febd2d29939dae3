"""``flask --app webhook keys``: what the key store holds, the rotation of the master key, and the drill. Never a key."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup

from bot.clock import clock_for
from bot.settings import Settings
from bot.store.errors import StoreError
from bot.store.key_drill import drill
from bot.store.key_store import AT_THE_TERMINAL_MS, KeyStore, open_key_store
from bot.store.master_key import MasterKeys, load_master_keys

keys = AppGroup("keys", help="The key store and its master key (docs/keys.md).")


@contextmanager
def _opened() -> Iterator[tuple[KeyStore, MasterKeys]]:
    """The key store and the master keys; every error in words."""
    settings: Settings = current_app.config["SETTINGS"]
    try:
        store = open_key_store(settings, AT_THE_TERMINAL_MS)
        try:
            yield store, load_master_keys(settings)
        finally:
            store.close()
    except StoreError as error:
        raise click.ClickException(str(error)) from None


@keys.command("status")
def status() -> None:
    """How many keys there are, and under which version of the master key."""
    settings: Settings = current_app.config["SETTINGS"]
    with _opened() as (store, masters):
        counts = store.counts()
    click.echo(f"Master key file: {settings.master_key_path}")
    for version in masters.versions:
        number = counts.get(version.name, 0)
        now = (
            "current" if version == masters.current else "former" if number else "former, not needed: take its line out"
        )
        click.echo(f"  {version.name} ({now}): {number} keys")
    click.echo(f"{sum(counts.values())} keys in all.")


@keys.command("rotate")
def rotate() -> None:
    """Wrap every key anew under the first line of the master key file. May be cut off and run again."""
    with _opened() as (store, masters):
        done = store.rewrap()
    click.echo(f"{done} keys were wrapped anew; all are under {masters.current.name} now.")
    if len(masters.versions) > 1:
        click.echo("Look at `keys status`, take the former line out of the file, and start web and worker again.")
    elif not done:
        click.echo("To rotate, put a new line first into the master key file; docs/keys.md has the steps.")


@keys.command("drill")
def run_drill() -> None:
    """Make a key, use it, destroy it, and prove that nothing opens what it sealed. Exits with 1 when something does."""
    settings: Settings = current_app.config["SETTINGS"]
    began = datetime.fromtimestamp(clock_for(settings)(), UTC)
    try:
        findings = drill(settings)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Drill of the key store, {began:%Y-%m-%d %H:%M} UTC")
    for finding in findings:
        click.echo(f"  {'yes' if finding.holds else 'NO '}  {finding.words}")
    failed = sum(not finding.holds for finding in findings)
    click.echo(
        "Everything went as it must." if not failed else f"{failed} steps FAILED: tell whoever looks after the server."
    )
    click.echo("Done by: ____________________   Seen by: ____________________")
    sys.exit(1 if failed else 0)
