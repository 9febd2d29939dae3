"""The desk at the terminal: organizations, agreements, templates, interpreters; what is wrong is said in words and changes nothing."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import Engine, select

from bot.escalation.approval import Approval
from bot.escalation.organization import DeskOrganization
from bot.store import audit
from bot.store.desk_organizations import DeskOrganizations
from bot.store.staff_models import AuditRow, DeskAgreement, DeskOrganizationRow, Interpreter, MessageTemplate
from bot.store.template_states import TemplateStates

SID = "HX" + "0a1b" * 8


def run(app: Flask, *arguments: str) -> Result:
    """``flask --app webhook desk ...`` as somebody types it."""
    return app.test_cli_runner().invoke(args=["desk", *arguments])


def done(app: Flask, *arguments: str) -> str:
    result = run(app, *arguments, "--by", "Rosa")
    assert result.exit_code == 0, result.output
    return result.output


def engine_of(app: Flask) -> Engine:
    engine: Engine = app.extensions["puente"]().engine
    return engine


def organizations(app: Flask) -> tuple[DeskOrganization, ...]:
    return DeskOrganizations(engine_of(app), lambda: 0.0).all()


def audited(app: Flask) -> list[tuple[str, str, str]]:
    with engine_of(app).connect() as connection:
        rows = connection.execute(select(AuditRow.actor, AuditRow.action, AuditRow.object).order_by(AuditRow.seq))
        return [tuple(row) for row in rows]


def test_an_organization_is_added_changed_and_listed(app: Flask) -> None:
    done(
        app, "organizations", "add", "casa-azul", "--name", "Casa Azul", "--hours", "Mo-Fr 09:00-17:00", "--languages",
        "es, quc", "--states", "US-IL,GT", "--topics", "car_stop", "--default", "--urgent-a-day", "6",
    )  # fmt: skip
    [made] = organizations(app)
    assert made == DeskOrganization(
        "casa-azul", "Casa Azul", "Mo-Fr 09:00-17:00", "America/Chicago", ("es", "quc"), ("US-IL", "GT"), ("car_stop",),
        is_default=True, urgent_a_day=6,
    )  # fmt: skip
    done(app, "organizations", "change", "casa-azul", "--hours", "24/7", "--topics", "", "--closed", "--debrief", "Luz")
    [changed] = organizations(app)
    assert (changed.hours, changed.topics, changed.active, changed.debrief) == ("24/7", (), False, "Luz")
    assert (changed.name, changed.languages, changed.is_default) == ("Casa Azul", ("es", "quc"), True)
    told = run(app, "organizations", "list").output
    for words in ("casa-azul: Casa Azul, default, closed", "hours: 24/7 (America/Chicago)", "languages: es, quc",
                  "topics: any", "debrief: Luz", "sees besides its own: nobody", "1 organizations."):  # fmt: skip
        assert words in told
    actor = "Rosa (user 0)"
    assert audited(app) == [
        (actor, "organization.add", "casa-azul"),
        (actor, "organization.change", "casa-azul"),
    ]
    assert audit.verify(engine_of(app)).rows == 2


def test_there_is_one_default(app: Flask) -> None:
    for id in ("uno", "dos"):
        done(app, "organizations", "add", id, "--name", id.title(), "--default")
    assert {each.id: each.is_default for each in organizations(app)} == {"uno": False, "dos": True}
    done(app, "organizations", "change", "dos", "--no-default")
    assert not any(each.is_default for each in organizations(app))


WRONG = {
    "hours that are none": (("--hours", "nine to five"), "cannot be read"),
    "hours that overlap": (("--hours", "Mo 09:00-12:00,11:00-14:00"), "Times overlap"),
    "hours that never open": (("--hours", "Mo off"), "It never opens"),
    "a zone that is none": (("--zone", "Chicago"), "is not a time zone"),
    "a state that is none": (("--states", "Illinois"), "write countries or their states, such as US-IL,GT"),
    "a language that is none": (("--languages", "Español"), "codes of languages"),
    "a topic that is none": (("--topics", "weather"), "There is no flow 'weather'"),
    "a name that is too long": (("--name", "x" * 81), "name: 80 letters at most"),
    "no name": (("--name", " "), "The name is missing"),
}


def test_what_is_wrong_is_said_in_words_and_changes_nothing(app: Flask, subtests: pytest.Subtests) -> None:
    for name, (given, why) in WRONG.items():
        with subtests.test(name):
            refused = run(app, "organizations", "add", "casa", "--name", "Casa", "--by", "Rosa", *given)
            assert refused.exit_code == 1 and why in refused.output, refused.output
            assert "Traceback" not in refused.output
            assert organizations(app) == () and audited(app) == []


def test_an_id_that_is_none_is_refused(app: Flask, subtests: pytest.Subtests) -> None:
    for id in ("Casa", "casa azul", "-casa", "casa--azul", "x" * 33, "5005550006", "casa;"):
        with subtests.test(id):
            refused = run(app, "organizations", "add", "--name", "Casa", "--by", "Rosa", "--", id)
            assert refused.exit_code == 1 and "Nothing was changed" in refused.output
            assert organizations(app) == ()


def test_a_second_of_one_id_and_a_change_of_none_are_refused(app: Flask) -> None:
    done(app, "organizations", "add", "casa", "--name", "Casa")
    again = run(app, "organizations", "add", "casa", "--name", "Otra", "--by", "Rosa")
    assert again.exit_code == 1 and "is there already" in again.output
    none = run(app, "organizations", "change", "lejos", "--name", "Otra", "--by", "Rosa")
    assert none.exit_code == 1 and "There is no organization lejos" in none.output
    assert [each.name for each in organizations(app)] == ["Casa"]
    for arguments in (
        ("organizations", "add", "otra", "--name", "Otra"),
        ("organizations", "add", "otra", "--by", "R"),
    ):
        assert run(app, *arguments).exit_code == 2


def test_an_agreement_is_made_and_ended_once(app: Flask) -> None:
    for id in ("casa", "lejos"):
        done(app, "organizations", "add", id, "--name", id.title())
    assert "see the conversations of lejos.\n" in done(app, "agree", "casa", "--sees", "lejos")
    assert "it was so already" in done(app, "agree", "casa", "--sees", "lejos")
    done(app, "agree", "casa", "--pool")
    assert "casa: Casa\n" in (told := run(app, "organizations", "list").output)
    assert "sees besides its own: lejos, the shared pool" in told and "sees besides its own: nobody" in told
    store = DeskOrganizations(engine_of(app), lambda: 0.0)
    assert store.agreements() == {"casa": frozenset({"lejos", ""})}
    done(app, "disagree", "casa", "--sees", "lejos")
    assert "do not see the conversations of lejos; it was so already" in done(
        app, "disagree", "casa", "--sees", "lejos"
    )
    assert store.agreements() == {"casa": frozenset({""})}
    assert [(action, object) for _, action, object in audited(app)[2:]] == [
        ("agreement.add", "casa sees lejos"),
        ("agreement.add", "casa sees the shared pool"),
        ("agreement.end", "casa sees lejos"),
    ]


NOT_AGREED = {
    "with one that is not there": (("casa", "--sees", "nadie"), 1, "There is no organization 'nadie'"),
    "of one that is not there": (("nadie", "--pool"), 1, "There is no organization 'nadie'"),
    "of nobody": (("", "--pool"), 1, "There is no organization ''"),
    "with itself": (("casa", "--sees", "casa"), 1, "sees its own"),
    "with nobody": (("casa",), 2, "either --sees ID or --pool"),
    "with two": (("casa", "--sees", "lejos", "--pool"), 2, "either --sees ID or --pool"),
}


def test_an_agreement_that_cannot_be(app: Flask, subtests: pytest.Subtests) -> None:
    done(app, "organizations", "add", "casa", "--name", "Casa")
    for name, (arguments, code, why) in NOT_AGREED.items():
        with subtests.test(name):
            refused = run(app, "agree", *arguments, "--by", "Rosa")
            assert refused.exit_code == code and why in refused.output
    with engine_of(app).connect() as connection:
        assert connection.execute(select(DeskAgreement)).all() == []


def test_templates_are_added_listed_and_put_off(app: Flask) -> None:
    body = "Hola, {{1}} le contestó. Escriba 1 para leerlo."
    arguments = ("templates", "add", SID, "--name", "we_answer", "--language", "es", "--body", body)
    assert "is there" in done(app, *arguments)
    assert "is changed" in done(app, *arguments)
    assert f"{SID} we_answer (es): {body}" in run(app, "templates", "list").output
    states = TemplateStates(engine_of(app), lambda: 1_764_200_000.0)
    assert "Meta: not known, Twilio has not told" in run(app, "templates", "list").output
    states.heard(SID, Approval.REFUSED, "INVALID_FORMAT")
    states.failed(SID, "503")
    told = "Meta: refused (2025-11-26 23:33 UTC); why: INVALID_FORMAT; when last asked Twilio did not tell: 503"
    assert told in run(app, "templates", "list").output
    done(app, "templates", "off", SID)
    assert f"{SID} we_answer (es), off: {body}" in run(app, "templates", "list").output
    assert "There is no template" in run(app, "templates", "off", "HX1", "--by", "Rosa").output
    wrong = run(app, "templates", "add", "HX1", "--name", "x", "--language", "es", "--body", "y", "--by", "Rosa")
    assert wrong.exit_code == 1 and "sid" in wrong.output
    with engine_of(app).connect() as connection:
        assert connection.execute(select(MessageTemplate.name, MessageTemplate.active)).all() == [("we_answer", False)]


def test_interpreters_are_added_listed_and_asked_no_more(app: Flask) -> None:
    told = done(
        app, "interpreters", "add", "Marta", "--language", "quc", "--variety", "Nahualá", "--contact", "Luz knows",
        "--hours", "Tu 18:00-20:00",
    )  # fmt: skip
    assert "Marta is number 1" in told
    listed = run(app, "interpreters", "list").output
    assert "1: Marta (quc, Nahualá): Luz knows" in listed and "Tu 18:00-20:00" in listed
    assert "for the whole network" in listed
    done(app, "interpreters", "off", "1")
    assert ", off:" in run(app, "interpreters", "list").output
    for arguments, why in (
        (("off", "7"), "There is no interpreter"),
        (("add", "X", "--language", "quc", "--contact", "y", "--hours", "often"), "is no stretch of time"),
        (("add", "X", "--language", "quc", "--contact", "y", "--zone", "Xela"), "is not a time zone"),
        (("add", "X", "--language", "quc", "--contact", "y", "--organization", "nadie"), "no organization nadie"),
    ):
        refused = run(app, "interpreters", *arguments, "--by", "Rosa")
        assert refused.exit_code == 1 and why in refused.output
    with engine_of(app).connect() as connection:
        assert connection.execute(select(Interpreter.name, Interpreter.active)).all() == [("Marta", False)]


def test_a_database_that_is_down_is_said(app: Flask) -> None:
    with engine_of(app).begin() as connection:
        DeskOrganizationRow.__table__.drop(connection)  # type: ignore[attr-defined]
    refused = run(app, "organizations", "list")
    assert refused.exit_code == 1 and "sql is down" in refused.output and "Traceback" not in refused.output
