"""``flask --app webhook demo``: a made-up desk for who wants to see the pages, with logins that are printed. Never in production."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlsplit

import click
from flask import current_app
from flask.cli import with_appcontext
from msgspec import Struct
from sqlalchemy import Engine

from bot.clock import clock_for
from bot.demo import BY, LOGINS, Given, Login, seed
from bot.settings import Settings
from bot.store.console_key import console_key
from bot.store.database import engine_for
from bot.store.desk_organizations import DeskOrganizations
from bot.store.desk_turns import DeskTurns
from bot.store.errors import StoreError
from bot.store.escalations import Escalations
from bot.store.key_store import open_key_store
from bot.store.keys import DayKeys, load_keys
from bot.store.opened_late import OpenedLate
from bot.store.passwords import hashed
from bot.store.people import People
from bot.store.person import Person
from bot.store.redis_client import connect
from bot.store.redis_server import redis_url
from bot.store.second_factors import SecondFactors


class _Stores(Struct, frozen=True):
    """What the made-up desk is written into."""

    settings: Settings
    engine: Engine
    people: People
    factors: SecondFactors
    organizations: DeskOrganizations

    def turns(self, at: float) -> DeskTurns:
        """As turns of the bot would have noted it at that moment, in unix seconds."""

        def clock() -> float:
            return at

        redis, keys = connect(redis_url(self.settings)), OpenedLate(lambda: open_key_store(self.settings))
        day_keys = DayKeys(redis)
        peppers = load_keys(self.settings.data_dir)
        escalations = Escalations(self.engine, redis, peppers, day_keys, keys, clock)
        return DeskTurns(self.engine, keys, escalations, clock)


@click.command("demo")
@with_appcontext
def demo() -> None:
    """Fill the desk with people and conversations of nobody, and print logins. Each time with new passwords."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.production:
        raise click.ClickException(
            "A made-up desk has no place among real families: this is for ENVIRONMENT=development."
        )
    engine, clock = engine_for(settings.sql_url), clock_for(settings)
    try:
        people = People(engine, clock)
        factors = SecondFactors(engine, console_key(settings.data_dir).second_factor, clock)
        stores = _Stores(settings, engine, people, factors, DeskOrganizations(engine, clock))
        seed(stores.organizations, stores.turns, clock)
        given = [_let_in(stores, login) for login in LOGINS]
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()
    click.echo(_printed(settings, given))


def _let_in(stores: _Stores, login: Login) -> Given:
    """Her account, with a password and recovery codes that nobody had before."""
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    found = stores.people.by_email(login.email)
    if found is None:
        stores.people.add(
            BY, email=login.email, name=login.name, password=hashed(password), language=login.language,
            organization=login.organization, roles=frozenset(login.roles),
        )  # fmt: skip
    else:
        stores.people.change_password(found[0].id, hashed(password), BY)
    person = stores.people.by_email(login.email)
    return Given(login, password, _second_step(stores, person[0]) if person else ())


def _second_step(stores: _Stores, person: Person) -> tuple[str, ...]:
    sealed = stores.factors.fresh()
    return stores.factors.set_up(person, sealed, _code_now(stores.factors.link(sealed, person)))


def _code_now(link: str) -> str:
    """The code that an app would show now for this link."""
    from passlib.totp import TOTP

    return str(TOTP(parse_qs(urlsplit(link).query)["secret"][0]).generate().token)


def _printed(settings: Settings, given: list[Given]) -> str:
    lines = [f"A made-up desk: {settings.base_url}/console   (nobody in it is real)"]
    for each in given:
        roles = ", ".join(role.value for role in each.login.roles)
        lines.append(f"    {each.login.email:<20} {each.password}   {roles}")
        lines.append(f"    {'':<20} second step: recovery codes, each works once: {'  '.join(each.codes[:3])}")
    return "\n".join(lines)
