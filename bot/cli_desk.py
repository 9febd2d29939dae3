"""``flask --app webhook desk``: the organizations that answer at the desk, who sees whose conversations, templates, interpreters.

An admin does the same in the console; here it can be begun before anybody has an account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from msgspec import Struct

from bot import content
from bot.clock import clock_for
from bot.directory.errors import ScheduleError
from bot.directory.hours import parse_schedule, parse_zone
from bot.escalation.approval import TemplateState
from bot.escalation.errors import DeskError, OrganizationWrong
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import SHARED_POOL, Role, Viewer
from bot.frozen import replace
from bot.settings import REPOSITORY, Settings
from bot.store.database import engine_for
from bot.store.desk_organizations import DeskOrganizations
from bot.store.errors import StoreError
from bot.store.interpreters import Interpreter, Interpreters
from bot.store.message_templates import MessageTemplate, MessageTemplates
from bot.store.template_states import TemplateStates

desk = AppGroup("desk", help="The desk where people answer. Every change stands in the audit with your name.")
organizations = AppGroup("organizations", help="The organizations that answer at the desk.")
templates = AppGroup("templates", help="WhatsApp templates that Meta has approved: all that may go out after 24 hours.")
interpreters = AppGroup("interpreters", help="Who interprets for the desk, and when.")
for _group in (organizations, templates, interpreters):
    desk.add_command(_group)

by_option = click.option("--by", required=True, help="Your name, for the audit.")
_EXAMPLE = "such as 'Mo-Fr 09:00-17:00; Sa 10:00-14:00', or 24/7"
Command = Callable[..., None]


class Stores(Struct, frozen=True):
    """The stores of the desk's own things."""

    organizations: DeskOrganizations
    templates: MessageTemplates
    template_states: TemplateStates
    interpreters: Interpreters


@contextmanager
def _stores() -> Iterator[Stores]:
    """The stores; every error in words."""
    settings: Settings = current_app.config["SETTINGS"]
    engine, clock = engine_for(settings.sql_url), clock_for(settings)
    try:
        yield Stores(
            DeskOrganizations(engine, clock),
            MessageTemplates(engine, clock),
            TemplateStates(engine, clock),
            Interpreters(engine, clock),
        )
    except OrganizationWrong as wrong:
        raise click.ClickException("Nothing was changed.\n" + "\n".join(wrong.problems)) from None
    except (DeskError, StoreError, ValueError) as error:
        raise click.ClickException(f"Nothing was changed: {error}.") from None
    finally:
        engine.dispose()


def _terminal(by: str) -> Viewer:
    """Whoever has the machine may do what an admin of the whole network may, under her name."""
    return Viewer(0, by, frozenset({Role.ADMIN}))


def _about(command: Command) -> Command:
    """The options that say what an organization is."""
    for option in reversed((
        click.option("--name", help="As families read it; of one with more than 38 letters only a part, best in brackets: (CRLN)."),
        click.option("--hours", help=f"When somebody answers, {_EXAMPLE}. Empty: nobody is promised an hour."),
        click.option("--zone", help="Its time zone, such as America/Chicago."),
        click.option("--languages", help="What its people speak, such as es,quc."),
        click.option("--states", help="For whom it is there, such as US-IL,GT. Empty: for everybody."),
        click.option("--topics", help="Names of flows, such as car_stop,food. Empty: all."),
        click.option("--default/--no-default", "is_default", default=None, help="It gets whom no other one names."),
        click.option("--debrief", help="Whom the team calls after a hard conversation."),
        click.option("--urgent-a-day", type=click.IntRange(0), help="After so many urgent ones a day: stop. 0: no line."),
        by_option,
    )):  # fmt: skip
        command = option(command)
    return command


@organizations.command("add")
@click.argument("id")
@_about
def add(id: str, by: str, **given: Any) -> None:
    """Add an organization under this ID: small letters, digits, hyphens."""
    if not given["name"]:
        raise click.UsageError("--name is wanted: families read it.")
    with _stores() as stores:
        if stores.organizations.one(id) is not None:
            raise click.ClickException(f"{id} is there already: `desk organizations change {id}` changes it.")
        stores.organizations.save(_terminal(by).actor, _made(DeskOrganization(id, given["name"]), given))
    click.echo(f"{id} is there. It answers as soon as somebody of it may: `users`, or an invitation in the console.")


@organizations.command("change")
@click.argument("id")
@click.option("--active/--closed", "active", default=None, help="Whether it gets conversations.")
@_about
def change(id: str, by: str, **given: Any) -> None:
    """Change the organization of this ID. What you do not name stays."""
    with _stores() as stores:
        found = stores.organizations.one(id)
        if found is None:
            raise click.ClickException(f"There is no organization {id}. See `desk organizations list`.")
        stores.organizations.save(_terminal(by).actor, _made(found, given))
    click.echo(f"{id} is changed.")


@organizations.command("list")
def listed() -> None:
    """The organizations, and who of them sees whose conversations."""
    with _stores() as stores:
        found, agreements = stores.organizations.all(), stores.organizations.agreements()
    for each in found:
        click.echo(f"{each.id}: {each.name}{', default' if each.is_default else ''}{'' if each.active else ', closed'}")
        click.echo(f"  hours: {each.hours or 'not known'} ({each.zone})")
        for name in ("languages", "states", "topics"):
            click.echo(f"  {name}: {', '.join(getattr(each, name)) or 'any'}")
        for name in ("debrief", "urgent_a_day"):
            if value := getattr(each, name):
                click.echo(f"  {name.replace('_', ' ')}: {value}")
        sees = sorted(other or "the shared pool" for other in agreements.get(each.id, ()))
        click.echo(f"  sees besides its own: {', '.join(sees) or 'nobody'}")
    click.echo(f"{len(found)} organizations.")


def _made(before: DeskOrganization, given: dict[str, Any]) -> DeskOrganization:
    """The organization with what was given."""
    values = {name: value for name, value in given.items() if value is not None}
    for name in ("languages", "states", "topics"):
        if name in values:
            values[name] = tuple(each.strip() for each in values[name].split(",") if each.strip())
    flows = content.load(REPOSITORY).script.flows if values.get("topics") else {}
    if strange := [topic for topic in values.get("topics", ()) if topic not in flows]:
        raise click.ClickException(f"There is no flow {strange[0]!r}. The names are those of the files in flows/.")
    return replace(before, **values)


def _of_two(command: Command) -> Command:
    """The options that name an agreement."""
    for option in (by_option, click.option("--pool", is_flag=True, help="The conversations that belong to nobody."),
                   click.option("--sees", default=None, metavar="ID", help="The organization whose conversations they are.")):  # fmt: skip
        command = option(command)
    return command


@desk.command("agree")
@click.argument("id")
@_of_two
def agree(id: str, sees: str | None, pool: bool, by: str) -> None:
    """People of organization ID may see the conversations of another one, or of nobody (--pool). Both have to want it."""
    _agreed(id, sees, pool, by, yes=True)


@desk.command("disagree")
@click.argument("id")
@_of_two
def disagree(id: str, sees: str | None, pool: bool, by: str) -> None:
    """End such an agreement: from now on they see them no more."""
    _agreed(id, sees, pool, by, yes=False)


def _agreed(id: str, sees: str | None, pool: bool, by: str, yes: bool) -> None:
    if (sees is None) != pool:
        raise click.UsageError("Write either --sees ID or --pool.")
    with _stores() as stores:
        done = stores.organizations.agree(_terminal(by).actor, id, SHARED_POOL if pool else str(sees), yes)
    whose = "that belong to nobody" if pool else f"of {sees}"
    how = "see" if yes else "do not see"
    click.echo(f"People of {id} {how} the conversations {whose}{'' if done else '; it was so already'}.")


@templates.command("add")
@click.argument("sid")
@click.option("--name", required=True, help="Its name at Twilio, such as we_answer_you.")
@click.option("--language", required=True, help="The code of its language.")
@click.option(
    "--body", required=True, help="Its words, with {{1}} where a value goes in, exactly as Meta approved them."
)
@by_option
def templates_add(sid: str, name: str, language: str, body: str, by: str) -> None:
    """Add, or change, the template of this SID (HX... at Twilio)."""
    with _stores() as stores:
        new = stores.templates.save(_terminal(by), MessageTemplate(sid, name, language, body))
    click.echo(f"{name} is {'there' if new else 'changed'}.")


@templates.command("list")
def templates_list() -> None:
    """The templates, and how far each is with Meta as the worker last heard of Twilio."""
    with _stores() as stores:
        found, states = stores.templates.all(), stores.template_states.all()
    for each in found:
        click.echo(f"{each.sid} {each.name} ({each.language}){'' if each.active else ', off'}: {each.body}")
        click.echo(f"  {_approval(states.get(each.sid, TemplateState()))}")
    click.echo(f"{len(found)} templates.")


def _approval(state: TemplateState) -> str:
    heard = "" if state.heard is None else f" ({datetime.fromtimestamp(state.heard, UTC):%Y-%m-%d %H:%M} UTC)"
    said = f"Meta: {state.approval}{heard}" if state.approval else "Meta: not known, Twilio has not told"
    said += f"; why: {state.reason}" if state.reason else ""
    return f"{said}; when last asked Twilio did not tell: {state.trouble}" if state.trouble else said


@templates.command("off")
@click.argument("sid")
@by_option
def templates_off(sid: str, by: str) -> None:
    """Use the template of this SID no more; `templates add` brings it back."""
    with _stores() as stores:
        found = next((each for each in stores.templates.all() if each.sid == sid), None)
        if found is None:
            raise click.ClickException("There is no template of that SID. See `desk templates list`.")
        stores.templates.save(_terminal(by), replace(found, active=False))
    click.echo(f"{found.name} is off.")


@interpreters.command("add")
@click.argument("name")
@click.option("--language", required=True, help="The code of the language, such as quc or mam.")
@click.option("--variety", default="", help="The town whose way of speaking it is.")
@click.option("--organization", default=None, help="For whom; without it for the whole network.")
@click.option("--contact", required=True, help="How the team reaches her.")
@click.option("--hours", default="", help=f"When she can be called, {_EXAMPLE}. Empty: nobody is promised a day.")
@click.option("--zone", default="America/Chicago", show_default=True, help="The time zone of the hours.")
@by_option
def interpreters_add(name: str, organization: str | None, hours: str, zone: str, by: str, **given: Any) -> None:
    """Add somebody who interprets, by NAME."""
    with _stores() as stores:
        if organization is not None and stores.organizations.one(organization) is None:
            raise click.ClickException(f"There is no organization {organization}. See `desk organizations list`.")
        try:
            parse_schedule(hours, zone)
            parse_zone(zone)
        except ScheduleError as error:
            raise click.ClickException(f"Nothing was changed.\n{error}") from None
        made = Interpreter(0, name, organization=organization, hours=hours, zone=zone, **given)
        number = stores.interpreters.save(_terminal(by), made)
    click.echo(f"{name} is number {number}.")


@interpreters.command("list")
def interpreters_list() -> None:
    """Who interprets."""
    with _stores() as stores:
        found = stores.interpreters.all(_terminal("list"))
    for each in found:
        of = f"{each.language}, {each.variety}" if each.variety else each.language
        click.echo(f"{each.id}: {each.name} ({of}){'' if each.active else ', off'}: {each.contact}")
        click.echo(f"  for {each.organization or 'the whole network'}; {each.hours or 'hours not known'} ({each.zone})")
    click.echo(f"{len(found)} interpreters.")


@interpreters.command("off")
@click.argument("number", type=int)
@by_option
def interpreters_off(number: int, by: str) -> None:
    """Ask the interpreter of this NUMBER no more."""
    with _stores() as stores:
        found = next((each for each in stores.interpreters.all(_terminal(by)) if each.id == number), None)
        if found is None:
            raise click.ClickException("There is no interpreter of that number. See `desk interpreters list`.")
        stores.interpreters.save(_terminal(by), replace(found, active=False))
    click.echo(f"{found.name} is not asked any more.")
