"""``flask --app webhook spend``: what the messages of these days cost, for a coordinator."""

from __future__ import annotations

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import with_appcontext

from bot.clock import clock_for
from bot.settings import Settings
from bot.store.errors import StoreError
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.spending import DaySpending, Spent

_DAY = 86_400


@click.command("spend")
@click.option("--days", type=click.IntRange(1, 7), default=1, show_default=True, help="So many days, today included.")
@with_appcontext
def spend(days: int) -> None:
    """What went out today (UTC), its price, the alarms passed, the messages that got no answer.

    Prices are of what we send. Twilio also bills each SMS that comes in, and carriers take fees: see its own console.
    """
    settings: Settings = current_app.config["SETTINGS"]
    clock = clock_for(settings)
    ledger = DaySpending(connect(redis_url(settings)), clock)
    try:
        found = [ledger.day(back) for back in range(days)]
    except StoreError as error:
        raise click.ClickException(f"{error}: what was spent today is counted there.") from None
    for back, spent in enumerate(found):
        click.echo(_told(settings, datetime.fromtimestamp(clock() - back * _DAY, UTC).date().isoformat(), spent))


def _told(settings: Settings, day: str, spent: Spent) -> str:
    cap = settings.daily_segments
    of_cap = f"{spent.segments / cap:.0%} of ${settings.daily_spend_cap:g}" if cap else "no cap is set"
    alarms = ", ".join(f"{percent} %" for percent in spent.alarms) or "none"
    return (
        f"{day} (UTC): {spent.segments} segments, ${spent.segments * settings.sms_price:.2f}, {of_cap}\n"
        f"  alarms passed: {alarms}\n"
        f"  not answered: {spent.silenced} over the limits, {spent.refused} from other countries or no phone\n"
        f"  danger from other countries: {spent.abroad}"
    )
