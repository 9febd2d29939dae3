"""The sheet of the translation desk: out, filled in, shown, and into open drafts; never into a release."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest

from bot.escalation.viewer import Role
from bot.language import Language
from bot.wording.state import State
from tests.console.browsing import LOOKS, Console, Visit, axe, screenshot, sticks_out
from tests.console.clients import Hand, hand

pytestmark = pytest.mark.slow

QUC = Language.QUC
KEY, FLOW = "agents_here_now.first.say", "agents_here_now"
NEW = "Man kajuch' ta la ri wuj. Man katij ta la anim."


@pytest.fixture(scope="module", autouse=True)
def quick(console: Console) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(console.desk.releases, "_judge", lambda *_: ())
        patch.setattr(console.desk.changes, "_judge", lambda *_: ())
        yield


def fetched(who: Hand, todo: bool = False) -> list[dict[str, str]]:
    answer = who.get(f"/speaker/sheet/quc.csv{'?todo=1' if todo else ''}")
    assert answer.status_code == 200 and "attachment" in answer.headers["Content-Disposition"]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def filled(rows: list[dict[str, str]], **cells: dict[str, str]) -> bytes:
    """The sheet with what somebody wrote, by key."""
    made = io.StringIO()
    writer = csv.DictWriter(made, rows[0].keys())
    writer.writeheader()
    for row in rows:
        writer.writerow({**row, **cells.get(row["key"], {})})
    return made.getvalue().encode("utf-8-sig")


def bring(who: Hand, data: bytes) -> tuple[int, str]:
    answer = who.send_file("/speaker/sheet", data, "speakers-quc.csv")
    return answer.status_code, answer.get_data(as_text=True)


def take(who: Hand, page: str) -> int:
    data = re.search(r'name="data" value="([^"]+)"', page)
    assert data
    return who.post("/speaker/sheet", act="take", data=data[1]).status_code


def test_out_and_back_into_the_drafts(console: Console) -> None:
    vera, number = hand(console, console.account(Role.VOLUNTEER)), console.desk.releases.number()
    rows = fetched(vera)
    strange = {"correction": "Xyzzy.", "name": ""}
    cells = {
        KEY: {"correction": NEW, "name": "Rosa Tzoc", "note": "So in Nahualá."},
        "away_from_home.first.say": strange,
        "tps.first.say": {"quc": "somebody wrote over it", "correction": "Rajawaxik jun abogado."},
    }
    status, page = bring(vera, filled(rows, **cells))
    assert status == 200 and "Rosa Tzoc: So in Nahualá." in page
    assert "xyzzy" in page and "no está como salió" in page, "both rows are refused, and why"
    assert ", tps.first.say: " in page and "fila " in page
    assert console.desk.changes.open_for(FLOW) is None, "looking stores nothing"
    assert take(vera, page) == 303
    line = console.desk.changes.answer(FLOW).line(KEY)
    assert line and line.said[QUC].text == NEW and line.said[QUC].state is State.DRAFT, "a name is no review"
    viewer = console.viewer(console.account(Role.VOLUNTEER))
    assert "Rosa Tzoc, en una hoja: So in Nahualá." in [
        each.text for each in console.desk.text_notes.of(viewer, KEY, QUC)
    ]
    assert console.desk.releases.number() == number
    for flow in ("away_from_home", "tps"):
        assert console.desk.changes.open_for(flow) is None


def test_what_somebody_writes_meanwhile_is_not_written_over(console: Console) -> None:
    vera = hand(console, console.account(Role.VOLUNTEER))
    rows = fetched(vera)
    status, page = bring(vera, filled(rows, **{KEY: {"correction": "Man katij ta la anim.", "name": "Rosa Tzoc"}}))
    assert status == 200 and "alguien escribió este texto en la página" in page
    line = console.desk.changes.answer(FLOW).line(KEY)
    assert line and line.said[QUC].text == NEW
    console.desk.changes.drop(console.viewer(console.account(Role.PUBLISHER)), FLOW)


def test_only_what_is_waited_for_in_its_order(console: Console) -> None:
    vera = hand(console, console.account(Role.VOLUNTEER))
    few, every = fetched(vera, todo=True), fetched(vera)
    assert 0 < len(few) < len(every) and all(not row["quc"] for row in few)
    assert few[0]["key"].startswith("agents_here_now.")


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n", b"a,b\n1,2\n", b"key,version\n" + b"x,y\n" * 6_000],
    ids=["nothing", "png", "other", "long"],
)
def test_a_file_that_is_no_sheet_is_refused(console: Console, data: bytes) -> None:
    status, page = bring(hand(console, console.account(Role.VOLUNTEER)), data)
    assert status == 422 and 'id="summary"' in page


def test_a_forged_second_press_is_read_as_the_first(console: Console) -> None:
    vera = hand(console, console.account(Role.VOLUNTEER))
    for data in ("", "%%%", "YSxi"):
        assert vera.post("/speaker/sheet", act="take", data=data).status_code == 422


@pytest.mark.parametrize(("width", "language"), LOOKS)
def test_its_looks(console: Console, visit: Visit, width: int, language: str) -> None:
    who = console.account(Role.VOLUNTEER, language=language)
    page = visit("/console/speaker/sheet", who, width=width, language=language)
    data = filled(
        fetched(hand(console, who)),
        **{KEY: {"correction": NEW, "name": "Rosa Tzoc"}, "tps.first.say": {"correction": "Xyzzy."}},
    )
    page.set_input_files("#file", {"name": "s.csv", "mimeType": "text/csv", "buffer": data})
    page.click("main button.primary")
    page.wait_for_selector("[name=act]")
    assert axe(page) == [] and sticks_out(page) == []
    screenshot(page, f"speaker-sheet-{width}-{language}")
    page.set_viewport_size({"width": 320, "height": 800})
    assert sticks_out(page) == []
