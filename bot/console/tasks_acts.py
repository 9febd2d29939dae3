"""What somebody does on the screen of a task: by the same methods of the stores as on the big pages. None where it was taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import abort, flash
from werkzeug.datastructures import MultiDict

from bot.console.access import viewer
from bot.console.desk import desk
from bot.console.directory_form import number_text, read_form
from bot.console.directory_problems import errors_of, refused_words
from bot.console.directory_words import hours_wrong, number_wrong
from bot.console.facts import refused, say_changed, say_true
from bot.console.numbers import number
from bot.console.words import words
from bot.directory.editing.marks import read_marks
from bot.language import Language
from bot.scripts.change import Stage
from bot.scripts.phrases import Verdict
from bot.scripts.tasks import Kind
from bot.store.change_errors import ChangeMoved, ChecksFail, InReview, MeaningUnsaid, NothingChanged, NothingOpen
from bot.store.change_writing import Clash
from bot.store.check_rows import NoteMissing
from bot.store.directory_draft import Confirming, Draft, NoSuchEntry, Refused
from bot.store.errors import ReleaseMoved, ReleaseRefused
from bot.store.line_checks import NoNumber, NoSuchLine, NotCalled, OwnNumber
from bot.store.phrases import PhraseJudged

Form = MultiDict[str, str]
Wrong = dict[str, str] | None
Act = Callable[[str, Form], Wrong]


def _still_true(name: str, form: Form) -> Wrong:
    wrong = say_true(name, form)
    return None if wrong is None else dict(wrong)


def _changed(name: str, form: Form) -> Wrong:
    wrong = say_changed(name, form)
    return None if wrong is None else dict(wrong)


def _confirm(code: str, form: Form) -> Wrong:
    """They answered: what she corrected is saved with it."""
    if form.get("spoke") != "yes":
        return {"spoke": words("tasks.call-spoke-first", "Confirm only what a person told you today.")}
    try:
        entry = desk().directory.entry(viewer(), code)
    except NoSuchEntry:
        return {"": words("tasks.over", "That one is done already. Here are others.")}
    read = read_form(form)
    if read.wrong:
        wrong = {slot: number_wrong(each) for slot, each in read.numbers.items()}
        return {**wrong, "hours": hours_wrong(read.hours_wrong)} if read.hours_wrong else wrong
    slot = form.get("which", "phone")
    cells = {**entry.row.cells, **read.cells}
    number, extension = cells.get(slot, ""), cells.get(f"{slot}_ext", "")
    number = f"{number} ext. {extension}" if number and extension else number
    draft = Draft(read.cells, read_marks(form.get("marks", "")))
    done = desk().directory.save(viewer(), code, draft, Confirming("call", number))
    if isinstance(done, Refused):
        if done.clashes:
            return {"": words("tasks.call-clash", "Somebody else corrected the same meanwhile. Look at it again.")}
        return {"": refused_words(done.why)} if done.why else errors_of(done.problems)
    flash(words("directory.confirmed-number", "Thank you. %(number)s is confirmed as of today.", number=_said(number)))
    return None


def _said(number: str) -> str:
    return number_text(*number.partition(" ext. ")[::2]) if number.startswith("+") else number


def _pause(code: str, form: Form) -> Wrong:
    done = desk().directory.set_state(viewer(), code, "paused")
    if isinstance(done, Refused):
        return errors_of(done.problems)
    flash(words("tasks.call-paused", "Paused: families are not sent there until somebody opens it again."))
    return None


def _line_right(id: str, form: Form) -> Wrong:
    try:
        desk().lines.right(viewer(), id, form.get("called") == "yes", form.get("text", ""))
    except NoSuchLine:
        abort(404)
    except NotCalled:
        return {"called": words("tasks.line-called-first", "Say so only after you tried it today.")}
    except OwnNumber:
        return {"called": words("tasks.line-own", "You wrote this number: somebody else has to call it.")}
    except (ReleaseMoved, ReleaseRefused) as error:
        return {"": refused(error)}
    flash(words("tasks.line-confirmed", "Thank you. It is confirmed as of today, with your name."))
    return None


def _line_wrong(id: str, form: Form) -> Wrong:
    try:
        desk().lines.wrong(viewer(), id, form.get("note", ""))
    except NoSuchLine:
        abort(404)
    except NoteMissing:
        return {"note": words("tasks.line-note-missing", "Write what you heard or saw.")}
    flash(words("facts.noted", "Noted. A publisher looks at it first of all."))
    return None


def _line_back(id: str, form: Form) -> Wrong:
    try:
        desk().lines.take_back(viewer(), id)
    except NoSuchLine:
        abort(404)
    except (ReleaseMoved, ReleaseRefused) as error:
        return {"": refused(error)}
    flash(words("tasks.line-taken-back", "Nobody counts it as confirmed any more, until somebody has called again."))
    return None


def _line_number(id: str, form: Form) -> Wrong:
    try:
        desk().lines.change(viewer(), id, form.get("text", ""), form.get("number", ""), form.get("where", ""))
    except NoSuchLine:
        abort(404)
    except NoNumber:
        return {"number": words("tasks.line-no-number", "Write another number or page, as it is dialled or typed.")}
    except NoteMissing:
        return {"where": words("tasks.line-where-missing", "Write where you saw or heard it.")}
    except (ReleaseMoved, ReleaseRefused) as error:
        return {"": refused(error)}
    flash(words("tasks.line-changed", "Written. Families get it once somebody else has called it."))
    return None


def _keep_text(subject: str, form: Form) -> Wrong:
    code, _, key = subject.partition(":")
    flow = key.partition(".")[0]
    try:
        desk().changes.still_right(viewer(), flow, key, Language(code))
    except InReview:
        return _locked()
    _send_on(flow)
    return None


def _save_text(subject: str, form: Form) -> Wrong:
    code, _, key = subject.partition(":")
    flow, text = key.partition(".")[0], " ".join(form.get("text", "").split())
    if not text:
        return {"text": words("tasks.text-empty", "Write the text: it must not be empty.")}
    said = form.get("meaning", "")
    if said not in ("yes", "no"):
        return {"meaning": words("tasks.text-meaning-missing", "Say whether its meaning changed.")}
    version = number(form.get("version")) or 0
    try:
        done = desk().changes.save(
            viewer(), flow, key, Language(code), text, version, said == "yes"
        )
        if not isinstance(done, Clash):
            # Her language follows the others now, whether or not a letter of it is another one.
            desk().changes.still_right(viewer(), flow, key, Language(code))
    except InReview:
        return _locked()
    if isinstance(done, Clash):
        name = done.by.name if done.by else ""
        said = words(
            "tasks.text-clash",
            "%(name)s wrote here meanwhile: “%(text)s”. Nothing of yours is lost; look at both in the answer.",
            name=name,
            text=done.theirs,
        )
        return {"text": said}
    _send_on(flow)
    return None


def _send_on(flow: str) -> None:
    """What is hers alone goes to be read by somebody else at once; a draft of several stays theirs to send."""
    opened = desk().changes.open_for(flow)
    alone = opened is not None and opened.stage is Stage.DRAFT and [hand.id for hand in opened.hands] == [viewer().user]
    if not alone:
        flash(words("tasks.text-kept", "Saved in the draft that others write on. It goes out with that."))
        return
    try:
        desk().changes.send(viewer(), flow, words("tasks.text-note", "A text that had to follow another language"))
    except (NothingChanged, MeaningUnsaid, ChecksFail, ChangeMoved, NothingOpen):
        flash(words("tasks.text-draft", "Saved as a draft. Send it from the page of the answer."))
        return
    flash(words("tasks.text-sent", "Saved, and sent to be read by somebody else, who publishes it."))


def _locked() -> dict[str, str]:
    return {"": words("tasks.text-locked", "Somebody is reading this answer before it goes out. It waits until then.")}


def _judge(verdict: Verdict) -> Act:
    def judge(id: str, form: Form) -> Wrong:
        try:
            desk().phrases.judge(viewer(), id, verdict, form.get("topic", "") if verdict is Verdict.OTHER else "")
        except PhraseJudged:
            flash(words("phrases.gone", "Somebody else looked at that one meanwhile. Here is the next."), "error")
        except ValueError:
            return {"topic": words("phrases.choose", "Choose what it was about.")}
        else:
            flash(words("tasks.phrase-kept", "Kept. The bot learns from it next time."))
        return None

    return judge


def _drop(id: str, form: Form) -> Wrong:
    try:
        desk().phrases.drop(viewer(), id)
    except PhraseJudged:
        flash(words("phrases.gone", "Somebody else looked at that one meanwhile. Here is the next."), "error")
    else:
        flash(words("phrases.dropped", "Deleted. Nothing of it is kept."))
    return None


def _reviewed(flow: str, form: Form) -> Wrong:
    opened = desk().changes.open_for(flow)
    if opened is not None and opened.stage is Stage.REVIEW:
        return {"": words("tasks.review-waits", "It still waits: publish it, or ask for changes, on its page.")}
    return None


ACTS: Mapping[Kind, Mapping[str, Act]] = {
    Kind.FACT: {"true": _still_true, "changed": _changed},
    Kind.CALL: {"confirm": _confirm, "pause": _pause},
    Kind.LINE: {"right": _line_right, "wrong": _line_wrong, "back": _line_back, "number": _line_number},
    Kind.TEXT: {"keep": _keep_text, "save": _save_text},
    Kind.PHRASE: {
        "right": _judge(Verdict.RIGHT),
        "none": _judge(Verdict.NONE),
        "other": _judge(Verdict.OTHER),
        "drop": _drop,
    },
    Kind.REVIEW: {"reviewed": _reviewed},
}
AT_ONCE = frozenset({(Kind.LINE, "back"), (Kind.LINE, "number")})
"""What waits for nobody: a wrong number goes, whoever has taken it for the week."""
