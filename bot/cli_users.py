"""``flask --app webhook users``: who may log in at the console. The first admin is made here; the rest she invites there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup
from msgspec import Struct

from bot.clock import clock_for
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.settings import Settings
from bot.store.console_key import console_key
from bot.store.database import engine_for
from bot.store.errors import StoreError
from bot.store.invitations import Invitations
from bot.store.passwords import LONGEST, SHORTEST, hashed, refused
from bot.store.people import People
from bot.store.person import Person
from bot.store.second_factors import SecondFactors

users = AppGroup("users", help="Who may log in at the console. Everything here stands in the audit.")

ACTOR = "terminal"
TERMINAL = Viewer(0, ACTOR, frozenset({Role.ADMIN}))
"""Whoever has the machine may do what an admin of the whole network may."""


class Accounts(Struct, frozen=True):
    """The stores of accounts."""

    settings: Settings
    people: People
    invitations: Invitations
    second_factors: SecondFactors

    def called(self, email: str) -> Person:
        """The account with that mail address."""
        found = self.people.by_email(email)
        if found is None:
            raise click.ClickException("Nobody with that mail address has an account.")
        return found[0]

    def link(self, word: str) -> str:
        """The address that an invitation is opened with."""
        return f"{self.settings.base_url}/console/invitation/{word}"


@contextmanager
def _accounts() -> Iterator[Accounts]:
    """The stores; every error in words."""
    settings: Settings = current_app.config["SETTINGS"]
    engine, clock = engine_for(settings.sql_url), clock_for(settings)
    try:
        people = People(engine, clock)
        factors = SecondFactors(engine, console_key(settings.data_dir).second_factor, clock)
        yield Accounts(settings, people, Invitations(engine, people, clock), factors)
    except StoreError as error:
        raise click.ClickException(str(error)) from None
    finally:
        engine.dispose()


_language = click.option("--language", type=click.Choice(["es", "en"]), default="es", show_default=True)


@users.command("create-admin")
@click.argument("email")
@click.option("--name", prompt="Her name, as colleagues see it", help="As colleagues see it.")
@_language
@click.option("--link", is_flag=True, help="Print a link with which she chooses her password herself.")
def create_admin(email: str, name: str, language: str, link: bool) -> None:
    """Make an admin of the whole network. The password is asked for, and not shown; --link asks for none."""
    roles = frozenset({Role.ADMIN})
    with _accounts() as accounts:
        if link:
            return click.echo(_told(accounts, accounts.invitations.invite(None, email, name, None, roles)))
        if accounts.people.by_email(email) is not None:
            raise click.ClickException("Somebody with that mail address has an account already.")
        password = _asked(email, name)
        accounts.people.add(
            ACTOR, email=email, name=name, password=hashed(password), language=language, organization=None, roles=roles
        )
    click.echo(f"{name} can log in at {accounts.settings.base_url}/console and then sets up the second step.")


def _asked(email: str, name: str) -> str:
    password = str(click.prompt(f"Password (at least {SHORTEST} signs)", hide_input=True, confirmation_prompt=True))
    why = refused(password, email, name)
    if why is not None:
        said = {
            "short": f"It needs at least {SHORTEST} signs.",
            "long": f"At most {LONGEST} signs.",
            "known": "It holds the name or the mail address, or one sign again and again: take another one.",
            "common": "It is made of words that many people choose: take another one.",
        }
        raise click.ClickException(said[why])
    return password


@users.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="As colleagues see it.")
@click.option("--organization", help="The id of hers; leave it out for the whole network.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
def invite(email: str, name: str, organization: str | None, roles: tuple[str, ...]) -> None:
    """Print a link with which somebody makes her account. It works once, for seven days."""
    wanted = frozenset(Role(role) for role in roles)
    if organization is None and Role.RESPONDER in wanted:
        raise click.UsageError("Who answers families belongs to an organization: say --organization.")
    with _accounts() as accounts:
        click.echo(_told(accounts, accounts.invitations.invite(None, email, name, organization, wanted)))


@users.command("password-link")
@click.argument("email")
def password_link(email: str) -> None:
    """Print a link with which somebody who has an account chooses a new password. Her second step stays."""
    with _accounts() as accounts:
        click.echo(_told(accounts, accounts.invitations.renew_password(None, accounts.called(email).id)))


def _told(accounts: Accounts, word: str) -> str:
    return f"Give her this link by a way that only she reads. It works once, for seven days:\n{accounts.link(word)}"


@users.command("list")
def list_() -> None:
    """Print who has an account, with roles, second step and the day of the last login."""
    with _accounts() as accounts:
        everybody = accounts.people.all(TERMINAL)
    for person in everybody:
        roles = ", ".join(role.value for role in Role if role in person.roles)
        step = "second step" if person.second_factor else "no second step"
        seen = datetime.fromtimestamp(person.last_seen, UTC).date().isoformat() if person.last_seen else "never"
        state = "" if person.active else "  DEACTIVATED"
        click.echo(
            f"{person.email}  {person.name}  {person.organization or 'network'}  {roles}  {step}  last {seen}{state}"
        )
    if not everybody:
        click.echo("Nobody has an account: make the first one with `flask --app webhook users create-admin MAIL`.")


@users.command("deactivate")
@click.argument("email")
def deactivate(email: str) -> None:
    """She cannot log in any more. What she did stays; whom she had taken waits again for anybody."""
    with _accounts() as accounts:
        accounts.people.deactivate(TERMINAL, accounts.called(email).id)
    click.echo("Done. All her logins have ended.")


@users.command("standing")
@click.argument("email")
@click.option("--speaker-of", help="The town whose K'iche' she speaks; '' for none.")
@click.option("--licence", help="Hers as a lawyer (state and number) or DOJ accreditation; '' for none.")
def standing(email: str, speaker_of: str | None, licence: str | None) -> None:
    """Enter her as a speaker of K'iche', or with a licence: then she herself may say of a text that it is right, or approve an answer."""
    if speaker_of is None and licence is None:
        raise click.UsageError("Say --speaker-of or --licence.")
    with _accounts() as accounts:
        person = accounts.called(email)
        kept = [
            given if given is not None else held
            for given, held in ((speaker_of, person.speaker_of), (licence, person.licence))
        ]
        accounts.people.change_standing(TERMINAL, person.id, *kept)
    click.echo(f"{person.name}: speaker of {kept[0] or 'nothing'}, licence {kept[1] or 'none'}.")


@users.command("work")
@click.argument("email")
@click.option("--language", "languages", multiple=True, type=click.Choice([each.value for each in Language]))
@click.option("--state", default="", help="Where she can call organizations, as US-IL.")
def work(email: str, languages: tuple[str, ...], state: str) -> None:
    """Enter which languages she looks after, and in which state she can call organizations."""
    with _accounts() as accounts:
        id = accounts.called(email).id
        accounts.people.change_work(TERMINAL, id, map(Language, languages), state)
    click.echo("Done.")


@users.command("reset-second-factor")
@click.argument("email")
@click.confirmation_option(prompt="Are you sure, by voice or face, that it is she who asks for it?")
def reset_second_factor(email: str) -> None:
    """Phone and recovery codes are lost: she sets up the second step again at her next login."""
    with _accounts() as accounts:
        accounts.second_factors.reset(accounts.called(email).id, ACTOR)
    click.echo("Done. All her logins have ended; with her password she is asked to set up the second step.")
