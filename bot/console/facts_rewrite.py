"""What a fact says is written anew by a publisher: another sentence, or another page that says it."""

from __future__ import annotations

from flask import abort, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.facts import all_facts, fact_page, flow_title, refused
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.scripts.fact import Fact
from bot.scripts.fact_renewal import Rewritten, is_page
from bot.scripts.figure_said import figures_said
from bot.store.errors import ReleaseMoved, ReleaseRefused
from bot.store.fact_checks import FactMoved, FigureUnsaid, NoSuchFact, SaysMissing, SourceUnread

FIGURE = "figure-"
"""How the fields of the form begin that hold the figures, by their names."""


@console.post("/facts/<name>/rewrite")
@allow(Role.PUBLISHER)
def rewrite_fact(name: str) -> AnyResponse:
    """Publishes it as a release of its own."""
    due = next((each for each in all_facts() if each.fact.name == name), None) or abort(404)
    form, left = request.form, _left_typed(due.fact, request.form)
    wrong = _wrong(form) or _rewrite(name, form, due.flows)
    if wrong:
        return fact_page(name, wrong, 409 if "" in wrong else 422)
    if form.get("stands") == "yes":
        flash(words("facts.rewritten", "Thank you. That is what it says now, in every answer that leans on it."))
    else:
        flash(
            words(
                "facts.rewritten-left-out",
                "Written. Its sentences are left out until they fit: change them, then say here that it is true.",
            )
        )
    if left:
        flash(
            words(
                "facts.figure-left",
                "The number as it was still stands typed in: %(answers)s. Change it there.",
                answers=left,
            ),
            "error",
        )
    return redirect(url_for("console.one_fact", name=name), 303)


def _left_typed(fact: Fact, form: MultiDict[str, str]) -> str:
    """The answers in which a figure that is changed here is typed, by their titles."""
    said = figures_said(desk().puente.conversation.release(), fact)
    changed = (each for each in said if _number(form.get(f"{FIGURE}{each.figure.name}", "")) != each.figure.value)
    return ", ".join(dict.fromkeys(flow_title(flow) for each in changed for flow in each.typed))


def _wrong(form: MultiDict[str, str]) -> dict[str, str]:
    """What is missing in the form, by field."""
    wrong = {}
    if not form.get("says", "").strip():
        wrong["says"] = words("facts.says-missing", "Write what is true now, in one sentence.")
    if not is_page(form.get("source", "").strip()):
        wrong["source"] = words("facts.source-missing", "Write the address of the page, beginning with https://.")
    if form.get("stands") not in ("yes", "no"):
        wrong["stands"] = words("facts.stands-missing", "Say whether the sentences of the answers still fit.")
    if form.get("read") != "yes":
        wrong["new-read"] = words("facts.read-first", "Open the source and read it today; then say so here.")
    return wrong


def _rewrite(name: str, form: MultiDict[str, str], flows: tuple[str, ...]) -> dict[str, str]:
    figures = {field.removeprefix(FIGURE): _number(said) for field, said in form.items() if field.startswith(FIGURE)}
    new = Rewritten(form["says"], form["source"], form.get("source_date", ""), form.get("volatile") == "yes", figures)
    try:
        desk().facts.rewrite(
            viewer(), name, new, was=form.get("was", ""), read=True, stands=form["stands"] == "yes", flows=flows
        )
    except NoSuchFact:
        abort(404)
    except SaysMissing:
        return {"says": words("facts.says-long", "That is too long for one fact: one sentence of at most 400 letters.")}
    except FigureUnsaid as error:
        unsaid = words(
            "facts.figure-unsaid",
            "The sentence above does not say this number. Write it there in digits with its unit, such as “5 days”, and the same here.",
        )
        return {f"{FIGURE}{name}": unsaid for name in error.names}
    except SourceUnread:
        return {"source": words("facts.source-missing", "Write the address of the page, beginning with https://.")}
    except FactMoved:
        return {"": words("facts.moved", "The fact was changed meanwhile. Read it again.")}
    except (ReleaseMoved, ReleaseRefused) as error:
        return {"": refused(error)}
    return {}


def _number(typed: str) -> int:
    """What was typed as a whole number; 0, which no figure is, for anything else."""
    return int(typed) if typed.strip().isdecimal() and len(typed) < 10 else 0
