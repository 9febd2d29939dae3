"""/console/tasks: the next twenty minutes of a volunteer: at most five things, each on one screen of a phone, and what came of them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.tasks_acts import ACTS, AT_ONCE
from bot.console.tasks_came import came_of
from bot.console.tasks_found import found, worker
from bot.console.tasks_shown import SHOWN, WHAT
from bot.console.words import words
from bot.scripts.tasks import ENOUGH, Kind, Task, chosen, minutes
from bot.store.tasks import DOES, TakenByOther

_COMMON = ("take", "skip", "unsure")


@console.get("/tasks")
@allow(*DOES)
def tasks() -> AnyResponse:
    """The tasks, and what came of those that she did today."""
    who, held = worker(), desk().tasks.held(viewer())
    every = found(who)
    mine = chosen((each.open for each in every.values()), who, held)
    did = desk().tasks.did(viewer(), _midnight())
    more = request.args.get("more") == "1"
    page = render_template(
        "tasks.html",
        tasks=[every[each.task] for each in mine],
        minutes=minutes(mine),
        held=held.mine,
        did=len(did),
        came=came_of(did),
        enough=len(did) >= ENOUGH and not more,
        works_in=sorted(who.works_in, key=list(who.works_in).index),
        what=WHAT,
    )
    return make_response(page)


@console.get("/tasks/<kind>/<subject>")
@allow(*DOES)
def one_task(kind: str, subject: str) -> AnyResponse:
    """One of them, with everything that it needs."""
    return task_page(_task(kind, subject))


@console.post("/tasks/<kind>/<subject>")
@allow(*DOES)
def do_task(kind: str, subject: str) -> AnyResponse:
    """Takes it, puts it off, is not sure, or does it."""
    task, act = _task(kind, subject), request.form.get("act", "")
    if act not in (*_COMMON, *ACTS[task.kind]):
        abort(400)
    if SHOWN[task.kind](task.subject) is None and not _decided(task, act):
        return _over()
    if act == "skip":
        desk().tasks.skip(viewer(), task)
        flash(words("tasks.skipped", "Left for others. You see it again in a week at the earliest."))
        return _home()
    if act == "unsure":
        desk().tasks.unsure(viewer(), task, request.form.get("doubt", ""))
        flash(words("tasks.unsure-noted", "Thank you for saying so. It goes to somebody else, with your note."))
        return _home()
    try:
        if (task.kind, act) not in AT_ONCE and not _for_another(task):
            desk().tasks.take(viewer(), task)
    except TakenByOther as other:
        flash(words("tasks.taken", "%(name)s has taken this one this week. Here are others.", name=other.name), "error")
        return _home()
    if act == "take":
        return redirect(url_for("console.one_task", kind=kind, subject=subject), 303)
    wrong = ACTS[task.kind][act](task.subject, request.form)
    if wrong is not None:
        return task_page(task, wrong, 422)
    desk().tasks.done(viewer(), task)
    return _home()


def task_page(task: Task, errors: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    """The screen of a task. Where it is over meanwhile, the way back."""
    shown = SHOWN[task.kind](task.subject)
    if shown is None:
        return _over()
    page = render_template(
        f"task_{task.kind}.html",
        task=task,
        **shown,
        doubts=desk().tasks.doubts(viewer(), task),
        errors=errors or {},
        typed=request.form.get("note", ""),
        here=url_for("console.do_task", kind=task.kind.value, subject=task.subject),
        what=WHAT,
    )
    return make_response(page, status)


def _midnight() -> float:
    now = datetime.fromtimestamp(desk().clock(), UTC).astimezone(ZoneInfo(desk().settings.team_timezone))
    return now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def _task(kind: str, subject: str) -> Task:
    if kind not in Kind or len(subject) > 200:
        abort(404)
    return Task(Kind(kind), subject)


def _for_another(task: Task) -> bool:
    """Whether it is a number that she wrote herself: somebody else calls it, so it is never hers for the week."""
    return task.kind is Kind.LINE and task.subject in desk().lines.wrote(viewer())


def _decided(task: Task, act: str) -> bool:
    """Whether it is a review of hers that is over because she has just decided: that is what she did."""
    return task.kind is Kind.REVIEW and act not in _COMMON and task in desk().tasks.held(viewer()).mine


def _over() -> AnyResponse:
    flash(words("tasks.over", "That one is done already. Here are others."))
    return _home()


def _home() -> AnyResponse:
    return redirect(url_for("console.tasks"), 303)
