"""Pictures of the pages of the console with the made-up desk, for docs/screens: ``python -m tests.console.screens``.

Each page in Spanish and English, 1280 and 360 px wide. Whoever changes a page looks at its pictures; with a folder behind the
command they go there, as PNG.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from bot.console.desk import Desk
from bot.directory.editing.marks import marks_of, read_marks
from bot.escalation.escalation import Resolution
from bot.escalation.viewer import Role, Viewer
from bot.language import Language
from bot.scripts.tasks import Kind
from bot.settings import REPOSITORY
from bot.store.directory_draft import Confirming, Draft
from tests.console.browsing import BROWSERS, PASSWORD, QUIET, Console, served
from tests.console.directory_scene import ROMERO, furnish
from tests.console.figures_scene import furnish_figures
from tests.console.phrases_scene import SENTENCES, wait
from tests.console.tasks_scene import to_do
from tests.servers import make_app_in, running

FOLDER = REPOSITORY / "docs" / "screens"
WIDTHS, LANGUAGES = (1280, 360), ("es", "en")
QUALITY = 55
"""Of a JPEG: letters stay sharp enough to read, and a hundred pictures stay small."""
ANA, BETO, CARLA, DORA = (f"{name}@example.org" for name in ("ana", "beto", "carla", "dora"))


@dataclass(frozen=True)
class Shot:
    """A page, and who looks at it; nobody for what is seen before a login. ``status`` of the answer; ``steps`` lead from one page
    to the next: a selector to press, or one and what to write there."""

    name: str
    path: str
    email: str = ""
    status: int = 200
    steps: tuple[tuple[str, ...], ...] = ()


def shots(console: Console) -> Iterator[Shot]:
    """Every page that somebody works with."""
    desk = console.desk
    ana = desk.people.viewer_for(desk.people.by_email(ANA)[0])  # type: ignore[index]
    rows = {row.escalated.about.topic: row.escalated.id for row in desk.inbox.rows(ana)}
    taken, lawyer = rows["relative_just_taken"], rows["services_legal"]
    desk.work.take(ana, taken)
    desk.talk.reply(ana, taken, "Buenas tardes. Soy Ana, voluntaria. ¿Ya le llamó su esposo?", None)
    desk.talk.note(ana, taken, "Preguntar a la abogada por el turno de hoy.")
    yield from _doors(console)
    yield Shot("inbox", "/console/inbox", ANA)
    yield Shot("inbox-nobody", "/console/inbox?tab=bot_watching", ANA)
    yield Shot("inbox-mine", "/console/inbox?tab=mine", ANA)
    yield Shot("inbox-coordinator", "/console/inbox", CARLA)
    yield Shot("conversation", f"/console/conversation/{taken}", ANA)
    yield Shot("conversation-untaken", f"/console/conversation/{lawyer}", ANA)
    yield Shot("conversation-of-another", f"/console/conversation/{taken}", BETO)
    yield Shot("conversation-window-closed", f"/console/conversation/{rows['services_health']}", ANA)
    yield Shot("conversation-kiche", f"/console/conversation/{rows['human']}", ANA)
    first = next(each.number for each in desk.talk.thread(ana, taken).said)
    yield Shot("wrong", f"/console/conversation/{taken}/wrong/{first}", ANA)
    yield Shot("resolve", f"/console/conversation/{taken}/resolve", ANA)
    yield Shot("shift", "/console/shift", ANA)
    yield Shot("bad-day", "/console/bad-day", ANA)
    yield Shot("bad-day-switch", "/console/bad-day?switch=on", CARLA)
    yield Shot("answer-many", "/console/bad-day", ANA, steps=(("a[href*='answer-many']",),))
    yield Shot("way", "/console/answers/home_visit/way?step=papers", CARLA)
    yield Shot("way-volunteer", "/console/answers/child_alone/way", ANA)
    yield Shot("way-new-step", "/console/answers/home_visit/way/new-step?from=judge", CARLA)
    yield Shot("talk-draft", "/console/answers/home_visit/talk", ANA)
    yield Shot("account", "/console/account", ANA)
    yield Shot("not-allowed", "/console/people", ANA, 403)
    yield Shot("not-there", "/console/nothing", ANA, 404)
    yield from _phrases(console)
    yield from _answers(console)
    yield from _reviews(console)
    yield from _tasks(console)
    yield from _settings(desk)
    yield from _directory(console)
    yield from figures(console)
    desk.work.resolve(ana, taken, Resolution.INFORMED)
    yield Shot("after-a-crisis", f"/console/conversation/{taken}/after", ANA)


def _doors(console: Console) -> Iterator[Shot]:
    """Before a login, and half-way through one."""
    yield Shot("login", "/console/login")
    wrong = (("[name=email]", ANA), ("[name=password]", "not her password"), ("main button",))
    yield Shot("login-wrong", "/console/login", steps=wrong, status=422)
    word = console.desk.invitations.invite(None, "eva@example.org", "Eva", "casa-ejemplo", frozenset({Role.RESPONDER}))
    yield Shot("invitation", f"/console/invitation/{word}")
    yield Shot("invitation-over", "/console/invitation/unknown", status=404)
    for name, second in (("set-up", False), ("second-step", True)):
        account = console.account(Role.RESPONDER, organization="casa-ejemplo", second=second)
        enter = (("[name=email]", account.email), ("[name=password]", PASSWORD), ("main button.primary",))
        yield Shot(name, "/console/login", steps=enter)


def _phrases(console: Console) -> Iterator[Shot]:
    """What volunteers say of sentences that the bot took for something else."""
    vera = console.account(Role.VOLUNTEER, organization="casa-ejemplo", name="Vera").email
    first, *_ = wait(console.desk, *SENTENCES)
    yield Shot("phrases", "/console/phrases?language=es", vera)
    yield Shot("phrases-choose", f"/console/phrases/{first}/topic", vera)
    yield Shot("phrases-topics", "/console/phrases/topics", vera)
    yield Shot("phrases-topic", "/console/phrases/topics/services_health", vera)
    tried = (("#text", "la migra esta en mi puerta"), ("main form button.primary",))
    yield Shot("phrases-try", "/console/phrases/try", vera, steps=tried)


def _answers(console: Console) -> Iterator[Shot]:
    """What volunteers and publishers work with: one has begun to change an answer, and the meaning of its Spanish."""
    luis = console.account(Role.VOLUNTEER, organization=None, name="Luis")
    marta = console.account(Role.PUBLISHER, organization=None, name="Marta")
    say = console.desk.changes.answer("home_visit").line("home_visit.first.say")
    assert say
    text, version = "Hable con la puerta cerrada. No abra sin orden de un juez.", say.said[Language.ES].version
    console.desk.changes.save(console.viewer(luis), "home_visit", say.key, Language.ES, text, version, True)
    yield Shot("answers", "/console/answers?q=visita", luis.email)
    yield Shot("answers-empty", "/console/answers?tab=review", luis.email)
    yield Shot("answer", "/console/answers/home_visit", luis.email)
    yield Shot("answer-list", "/console/answers/services_legal?step=show", luis.email)
    rosa = console.account(Role.VOLUNTEER, organization=None, name="Rosa Tzoc")
    console.desk.people.change_standing(Viewer(0, "terminal", frozenset({Role.ADMIN})), rosa.id, "Nahualá", "")
    yield Shot("speaker", "/console/speaker", rosa.email)
    yield Shot("speaker-text", "/console/speaker/quc/agents_here_now.first.say?show=drafts", rosa.email)
    yield Shot("speaker-sheet", "/console/speaker/sheet", rosa.email)
    yield Shot("recordings", "/console/recordings", rosa.email)
    yield Shot("recording", "/console/recordings/quc/agents_here_now.first.say", rosa.email)
    yield Shot("answer-new", "/console/answers/new", marta.email)
    yield Shot("answer-archive", "/console/answers/home_visit/archive", marta.email)


def _reviews(console: Console) -> Iterator[Shot]:
    """A change that Luis sent, and what a publisher makes of it; then its history, and an answer that was withdrawn."""
    luis = console.account(Role.VOLUNTEER, organization=None, name="Luis")
    marta = console.account(Role.VOLUNTEER, Role.PUBLISHER, organization=None, name="Marta")
    changes, flow = console.desk.changes, "home_visit"
    say = changes.answer(flow).line(f"{flow}.first.say")
    assert say is not None
    text = "Hable con la puerta cerrada. No abra sin orden firmada por un juez."
    changes.save(console.viewer(luis), flow, say.key, Language.ES, text, say.said[Language.ES].version, False)
    changes.send(console.viewer(luis), flow, "Más corto y más claro")
    yield Shot("review", "/console/review", marta.email)
    yield Shot("review-answer", f"/console/review/{flow}", marta.email)
    yield Shot("review-of-my-own", f"/console/review/{flow}", luis.email)
    changes.publish(console.viewer(marta), flow)
    yield Shot("history", f"/console/answers/{flow}/history", marta.email)
    yield Shot("readings", f"/console/answers/{flow}/readings", marta.email)
    console.desk.releases.withdraw(console.viewer(marta), "school_rights", "Cambió la regla del distrito")
    yield Shot("withdrawn", "/console/withdrawn", marta.email)
    yield Shot("notices", "/console/notices", CARLA)


def _tasks(console: Console) -> Iterator[Shot]:
    """The next twenty minutes of somebody who publishes and works in all languages, one task of each kind, and the facts."""
    furnish(console)
    todo = to_do(console.desk, console.viewer(console.account(Role.VOLUNTEER, organization=None, name="Inés")))
    luz = console.account(Role.PUBLISHER, Role.VOLUNTEER, organization=None, name="Luz")
    console.desk.people.change_work(console.viewer(luz), luz.id, tuple(Language), "US-IL")
    yield Shot("tasks", "/console/tasks", luz.email)
    for kind in Kind:
        yield Shot(f"task-{kind}", f"/console/tasks/{kind}/{getattr(todo, kind)}", luz.email)
    yield Shot("facts", "/console/facts?due=45", luz.email)
    yield Shot("facts-empty", "/console/facts?due=changed&known=recalled", luz.email)
    yield Shot("fact", f"/console/facts/{todo.fact}", luz.email)


def _settings(desk: Desk) -> Iterator[Shot]:
    person = desk.people.by_email(BETO)
    assert person
    pages = (
        *(
            "settings",
            "people",
            f"people/{person[0].id}",
            "people/invite",
            "organizations",
            "organizations/casa-ejemplo",
        ),
        *("organizations/new", "interpreters", "interpreters/new", "templates", "templates/new", "audit"),
    )
    for page in pages:
        yield Shot(page.replace("/", "-"), f"/console/{page}", DORA)


def figures(console: Console) -> Iterator[Shot]:
    """What a coordinator sees of some weeks. After all other pages: they show some of these counts too."""
    furnish_figures(console.desk)
    yield Shot("dashboard", "/console/dashboard", CARLA)
    yield Shot("dashboard-board", "/console/dashboard/board", CARLA)


def _directory(console: Console) -> Iterator[Shot]:
    """What volunteers and publishers see of the directory; one entry of it somebody has corrected."""
    furnish(console)
    editing, bea = console.desk.directory, console.account(Role.PUBLISHER, organization=None, name="Bea Caal")
    viewer, entry = console.viewer(bea), editing.entry(console.viewer(bea), ROMERO)
    hours = Draft({"hours": "Mo-Fr 09:00-17:00"}, read_marks(marks_of(entry.row.cells)))
    editing.save(viewer, ROMERO, hours, Confirming("call"))
    yield Shot("directory", "/console/directory?place=Illinois", bea.email)
    yield Shot("directory-gap", "/console/directory?kind=health&place=Iowa", bea.email)
    yield Shot("directory-entry", f"/console/directory/{ROMERO}", bea.email)
    yield Shot("directory-hours", f"/console/directory/{ROMERO}#hours", bea.email)
    yield Shot("directory-history", f"/console/directory/{ROMERO}/history", bea.email)
    yield Shot("directory-new", "/console/directory/new", bea.email)
    yield Shot("directory-import", "/console/directory/import", bea.email)


def main(to: Path | None) -> None:
    """Writes all of them anew, into docs/screens or another folder."""
    if to is None:
        shutil.rmtree(FOLDER, ignore_errors=True)
    (to or FOLDER).mkdir(parents=True, exist_ok=True)
    os.environ["ENVIRONMENT"] = "test"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stack.enter_context(running(folder))
        app = make_app_in(folder, {})
        done = app.test_cli_runner().invoke(args=["demo"])
        assert done.exit_code == 0, done.output
        address = stack.enter_context(served(app))
        console = Console(app, address, folder, folder / "clock")
        playwright = stack.enter_context(sync_playwright())
        path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        # One by one: what a page shows is made just before it is looked at.
        for shot in shots(console):
            _take(browser, console, shot, to)
        browser.close()


def _take(browser: Browser, console: Console, shot: Shot, to: Path | None) -> None:
    desk, address = console.desk, console.address
    found = desk.people.by_email(shot.email) if shot.email else None
    for language in LANGUAGES:
        for width in WIDTHS:
            context = browser.new_context(locale=language, viewport={"width": width, "height": 800})
            if found:
                desk.people.change_language(found[0].id, language)
                login = "login." + desk.sessions.begin(found[0], {"fresh": int(desk.clock())})
                context.add_cookies([{"name": "console", "value": login, "url": address}])
            page = context.new_page()
            answer = page.goto(address + shot.path)
            for selector, *words in shot.steps:
                if words:
                    page.fill(selector, words[0])
                else:
                    with page.expect_navigation() as gone:
                        page.locator(selector).first.click()
                    answer = gone.value
            assert answer and answer.status == shot.status, f"{shot.path}: {answer and answer.status}"
            # A bar that stays at the foot of the window would lie across a picture of the whole page.
            page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
            name = f"{shot.name}-{language}-{width}"
            if to:
                page.screenshot(path=to / f"{name}.png", full_page=True)
            else:
                page.screenshot(path=FOLDER / f"{name}.jpg", full_page=True, type="jpeg", quality=QUALITY)
            context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
