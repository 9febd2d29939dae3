"""``flask --app webhook demo``: a made-up desk that pages can be tried with, and that no family's service ever gets."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from bot.console.desk import open_desk
from bot.demo import LOGINS, TALKS
from bot.escalation.viewer import Role
from bot.store.passwords import fits


def _printed(app: Flask) -> str:
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code == 0, done.output
    return str(done.output)


def test_everybody_printed_can_log_in_and_reads_what_is_hers(app: Flask) -> None:
    printed = _printed(app)
    desk = open_desk(app.extensions["puente"]())
    for login in LOGINS:
        password = re.search(rf"{re.escape(login.email)}\s+(\S+)", printed)
        person, hash = desk.people.by_email(login.email)
        assert password and fits(password[1], hash)
        viewer = desk.people.viewer_for(person)
        if viewer.has(Role.RESPONDER, Role.COORDINATOR):
            assert desk.inbox.rows(viewer), login.name
    codes = re.findall(r"once: (\S+)", printed)
    ana = desk.people.by_email("ana@example.org")[0]
    assert desk.second_factors.take_recovery(ana, codes[0]) and not desk.second_factors.take_recovery(ana, codes[0])


def test_again_it_brings_new_passwords_and_no_second_desk(app: Flask) -> None:
    before, after = _printed(app), _printed(app)
    assert before != after
    desk = open_desk(app.extensions["puente"]())
    assert len(desk.organizations.all()) == 2
    ana = desk.people.viewer_for(desk.people.by_email("ana@example.org")[0])
    reached = [talk for talk in TALKS if ana.reaches(talk.organization)]
    assert len(desk.inbox.rows(ana)) == len(reached) == len(TALKS) - 1


def test_among_real_families_it_is_refused(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    settings = app.config["SETTINGS"]
    object.__setattr__(settings, "environment", "production")
    done = app.test_cli_runner().invoke(args=["demo"])
    assert done.exit_code != 0 and "no place among real families" in done.output
