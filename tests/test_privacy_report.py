"""`privacy report` after a busy day with the real stores, held against the ceiling; and what it says when a store is down."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import asdict
from ruamel.yaml import YAML
from sqlalchemy import insert, text

from bot.clock import clock_for
from bot.directory.hsds.changes import changes
from bot.directory.hsds.package import EMPTY
from bot.message import Channel
from bot.privacy import KEPT, RETENTION, TABLES, Kind, Store, shared_phone_key
from bot.seizure import FILES, KEY_STORE, REDIS, WORDS, Figures, Place, Revealed
from bot.seizure import TABLES as TABLE_WORDS
from bot.seizure_page import as_json, page
from bot.settings import REPOSITORY
from bot.store.directory import DirectoryStore
from bot.store.directory_flags import DirectoryFlags
from bot.store.escalations import Escalations
from bot.store.holdings import revealed
from bot.store.key_store import make_key_store, open_key_store
from bot.store.keys import DayKeys, load_keys
from bot.store.models import Base, SharedPhone
from bot.worker import duties
from tests.phone import Phone
from tests.servers import RedisServer, make_app_in, running
from tests.store.directories import PHONE, SERVICE, two_organizations
from tests.upgraded import SEAL_KEY

# A whole day with the real stores.
pytestmark = pytest.mark.slow

CEILING: dict[str, Any] = YAML(typ="safe").load(REPOSITORY / "docs" / "privacy-ceiling.yml")
PEOPLE = 60
TOWNS = ("60629", "Tapachula", "Trenton NJ", "10453", "Xela")
SAID = "mi vecina dice que se llevaron a su hermano anoche"


@dataclass(frozen=True, slots=True)
class Day:
    """The installation after the day: its app, its Redis, what must stand nowhere in plain."""

    app: Flask
    redis: RedisServer
    folder: Path
    numbers: tuple[str, ...]
    ids: tuple[str, ...]

    def report(self) -> Revealed:
        settings = self.app.config["SETTINGS"]
        return revealed(settings, clock_for(settings), ("Nothing is deleted there.",))


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("busy")
    with running(folder) as redis:
        app = make_app_in(folder, {})
        make_key_store(app.config["SETTINGS"])
        numbers, ids = _lived(app, folder)
        yield Day(app, redis, folder, numbers, ids)


def _lived(app: Flask, folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Sixty people: each asks something, every third tells a town, four do not want us to begin, two erase, six want a person."""
    puente = app.extensions["puente"]()
    # A directory that names none of the towns which the day is searched for.
    made = changes(EMPTY, two_organizations(), keep_missing=False)
    DirectoryStore(puente.engine, SEAL_KEY, puente.conversation.clock).apply(made, by="Rosa", expected=0)
    phones = [Phone(app.test_client(), "whatsapp" if number % 4 == 0 else "sms") for number in range(PEOPLE)]
    for number, phone in enumerate(phones):
        phone.send(SAID if number % 2 else "la migra esta en mi puerta")
        if number % 3 == 0:
            phone.send("menu")
            phone.send("3")
            phone.send(TOWNS[number // 3 % len(TOWNS)])
    for phone in phones[1:5]:
        phone.send("ALTO")
    peppers = load_keys(folder)
    with puente.engine.begin() as connection:
        marked = {"contact_key": shared_phone_key(peppers.opt_out, phones[7].address), "until": 2_000_000_000}
        connection.execute(insert(SharedPhone).values(**marked))
    flags = DirectoryFlags(puente.engine, puente.redis)
    for record in (PHONE, SERVICE):
        flags.raise_flag(record, puente.conversation.clock())
    ids = _escalated(app, [phone.address for phone in phones[10:16]])
    for phone in (phones[20], phones[22]):
        phone.send("BORRAR")
    for duty in duties(puente.settings, puente.redis, puente.engine):
        duty.run()
    return tuple(phone.address.rpartition("+")[2] for phone in phones), ids


def _escalated(app: Flask, addresses: list[str]) -> tuple[str, ...]:
    """Two texts each; one is closed, one is erased."""
    puente, settings = app.extensions["puente"](), app.config["SETTINGS"]
    keys = open_key_store(settings)
    peppers, day_keys = load_keys(settings.data_dir), DayKeys(puente.redis)
    escalations = Escalations(puente.engine, puente.redis, peppers, day_keys, keys, clock_for(settings))
    ids = []
    for address in addresses:
        id = escalations.open(address, Channel.SMS)
        escalations.add(id, "family", SAID)
        escalations.add(id, "staff", "Le llamamos hoy.")
        ids.append(id)
    escalations.close(ids[0])
    escalations.erase(ids[1])
    keys.close()
    return tuple(ids)


def test_the_figures_stay_under_the_ceiling(day: Day) -> None:
    figures = asdict(day.report().figures)
    assert set(CEILING["figures"]) == set(Figures.__struct_fields__) and CEILING["people"] == PEOPLE
    assert [name for name, most in CEILING["figures"].items() if figures[name] > most] == [], figures
    # A day on which nothing was kept would stay under any ceiling.
    assert figures["numbers"] == CEILING["figures"]["numbers"] and figures["texts"] == CEILING["figures"]["texts"]
    assert figures["towns"] >= 18 and figures["replies"] >= 55 and figures["tried_on_disk"] == 5


def test_nothing_is_kept_anywhere_that_the_ceiling_does_not_name(day: Day) -> None:
    found = day.report()
    assert found.down == () and dict(found.unknown) == {} and found.saved_to_disk is False
    names = {Place.TABLE: "tables", Place.KEY_STORE: "key store", Place.REDIS: "redis", Place.FILE: "files"}
    above = [
        f"{holding.place} {holding.name}: {holding.count}"
        for holding in found.holdings
        if (holding.count or 0) > CEILING[names[holding.place]].get(holding.name, -1)
    ]
    assert above == []


def test_a_new_column_about_families_is_discussed_first() -> None:
    family = {name for name, kind in TABLES.items() if kind is Kind.FAMILY}
    columns = {name: [column.name for column in Base.metadata.tables[name].columns] for name in family}
    assert columns == CEILING["columns"]


def test_nothing_of_the_day_stands_in_plain_on_the_disk(day: Day) -> None:
    found = {"numbers": 0, "texts": 0, "towns": 0}
    files = [path for path in day.folder.rglob("*") if path.is_file()]
    for data in (path.read_bytes() for path in files):
        found["numbers"] += sum(data.count(number.encode()) for number in day.numbers)
        found["texts"] += data.count(SAID.encode()) + data.count(b"Le llamamos")
        found["towns"] += sum(data.count(town.partition(" ")[0].encode()) for town in TOWNS)
    assert len(files) >= 6 and found == CEILING["on_disk_in_plain"]


def test_the_report_itself_tells_nobody(day: Day) -> None:
    for told in (page(day.report()), json.dumps(as_json(day.report()))):
        assert [number for number in day.numbers if number[-7:] in told] == []
        assert [id for id in day.ids if id in told] == []
        assert re.findall(r"[0-9a-f]{12,}|\d{7,}", told) == [], "neither a code nor a number"


def test_what_the_page_says(day: Day) -> None:
    told = page(day.report())
    for title in (
        "On the disk alone",
        "With the keys beside it",
        "In memory of the running machine",
        "At Twilio",
        "Not here",
    ):
        assert f"\n{title}\n" in told
    assert re.search(r"^ +5  phone numbers that can be read", told, re.MULTILINE)
    assert re.search(r"  table opt_outs: 4 rows, the oldest 20\d\d-\d\d-\d\d \d\d:\d\d, the newest 20", told)
    assert "escalations" in told.partition("With the keys beside it")[2].partition("In memory")[0]
    assert "not known" not in told and "NOT KNOWN" not in told and "ATTENTION" not in told


def test_the_terminal_prints_it(day: Day) -> None:
    runner = day.app.test_cli_runner()
    assert "What a seizure" in runner.invoke(args=["privacy", "report"]).output
    assert json.loads(runner.invoke(args=["privacy", "report", "--json"]).output)["figures"]["numbers"] == 5


def test_everything_that_is_kept_has_words() -> None:
    kept = {store: {row.name for row in KEPT if row.store is store} for store in Store}
    assert set(TABLE_WORDS) == kept[Store.SQL] and set(KEY_STORE) == kept[Store.KEYS]
    assert set(REDIS) == kept[Store.REDIS]
    for place, words in WORDS.items():
        for name, each in words.items():
            assert each.until and (each.disk or each.keys or each.memory), f"{place} {name}"
            assert not (place is Place.REDIS and each.disk) and not (place is not Place.REDIS and each.memory)
    family = [row.name for row in KEPT if row.kind is Kind.FAMILY and row.store is Store.SQL]
    assert [name for name in family if not TABLE_WORDS[name].keys] == [], "what the keys open is said"
    assert set(CEILING["tables"]) == kept[Store.SQL] and set(CEILING["redis"]) <= kept[Store.REDIS]
    assert set(CEILING["files"]) <= set(FILES)


def test_the_words_follow_the_table_of_retention() -> None:
    assert f"{RETENTION['closed escalation'].days} days after it is closed" in TABLE_WORDS["escalations"].until
    assert TABLE_WORDS["audit"].until == "365 days" and "90 days" in TABLE_WORDS["shared_phones"].until


# From here on the day is broken, piece by piece.
def test_what_nobody_knows_is_named(day: Day) -> None:
    puente = day.app.extensions["puente"]()
    puente.redis.set("stranger", "x")
    with puente.engine.begin() as connection:
        connection.execute(text("CREATE TABLE visitors (phone TEXT)"))
    (day.folder / "copy of puente.db").write_text("x")
    found = day.report()
    assert found.unknown == {"entries of Redis": 1, "tables of the database": 1, "files of DATA_DIR": 1}
    told = page(found)
    assert "NOT KNOWN: 1 entries of Redis are none of this program's" in told and "visitors" not in told
    puente.redis.delete("stranger")
    with puente.engine.begin() as connection:
        connection.execute(text("DROP TABLE visitors"))
    (day.folder / "copy of puente.db").unlink()


def test_a_redis_that_writes_to_disk_is_told(day: Day) -> None:
    redis = day.app.extensions["puente"]().redis
    redis.config_set("save", "3600 1")
    assert "ATTENTION: Redis writes what it holds to a disk" in page(day.report())
    redis.config_set("save", "")


def test_a_store_that_is_down_is_not_nothing(day: Day) -> None:
    day.redis.kill()
    found, told = day.report(), page(day.report())
    assert found.down == ("Redis",) and (found.figures.towns, found.figures.numbers) == (None, 5)
    assert "not known  of the people in memory, those whose town" in told and "NOT KNOWN: Redis does not answer" in told
    (day.folder / "keystore" / "keys.db").rename(day.folder / "keystore" / "away.db")
    found = day.report()
    assert set(found.down) == {"Redis", "the key store"}
    assert (found.figures.numbers, found.figures.texts, found.figures.tried_on_disk) == (None, None, 5)
    day.app.extensions["puente"]().engine.dispose()
    for file in day.folder.glob("puente.db*"):
        file.unlink()
    (day.folder / "puente.db").mkdir()
    found = day.report()
    assert set(found.down) == {"Redis", "the key store", "SQL"}
    assert set(asdict(found.figures).values()) == {None}
    assert all(value is None for value in as_json(found)["figures"].values())
