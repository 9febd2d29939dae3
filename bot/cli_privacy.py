"""``flask --app webhook`` purge, hold and audit: what goes when its time is over, what counsel keeps, and who did what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from bot.clock import clock_for
from bot.settings import Settings
from bot.store import audit
from bot.store.database import engine_for
from bot.store.errors import KeyGone, StoreError
from bot.store.escalations import Escalations
from bot.store.key_store import AT_THE_TERMINAL_MS, open_key_store
from bot.store.keys import DayKeys, load_keys, load_release_key
from bot.store.opened_late import OpenedLate
from bot.store.purge import PurgeUnfinished, Stores, purge
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url


@contextmanager
def _stores() -> Iterator[tuple[Stores, Callable[[], float]]]:
    """Every store of this installation, and the bot's clock; every error in words."""
    settings: Settings = current_app.config["SETTINGS"]
    clock = clock_for(settings)
    try:
        engine, redis = engine_for(settings.sql_url), connect(redis_url(settings))
        keys = OpenedLate(lambda: open_key_store(settings, AT_THE_TERMINAL_MS))
        escalations = Escalations(engine, redis, load_keys(settings.data_dir), DayKeys(redis), keys, clock)
        yield Stores(engine, redis, keys, escalations, load_release_key(settings.data_dir)), clock
    except (StoreError, ValueError) as error:
        raise click.ClickException(str(error)) from None


@click.command("purge")
@with_appcontext
def purge_now() -> None:
    """Let everything go that is over its time, and print what went. The worker does it every 15 minutes."""
    with _stores() as (stores, clock):
        try:
            _print(purge(stores, clock()))
        except PurgeUnfinished as unfinished:
            _print(unfinished.gone)
            parts = "\n".join(f"  {part}: {error}" for part, error in unfinished.failed.items())
            raise click.ClickException(f"not purged, to be tried again:\n{parts}") from None


def _print(gone: Mapping[str, int]) -> None:
    for name, number in gone.items():
        click.echo(f"{number:>7}  {name}")
    click.echo(f"{sum(gone.values()):>7}  went in all.")


hold = AppGroup("hold", help="What counsel asked to keep (legal hold). Every act stands in the audit with your name.")


@hold.command("set")
@click.argument("id")
@click.option("--counsel", required=True, help="Who of counsel asked for it.")
@click.option("--by", required=True, help="Your name.")
def hold_set(id: str, counsel: str, by: str) -> None:
    """Keep the escalation of this ID: neither time nor BORRAR erases it until the hold is released."""
    with _stores() as (stores, _):
        try:
            stores.escalations.hold(id, counsel, by)
        except KeyGone:
            raise click.ClickException(
                "It is held, but its key is gone: an erasing had begun, nobody can read it."
            ) from None
    click.echo(f"{id} is held for {counsel}. `hold release {id}` ends that.")


@hold.command("release")
@click.argument("id")
@click.option("--by", required=True, help="Your name.")
def hold_release(id: str, by: str) -> None:
    """End the hold on the escalation of this ID: what is over its time goes with the next purge."""
    with _stores() as (stores, _):
        stores.escalations.release_hold(id, by)
    click.echo(f"{id} is not held any more.")


@hold.command("list")
def hold_list() -> None:
    """What is held now."""
    with _stores() as (stores, _):
        found = stores.escalations.holds()
    for each in found:
        click.echo(
            f"{each.id}: since {datetime.fromtimestamp(each.since, UTC):%Y-%m-%d}, for {each.counsel}, by {each.by}"
        )
    click.echo(f"{len(found)} escalations are held.")


audits = AppGroup("audit", help="Who of the staff did what.")


@audits.command("verify")
def audit_verify() -> None:
    """Read the whole chain. Exits with 1 at the first row that was changed, added or taken out."""
    with _stores() as (stores, _):
        found = audit.verify(stores.engine)
    click.echo(f"{found.rows} rows hold. Newest: {found.seq}, seal {found.seal}")
    click.echo(
        "Note number and seal where nobody of this server can write: only that shows a chain that was written anew."
    )
