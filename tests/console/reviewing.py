"""People of a review, and a change that waits for one: for the tests of reviews, versions, readings and withdrawals."""

from __future__ import annotations

from bot import content
from bot.escalation.viewer import Role
from bot.language import Language
from bot.scripts.change import Stage
from tests.console.browsing import Account, Console
from tests.console.clients import Hand, hand

FLOW = "home_visit"
SAY = f"{FLOW}.first.say"
ES, EN, QUC = Language.ES, Language.EN, Language.QUC
NEW_ES = "Hable con la puerta cerrada y no abra."


def luis(console: Console) -> Account:
    """A volunteer."""
    return console.account(Role.VOLUNTEER, name="Luis")


def marta(console: Console) -> Account:
    """A publisher."""
    return console.account(Role.VOLUNTEER, Role.PUBLISHER, name="Marta")


def jorge(console: Console) -> Account:
    """Another one."""
    return console.account(Role.PUBLISHER, name="Jorge")


def write(
    console: Console, account: Account, text: str, *, key: str = SAY, language: Language = ES, meaning: bool = False
) -> None:
    """Somebody saves a text."""
    changes, flow = console.desk.changes, key.partition(".")[0]
    line = changes.answer(flow).line(key)
    assert line is not None
    changes.save(console.viewer(account), flow, key, language, text, line.said[language].version, meaning)


def sent(console: Console, account: Account, text: str, *, note: str = "Más corto", meaning: bool = False) -> str:
    """The same, sent for review; the mark of the change."""
    write(console, account, text, meaning=meaning)
    console.desk.changes.send(console.viewer(account), FLOW, note)
    opened = console.desk.changes.open_for(FLOW)
    assert opened is not None and opened.stage is Stage.REVIEW
    return opened.mark


def clear(console: Console) -> None:
    """Throws away what is open."""
    for opened in console.desk.changes.all():
        console.desk.changes.drop(console.viewer(jorge(console)), opened.flow)


def spanish(console: Console, key: str = SAY) -> str:
    """The Spanish that families get."""
    release = content.release_of(console.desk.releases.current().sources)
    entry = release.catalogs[ES].entry(key)
    assert entry is not None
    return entry.text


def publish(who: Hand, mark: str, **form: str) -> int:
    """Both presses of publishing at once; the status of the answer."""
    return who.post(f"/review/{FLOW}/publish", mark=mark, **{"read": "yes", "sure": "yes", **form}).status_code


def page(console: Console, account: Account, path: str) -> str:
    """A page as it is sent to her."""
    answer = hand(console, account).get(path)
    assert answer.status_code == 200, answer.status
    return answer.get_data(as_text=True)
