"""The drafts for counsel tell what the code has: every row of the table of retention, every period, every command and test.

What the code keeps anew is noticed here before the pages have become untrue.
"""

from __future__ import annotations

import ast
import re
import socket
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from bot.privacy import KEPT, RETENTION, Kept, Store
from bot.seizure import FILES
from bot.settings import REPOSITORY
from bot.store.pauses import Pauses
from tests.docs.reading import commands, wrong_in
from tests.phone import Phone

DOCS = REPOSITORY / "docs"
PAGES = [
    REPOSITORY / "SECURITY.md",
    *(
        DOCS / f"{name}.md"
        for name in (
            "README",
            "add-a-language",
            "agreement-between-members",
            "deploy",
            "keys",
            "legal-process",
            "minors",
            "operations",
            "twilio",
        )
    ),
    *(DOCS / f"privacy.{language}.md" for language in ("es", "en")),
    REPOSITORY / "README.md",
]
LEGAL = (DOCS / "legal-process.md").read_text("utf-8")
SECURITY = (REPOSITORY / "SECURITY.md").read_text("utf-8")
DRAFTS = {"SECURITY", "agreement-between-members", "legal-process", "minors", "privacy.es", "privacy.en"}

TOLD_IN = {
    Store.SQL: "### On disk: the SQL database (`puente.db`)",
    Store.KEYS: "### On disk: the key store",
    Store.REDIS: "### In memory: Redis",
}
# By which words the line of a page for families is known that tells how long this is kept.
FAMILIES = {
    "session": ("| su idioma, el tema", "| your language, the topic"),
    "topic": ("si usted deja de escribir", "when you stop writing"),
    "sensitive topic": ("si usted deja de escribir", "when you stop writing"),
    "stored reply": ("| lo que le contestamos", "| what we answered"),
    "understood text": ("| de qué tema parece", "| which topic the words"),
    "day key": ("| la llave que une", "| the key that ties"),
    "closed escalation": ("| si dijo que sí a una persona", "| if you said yes to a person"),
    "escalation": ("| si dijo que sí a una persona", "| if you said yes to a person"),
    "tombstone": ("| si dijo que sí a una persona", "| if you said yes to a person"),
    "phrase": ("| si la persona anota", "| if the person notes"),
    "agreed phrase": ("| si dijo que sí a guardar una pregunta", "| if you said yes to keeping a question"),
    "unfinished erasing": ("| si pidió BORRAR", "| if you asked for DELETE"),
    "shared phone": ("| si el personal marcó", "| if staff marked"),
    "copy at the carrier": ("| Twilio |", "| Twilio |"),
    "counts": ("| cuentas de la semana", "| weekly counts"),
    "backup": ("| si escribió STOP", "| if you wrote STOP"),
}
NOTHING_OF_A_FAMILY = {"audit", "spent segments", "key without a row", "area notice", "directory history"} | {
    "console session",
    "invitation",
    "unsaved text",
    "task",
}
UNITS = {"es": ("minutos", "horas", "días", "meses"), "en": ("minutes", "hours", "days", "months")}
KEPT_FOR_FAMILIES = {"es": "## Qué guardamos, dónde y cuánto tiempo", "en": "## What we keep, where and how long"}


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next one."""
    assert f"\n{heading}\n" in text, heading
    return text.partition(f"\n{heading}\n")[2].partition("\n#")[0]


def rows(text: str) -> list[list[str]]:
    """The cells of every row of a table whose first cell names something of the code."""
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| `")]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def words(time: timedelta | None) -> str:
    """A period as the page for counsel writes it."""
    if time is None:
        return "no end"
    seconds = int(time.total_seconds())
    for unit, length, longest in (("seconds", 1, 60), ("minutes", 60, 3_600), ("hours", 3_600, 96 * 3_600)):
        if seconds < longest or unit == "hours" and seconds == longest:
            return f"{seconds // length} {unit}"
    return f"{time.days} days"


def family_words(time: timedelta, language: str) -> str:
    """A period as the pages for families write it: 24 hours, but 2 days; 13 months for 395 days."""
    minutes, hours, days, months = UNITS[language]
    if time < timedelta(hours=1):
        return f"{time // timedelta(minutes=1)} {minutes}"
    if time <= timedelta(hours=24):
        return f"{time // timedelta(hours=1)} {hours}"
    return f"{time.days} {days}" if time.days < 365 else f"{round(time.days / 30.4)} {months}"


PROMISES = [line for line in section(SECURITY, "## What is promised").splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize(("time", "expected"), [
    (timedelta(seconds=12), "12 seconds"), (timedelta(minutes=2), "2 minutes"), (timedelta(hours=24), "24 hours"),
    (timedelta(hours=96), "96 hours"), (timedelta(days=7), "7 days"), (timedelta(weeks=5), "35 days"), (None, "no end"),
])  # fmt: skip
def test_periods_in_words(time: timedelta | None, expected: str) -> None:
    assert words(time) == expected


@pytest.mark.parametrize("kept", KEPT, ids=lambda kept: kept.name)
def test_every_row_of_the_table_of_retention_is_told_with_its_end(kept: Kept) -> None:
    told = [row[-1] for row in rows(section(LEGAL, TOLD_IN[kept.store])) if kept.name in names(row[0])]
    assert len(told) == 1, f"{kept.name} stands in {len(told)} rows"
    assert re.match(rf"{words(kept.after)}\b", told[0]), f"{kept.name}: {told[0]}, but {words(kept.after)}"


@pytest.mark.parametrize("store", TOLD_IN)
def test_nothing_is_told_that_is_not_kept(store: Store) -> None:
    told = [name for row in rows(section(LEGAL, TOLD_IN[store])) for name in names(row[0])]
    assert sorted(told) == sorted(kept.name for kept in KEPT if kept.store is store)


def test_every_file_is_told_and_no_other() -> None:
    told = [name for row in rows(section(LEGAL, "### On disk: files in `DATA_DIR`")) for name in names(row[0])]
    assert sorted(told) == sorted(FILES)


def test_every_period_is_told_to_counsel_and_no_other() -> None:
    policy = section(LEGAL, "## Before anything comes: the retention policy")
    told = dict(re.findall(r"^\| ([a-z ]+) \| (\d+ [a-z]+) \|$", policy, re.MULTILINE))
    assert told == {name: words(time) for name, time in RETENTION.items()}


@pytest.mark.parametrize("language", UNITS)
def test_every_period_about_families_is_told_to_them(language: str) -> None:
    assert FAMILIES.keys() | NOTHING_OF_A_FAMILY == RETENTION.keys() and not FAMILIES.keys() & NOTHING_OF_A_FAMILY
    page = (DOCS / f"privacy.{language}.md").read_text("utf-8")
    # A list item goes on in the lines that are set in.
    lines = re.sub(r"\n  +", " ", page).splitlines()
    for name, known_by in FAMILIES.items():
        (line,) = [line for line in lines if known_by[list(UNITS).index(language)] in line]
        assert re.search(rf"\b{_spoken(name, language)}\b", line), f"{name}: {_spoken(name, language)}"


def _spoken(name: str, language: str) -> str:
    spoken = family_words(RETENTION[name], language)
    # "hasta 7 días después de terminar, y 30 días a lo más", "30 minutos, o 15 minutos en temas delicados".
    return {"escalation": {"es": f"y {spoken} a lo más", "en": f"and {spoken} at most"}[language],
            "tombstone": {"es": f"{spoken} más", "en": f"{spoken} more"}[language]}.get(name, spoken)  # fmt: skip


@pytest.mark.parametrize("language", UNITS)
def test_no_other_period_is_told_to_families_in_the_table(language: str) -> None:
    told = section((DOCS / f"privacy.{language}.md").read_text("utf-8"), KEPT_FOR_FAMILIES[language])
    found = set(re.findall(rf"\b\d+ (?:{'|'.join(UNITS[language])})\b", told))
    assert found and found <= {family_words(time, language) for time in RETENTION.values()}


def test_the_two_pages_for_families_tell_the_same() -> None:
    spanish, english = ((DOCS / f"privacy.{language}.md").read_text("utf-8") for language in ("es", "en"))
    for mark in (r"^#+ ", r"^\| ", r"^- ", r"^\d\. ", r"\d+", r"____+"):
        found = [re.findall(mark, page, re.MULTILINE) for page in (spanish, english)]
        assert len(found[0]) == len(found[1]), mark
    assert sorted(re.findall(r"\d+", spanish)) == sorted(re.findall(r"\d+", english))


@pytest.mark.parametrize("page", [page for page in PAGES if page.stem in DRAFTS], ids=lambda page: page.stem)
def test_a_draft_says_that_it_is_one(page: Path) -> None:
    head = page.read_text("utf-8")[:400]
    assert "Draft for counsel. Nobody has approved it." in head or "Nadie lo ha aprobado." in head


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise[2:42])
def test_a_promise_names_tests_that_are_there(promise: str) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", promise)
    assert named
    for file, test in named:
        assert f"\ndef {test}(" in (REPOSITORY / file).read_text("utf-8"), f"{file} has no {test}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_and_every_file_named_is_there(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    assert [link for link in links if link and not (page.parent / link).exists()] == []
    files = re.findall(r"`((?:tests|bot|nlu|docs|directory|flows)/[\w/.-]+)`", text)
    assert [name for name in files if not (REPOSITORY / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_anchor_is_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\(([^)]*#[^)]+)\)", page.read_text("utf-8")):
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        headings = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
        assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}, link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_that_is_named_is_there(app: Flask, page: Path) -> None:
    """Groups, commands and options; in ``code`` that may go on in the next line, and in blocks that are set in."""
    wrong = [wrong_in(app.cli, typed) for typed in commands(page.read_text("utf-8"))]
    assert [each for each in wrong if each] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_target_of_make_is_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z-]+)", page.read_text("utf-8"))) <= targets


def test_the_carrier_is_asked_to_list_and_to_delete_and_to_send_what_staff_wrote() -> None:
    """One module loads Twilio's REST API; deleting uses two verbs, only the outbox can send, setting up lists, templates are read."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in [REPOSITORY / "webhook.py", *REPOSITORY.glob("bot/**/*.py")]}  # fmt: skip
    assert _loading(trees, "twilio.rest") == {"rest.py"}
    assert _loading(trees, "bot.channels.rest") == {
        "approvals.py",
        "asking.py",
        "carrier.py",
        "contents.py",
        "copies.py",
        "sending.py",
        "dispatch.py",
        "cli_report.py",
        "errands.py",
    }
    assert _loading(trees, "bot.channels.sending") == {"dispatch.py", "errands.py", "worker.py"}
    assert _loading(trees, "bot.channels.dispatch") == {"worker.py"}
    assert _loading(trees, "bot.channels.approvals") == {"worker.py"}
    approvals = trees[REPOSITORY / "bot" / "channels" / "approvals.py"]
    asked = {node.attr for node in ast.walk(approvals) if isinstance(node, ast.Attribute)}
    assert "fetch" in asked
    assert [name for name in asked if re.match(r"(create|update|delete|list|messages|request)", name)] == []
    # Menus are made, listed and taken away, none is sent by who makes them.
    assert _loading(trees, "bot.channels.contents") == {"worker.py"}
    contents = trees[REPOSITORY / "bot" / "channels" / "contents.py"]
    made = {node.attr for node in ast.walk(contents) if isinstance(node, ast.Attribute)}
    assert {"request", "stream", "delete"} <= made
    assert [name for name in made if re.match(r"(create|update|messages|fetch)", name)] == []
    # And they are asked for in the turn of the message that they answer, nowhere else, and given by the worker alone.
    assert _loading(trees, "bot.channels.errands") == {"worker.py"}
    assert _loading(trees, "bot.store.errands") == {"buttons.py", "errands.py", "menu_contents.py", "app.py", "worker.py"}
    errands = trees[REPOSITORY / "bot" / "channels" / "errands.py"]
    given = {node.attr for node in ast.walk(errands) if isinstance(node, ast.Attribute)}
    assert [name for name in given if re.match(r"(create|update|delete|list|fetch|request)", name)] == ["create"]
    carrier = trees[REPOSITORY / "bot" / "channels" / "carrier.py"]
    used = {node.attr for node in ast.walk(carrier) if isinstance(node, ast.Attribute)}
    assert {"list", "delete_with_http_info"} <= used
    assert [name for name in used if re.match(r"(create|update|fetch|request)", name)] == []
    asking = trees[REPOSITORY / "bot" / "channels" / "setup" / "asking.py"]
    of_messages = [
        node.attr
        for node in ast.walk(asking)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "messages"
    ]
    # Those from before there were any: whether a key may list is seen, and no message.
    assert of_messages == ["page"]


def test_a_pause_is_seen_by_every_process_within_five_seconds(app: Flask) -> None:
    puente, now = app.extensions["puente"](), [1_800_000_000.0]
    here, there = (Pauses(puente.engine, puente.redis, lambda: now[0]) for _ in range(2))
    assert there.now() is None
    here.switch(True, "Prueba Inventada", "a drill")
    now[0] += 5
    assert there.now() is not None
    here.switch(False, "Prueba Inventada", "a drill")
    now[0] += 5
    assert there.now() is None


def _loading(trees: Mapping[Path, ast.AST], module: str) -> set[str]:
    return {path.name for path, tree in trees.items() for node in ast.walk(tree) if _loads(node, module)}


def _loads(node: ast.AST, module: str) -> bool:
    named = [node.module] if isinstance(node, ast.ImportFrom) else []
    named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    return any(name and (name == module or name.startswith(f"{module}.")) for name in named)


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_what_families_send_is_never_fetched(app: Flask, channel: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/photo"
        said = Phone(app.test_client(), channel).send(
            "", NumMedia="1", MediaUrl0=url, MediaContentType0="image/jpeg", MessageType="image"
        )
        assert said
        with pytest.raises(BlockingIOError):
            server.accept()
