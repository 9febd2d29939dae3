"""/console/facts: what answers lean on, what is due to be read again, and saying that it is still true or no longer so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from msgspec.structs import asdict
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.directory_words import day_words
from bot.console.facts_found import KNOWN, choices_of, fits, wanted_of
from bot.console.finding_words import why_refused
from bot.console.topics import title_in
from bot.console.words import page_language, phrase, words
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.fact_renewal import LATER, SOON, DueFact, due_facts
from bot.scripts.fact_said import said_of
from bot.scripts.figure_said import figures_said
from bot.store.check_rows import CHECKS, NoteMissing
from bot.store.errors import ReleaseMoved, ReleaseRefused
from bot.store.fact_checks import FactMoved, NoSuchFact, SourceUnread

DUE_WORDS = {
    "overdue": phrase("facts.overdue", "run out"),
    "14": phrase("facts.soon", "within 14 days"),
    "45": phrase("facts.later", "within 45 days"),
    "changed": phrase("facts.changed-ones", "somebody says it changed"),
    "all": phrase("facts.all", "all"),
}


@console.get("/facts")
@allow(*CHECKS)
def facts() -> AnyResponse:
    """What is due: run out, in 14 or 45 days, said to have changed, or all."""
    every, changed = all_facts(), desk().facts.changed(viewer())
    wanted = wanted_of(request.args)
    fitting = [each for each in every if fits(each, wanted)]
    parts = {name: [each for each in fitting if _is_in(name, each, changed)] for name in DUE_WORDS}
    asked = request.args.get("due", "")
    shown = asked if asked in parts else next((name for name in ("overdue", "14", "45") if parts[name]), "45")
    page = render_template(
        "facts.html",
        parts=[(name, words(said), len(parts[name])) for name, said in DUE_WORDS.items()],
        shown=shown,
        wanted=wanted,
        kept={name: said for name, said in asdict(wanted).items() if said},
        known=KNOWN,
        choices=choices_of(every, flow_title),
        facts=parts[shown],
        changed=changed,
        waiting=desk().facts.waiting(viewer()),
        title=flow_title,
        day=day_words,
        when=when_due,
    )
    return make_response(page)


@console.get("/facts/<name>")
@allow(*CHECKS)
def one_fact(name: str) -> AnyResponse:
    """One fact with all that was said of it."""
    return fact_page(name)


@console.post("/facts/<name>/true")
@allow(*CHECKS)
def fact_is_true(name: str) -> AnyResponse:
    """Still true."""
    said = say_true(name, request.form)
    return _back(name) if said is None else fact_page(name, said, 422)


@console.post("/facts/<name>/changed")
@allow(*CHECKS)
def fact_changed(name: str) -> AnyResponse:
    """No longer so, in her words."""
    said = say_changed(name, request.form)
    return _back(name) if said is None else fact_page(name, said, 422)


@console.post("/facts/<name>/let-go")
@allow(Role.PUBLISHER)
def let_fact_go(name: str) -> AnyResponse:
    """Its sentences go, for everybody and at once."""
    try:
        desk().facts.let_go(viewer(), name, _due(name).flows)
    except (ReleaseMoved, ReleaseRefused) as error:
        return fact_page(name, {"": refused(error)}, 409)
    flash(words("facts.let-gone", "Families are told it no more, from now on. The rest of the answers stays."))
    return _back(name)


def say_true(name: str, form: MultiDict[str, str]) -> Mapping[str, str] | None:
    """What a form said: that it is still true. What is wrong with it, by field; None where it was taken, and then it is told."""
    try:
        done = desk().facts.still_true(viewer(), name, form.get("read") == "yes", form.get("says", ""))
    except NoSuchFact:
        abort(404)
    except SourceUnread:
        return {"read": words("facts.read-first", "Open the source and read it today; then say so here.")}
    except FactMoved:
        return {"": words("facts.moved", "The fact was changed meanwhile. Read it again.")}
    except (ReleaseMoved, ReleaseRefused) as error:
        return {"": refused(error)}
    if done.until is None:
        flash(words("facts.waits", "Thank you. It counts when a second person has read it too."))
    else:
        flash(words("facts.renewed", "Thank you. It is believed until %(day)s now.", day=day_words(done.until)))
    return None


def say_changed(name: str, form: MultiDict[str, str]) -> Mapping[str, str] | None:
    """The same for what is no longer so."""
    try:
        desk().facts.changed_to(viewer(), name, form.get("note", ""))
    except NoSuchFact:
        abort(404)
    except NoteMissing:
        return {"note": words("facts.note-missing", "Write what the source says now.")}
    flash(words("facts.noted", "Noted. A publisher looks at it first of all."))
    return None


def refused(error: Exception) -> str:
    """Why no release came of it."""
    if isinstance(error, ReleaseRefused):
        return words("facts.refused", "The checks keep it from going out: %(why)s", why=why_refused(error))
    return words("facts.release-moved", "Somebody else published at the same moment. Press once more.")


def all_facts() -> tuple[DueFact, ...]:
    """Every fact as it stands now, with the answers that lean on it."""
    release = desk().puente.conversation.release()
    return due_facts(desk().facts.facts(viewer()), release.script.flows.values(), desk().facts.today())


def _due(name: str) -> DueFact:
    return next((each for each in all_facts() if each.fact.name == name), None) or abort(404)


def fact_shown(name: str) -> dict[str, object]:
    """What a page about one fact needs."""
    due = _due(name)
    return {
        "each": due,
        "until": desk().facts.proposed(viewer(), name),
        "waits": desk().facts.waiting(viewer()).get(name),
        "changed": desk().facts.changed(viewer()).get(name),
        "publisher": viewer().has(Role.PUBLISHER),
        "mine": viewer().user,
        "title": flow_title,
        "figures": figures_said(desk().puente.conversation.release(), due.fact),
        "said": said_of(desk().puente.conversation.release(), name, Language(page_language())),
        "day": day_words,
        "when": when_due,
    }


def fact_page(name: str, errors: Mapping[str, str] | None = None, status: int = 200) -> AnyResponse:
    """The page of a fact."""
    page = render_template(
        "fact.html",
        **fact_shown(name),
        history=desk().facts.history(viewer(), name),
        errors=errors or {},
        typed=request.form.get("note", ""),
        form=request.form,
        acts={
            "true": url_for("console.fact_is_true", name=name),
            "changed": url_for("console.fact_changed", name=name),
        },
    )
    return make_response(page, status)


def flow_title(flow: str) -> str:
    """An answer by its title, in the language of the page."""
    title = title_in(desk().puente.conversation.release(), Language(page_language()), words)(flow)
    return title[:1].upper() + title[1:]


def when_due(each: DueFact) -> str:
    """How long it is still said, in words."""
    if each.overdue:
        return words("facts.out-since", "run out since %(day)s: its sentences are left out", day=_until(each))
    if each.days == 0:
        return words("facts.out-today", "said until today")
    return words("facts.out-on", "said until %(day)s", day=_until(each))


def _until(each: DueFact) -> str:
    return day_words(each.fact.valid_until)


def _is_in(name: str, each: DueFact, changed: Mapping[str, object]) -> bool:
    within = {"14": SOON, "45": LATER}
    if name in within:
        return not each.overdue and timedelta(days=each.days) <= within[name]
    return {"overdue": each.overdue, "changed": each.fact.name in changed, "all": True}[name]


def _back(name: str) -> AnyResponse:
    return redirect(url_for("console.one_fact", name=name), 303)
