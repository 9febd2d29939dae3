"""Twilio's copies are deleted: with the real client, against a Twilio that none of us wrote."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from redis import Redis

from bot.channels import copies as module
from bot.channels.copies import HOUR, Copies, copies_for
from bot.channels.rest import CarrierError
from bot.frozen import replace
from bot.settings import Settings
from bot.store.errors import StoreDown
from bot.store.sweeps import last_sweep
from tests.carrier import faults
from tests.carrier.fake import ACCOUNT, ANOTHER, KEY, MESSAGES, SECRET, SMS, WHATSAPP, Fault, Twilio
from tests.servers import RedisServer, running

pytestmark = pytest.mark.slow

ANA, LUIS = "+12025550101", "+12025550102"
ANA_WHATSAPP = f"whatsapp:{ANA}"
TIMEOUT = 0.4
DAY = 24 * HOUR


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with running(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis(redis_server: RedisServer) -> Redis:
    client = redis_server.client()
    client.flushall()
    return client


@pytest.fixture
def settings(twilio: Twilio) -> Settings:
    return Settings(
        environment="test",
        twilio_account_sid=ACCOUNT,
        twilio_api_key=KEY,
        twilio_api_secret=SECRET,
        twilio_api_base=twilio.url,
        twilio_sms_from=(SMS,),
        twilio_whatsapp_from=(WHATSAPP,),
    )


@pytest.fixture
def copies(settings: Settings, redis: Redis) -> Copies:
    made = copies_for(settings, redis, time.time, TIMEOUT)
    assert made is not None
    return made


@pytest.fixture
def events() -> Iterator[list[object]]:
    """What is logged, before the allow-list."""
    with structlog.testing.capture_logs() as logged:
        yield logged


def talk(twilio: Twilio, hours_ago: float) -> set[str]:
    """Two people on two channels, with a recording, that long ago."""
    twilio.emulate.hours_ago(hours_ago)
    made = {
        twilio.receive(ANA, SMS),
        twilio.send(SMS, ANA),
        twilio.receive(ANA_WHATSAPP, WHATSAPP),
        twilio.send(WHATSAPP, ANA_WHATSAPP, media="http://127.0.0.1/voz.ogg"),
        twilio.receive(LUIS, SMS),
        twilio.send(SMS, LUIS, status="undelivered"),
    }
    twilio.emulate.hours_ago(0)
    return made


def test_without_a_key_nothing_is_deleted(settings: Settings, redis: Redis) -> None:
    assert copies_for(replace(settings, twilio_api_key="", twilio_api_secret=""), redis, time.time) is None


def test_the_fake_listens_on_this_machine_only(twilio: Twilio) -> None:
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text("ascii").splitlines()[1:]
        if line.split()[3] == "0A"
    ]
    ours = [address for address in listening if int(address.rsplit(":", 1)[1], 16) == twilio.emulate.port]
    assert [address.split(":")[0] for address in ours] == ["0100007F"]
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", twilio.emulate.port), timeout=1):
        pass


def test_what_is_older_than_a_day_goes_and_the_rest_stays(twilio: Twilio, copies: Copies, redis: Redis) -> None:
    talk(twilio, hours_ago=400 * 24)
    old = talk(twilio, hours_ago=24.1)
    young = talk(twilio, hours_ago=23.9) | talk(twilio, hours_ago=0)
    now = time.time()
    assert copies.left_now(now).count == 12 and old < twilio.sids()
    sweep = copies.delete_old(now)
    assert twilio.sids() == young
    assert (sweep.deleted, sweep.refused, sweep.left, sweep.more, sweep.error) == (12, 0, 0, False, None)
    assert sweep.pause == HOUR and last_sweep(redis) == sweep
    left = copies.left_now(now)
    assert (left.count, left.oldest, left.whole) == (0, None, True)


def test_media_go_before_their_message(twilio: Twilio, copies: Copies) -> None:
    twilio.emulate.hours_ago(30)
    with_media = twilio.send(WHATSAPP, ANA_WHATSAPP, media="http://127.0.0.1/voz.ogg")
    assert copies.delete_old(time.time()).deleted == 1
    asked = [path for method, path in twilio.asked if method == "DELETE"]
    assert len(twilio.media_gone) == 1
    assert asked == [
        f"{MESSAGES}/{with_media}/Media/{next(iter(twilio.media_gone))}.json",
        f"{MESSAGES}/{with_media}.json",
    ]


def test_media_that_stay_keep_their_message(twilio: Twilio, copies: Copies) -> None:
    """Once the message is gone nobody finds its media any more."""
    twilio.emulate.hours_ago(30)
    with_media = twilio.send(WHATSAPP, ANA_WHATSAPP, media="http://127.0.0.1/voz.ogg")
    twilio.faults.append(Fault(faults.error(409, 20009), part="/Media/"))
    assert copies.delete_old(time.time()).refused == 1 and twilio.sids() == {with_media}


def test_a_message_that_was_never_sent_has_no_date_and_goes_too(twilio: Twilio, copies: Copies) -> None:
    twilio.emulate.hours_ago(30)
    twilio.send(SMS, ANA, status="queued")
    twilio.emulate.hours_ago(2)
    young = twilio.send(SMS, ANA, status="queued")
    assert copies.delete_old(time.time()).deleted == 1
    assert twilio.sids() == {young}


def test_another_project_of_the_account_keeps_its_messages(
    twilio: Twilio, copies: Copies, settings: Settings, redis: Redis
) -> None:
    twilio.emulate.hours_ago(30)
    theirs = {twilio.receive(ANA, ANOTHER), twilio.send(ANOTHER, LUIS)}
    talk(twilio, hours_ago=30)
    copies.delete_old(time.time())
    assert twilio.sids() == theirs
    copies.delete_copies(ANA)
    assert twilio.sids() == theirs
    every = copies_for(replace(settings, twilio_sms_from=(), twilio_whatsapp_from=()), redis, time.time)
    assert every is not None and every.delete_old(time.time()).deleted == 2 and not twilio.sids()


@pytest.mark.parametrize("address", [ANA, ANA_WHATSAPP])
def test_a_person_goes_at_once_on_her_channel_and_nobody_else(twilio: Twilio, copies: Copies, address: str) -> None:
    everything = talk(twilio, hours_ago=0) | talk(twilio, hours_ago=5)
    listed = json.loads(twilio.emulate.ask("GET", f"{MESSAGES}.json?PageSize=1000")[1])["messages"]
    hers = {each["sid"] for each in listed if address in (each["from"], each["to"])}
    assert len(hers) == 4 and copies.delete_copies(address)
    assert twilio.sids() == everything - hers
    assert copies.delete_copies(address), "twice does no harm"
    assert copies.delete_copies("+12025550777") and copies.delete_copies("whatsapp:US.1349")


def test_of_a_person_the_carrier_keeps_only_what_it_refuses(twilio: Twilio, copies: Copies) -> None:
    talk(twilio, hours_ago=0)
    on_its_way = twilio.send(SMS, ANA, status="sent")
    twilio.faults.append(Fault(faults.error(409, 20009), part=on_its_way))
    assert copies.delete_copies(ANA), "what cannot be deleted now is left to the sweep"
    assert on_its_way in twilio.sids() and len(twilio.sids()) == 5
    asked = len(twilio.asked)
    assert copies.delete_old(time.time() + 23 * HOUR).left == 0 and len(twilio.sids()) == 5
    assert ("DELETE", f"{MESSAGES}/{on_its_way}.json") not in twilio.asked[asked:]
    twilio.faults.clear()
    assert copies.delete_copies(ANA) and on_its_way not in twilio.sids(), "a person's is tried again at each call"


UNFINISHED = {
    "the key is refused": Fault(faults.error(401, 20003), "GET", "Messages.json"),
    "too many requests": Fault(faults.error(429, 20429)),
    "Twilio is down": Fault(faults.html(503)),
    "no answer to the list": Fault(faults.silent, "GET", "Messages.json"),
    "no answer to one deletion": Fault(faults.silent, times=1),
}


@pytest.mark.parametrize("name", UNFINISHED)
def test_of_a_person_it_is_said_when_it_is_not_finished(twilio: Twilio, copies: Copies, name: str) -> None:
    talk(twilio, hours_ago=0)
    twilio.faults.append(replace(UNFINISHED[name]))
    assert not copies.delete_copies(ANA)
    twilio.faults.clear()
    assert copies.delete_copies(ANA) and len(twilio.sids()) == 4


def test_what_is_refused_is_asked_for_again_the_next_day(twilio: Twilio, copies: Copies) -> None:
    talk(twilio, hours_ago=30)
    twilio.faults.append(Fault(faults.error(409, 20009)))
    now = time.time()
    first = copies.delete_old(now)
    assert (first.deleted, first.refused, first.left, first.error) == (0, 6, 6, None) and first.pause == HOUR
    assert first.oldest is not None and abs(first.oldest - (now - 30 * HOUR)) < 60
    for hours in (1, 12, 23.9):
        again = copies.delete_old(now + hours * HOUR)
        assert (again.refused, again.left, again.deleted) == (0, 6, 0)
    assert len([1 for method, _ in twilio.asked if method == "DELETE"]) == 6
    twilio.faults.clear()
    last = copies.delete_old(now + DAY + 1)
    assert (last.deleted, last.left) == (6, 0) and not twilio.sids()


def test_a_refusal_that_stays_is_asked_for_once_a_day(twilio: Twilio, copies: Copies) -> None:
    talk(twilio, hours_ago=30)
    twilio.faults.append(Fault(faults.error(400, 20009)))
    now = time.time()
    for hour in range(0, 73, 6):
        assert copies.delete_old(now + hour * HOUR).left == 6
    assert len([1 for method, _ in twilio.asked if method == "DELETE"]) == 6 * 4


# What breaks, and then: deleted at once, how many stay, the error that is said, how soon it goes on (None: anything).
FAULTS: dict[str, tuple[list[Fault], int, int, str | None, float | None]] = {
    "refused once": ([Fault(faults.error(409, 20009), times=1)], 5, 1, None, HOUR),
    "another refusal": ([Fault(faults.error(400, 20001), times=1)], 5, 1, None, HOUR),
    "the key is wrong": ([Fault(faults.error(401, 20003), "GET", "Messages.json")], 0, 6, "20003", HOUR),
    "the key may not delete": ([Fault(faults.error(403, 20403))], 0, 6, "20403", HOUR),
    "too many lists": ([Fault(faults.error(429, 20429), "GET", "Messages.json")], 0, 6, "20429", 60),
    "too many deletions": ([Fault(faults.error(429, 20429))], 0, 6, "20429", 60),
    "the list fails": ([Fault(faults.error(500, 20500), "GET", "Messages.json")], 0, 6, "20500", 60),
    "the list is a page": ([Fault(faults.html(200), "GET", "Messages.json")], 0, 6, "unreadable", 60),
    "the list is something else": ([Fault(faults.a_list, "GET", "Messages.json")], 0, 6, "unreadable", 60),
    "the list is a page with 503": ([Fault(faults.html(503), "GET", "Messages.json")], 0, 6, "503", 60),
    "the list is sent elsewhere": ([Fault(faults.html(302), "GET", "Messages.json")], 0, 6, "302", 60),
    "no such account": ([Fault(faults.error(404, 20404), "GET", "Messages.json")], 0, 6, "20404", 60),
    "the list does not come": ([Fault(faults.silent, "GET", "Messages.json")], 0, 6, "ReadTimeout", 60),
    "the list breaks off": ([Fault(faults.cut, "GET", "Messages.json")], 0, 6, "ConnectionError", 60),
    "the list breaks in the middle": (
        [Fault(faults.cut_in_the_middle, "GET", "Messages.json")],
        0,
        6,
        "ChunkedEncodingError",
        60,
    ),
    "slow lists": ([Fault(faults.slow, "GET", "Messages.json")], 6, 0, None, HOUR),
    "every message twice": ([Fault(faults.doubled, "GET", "Messages.json")], 6, 0, None, HOUR),
    "others delete meanwhile": ([Fault(faults.vanishing, "GET", "DateSent")], 0, 0, None, HOUR),
    "dates that nobody can read": ([Fault(faults.without_dates, "GET", "Messages.json")], 0, 6, None, HOUR),
    "one deletion fails": ([Fault(faults.error(500, 20500), times=1)], 5, 1, "20500", 60),
    "all deletions fail": ([Fault(faults.error(500, 20500))], 0, 6, "20500", 60),
    "a page says yes to a deletion": ([Fault(faults.html(200), times=1)], 5, 1, "200", 60),
    "a deletion breaks off": ([Fault(faults.cut, times=1)], 5, 1, "ConnectionError", 60),
    "done, but no answer": ([Fault(faults.done_and_silent, times=1)], 5, 0, "ReadTimeout", 60),
    "media that are gone": ([Fault(faults.error(404, 20404), part="/Media/")], 6, 0, None, HOUR),
    "media that cannot be listed": ([Fault(faults.error(500, 20500), "GET", "Media.json")], 5, 1, "20500", 60),
}


@pytest.mark.parametrize("name", FAULTS)
def test_whatever_goes_wrong_nothing_is_lost_or_deleted_too_much(
    twilio: Twilio, copies: Copies, redis: Redis, events: list[object], name: str
) -> None:
    broken, deleted, stay, error, pause = FAULTS[name]
    young = talk(twilio, hours_ago=3)
    talk(twilio, hours_ago=30)
    twilio.faults += [replace(fault) for fault in broken]
    now = time.time()
    sweep = copies.delete_old(now)
    assert (sweep.deleted, sweep.error, sweep.pause) == (deleted, error, pause)
    assert young <= twilio.sids() and len(twilio.sids() - young) == stay
    assert last_sweep(redis) == sweep
    assert not re.search(r"\+|SM|MM|whatsapp", repr(events)), "no address, no id and no text of Twilio's in the log"
    twilio.faults.clear()
    copies.delete_old(now + DAY)
    # Three hours old then, and a day later: over their time too.
    assert not twilio.sids()


def test_a_message_that_always_fails_does_not_hold_up_the_others(twilio: Twilio, copies: Copies) -> None:
    talk(twilio, hours_ago=30)
    poison = max(twilio.sids())
    twilio.faults.append(Fault(faults.error(500, 20500), part=poison))
    now = time.time()
    pauses = [copies.delete_old(now + hour).pause for hour in range(9)]
    assert twilio.sids() == {poison}
    assert pauses == [60, 120, 240, 480, 960, 1920, HOUR, HOUR, HOUR]
    twilio.faults.clear()
    assert copies.delete_old(now + 10).pause == HOUR and not twilio.sids()


def test_not_even_as_many_as_end_a_sweep(twilio: Twilio, copies: Copies) -> None:
    talk(twilio, hours_ago=30)
    twilio.faults.append(Fault(faults.error(500, 20500), times=3))
    now = time.time()
    assert copies.delete_old(now).deleted == 0
    poison = {path.rsplit("/", 1)[1].removesuffix(".json") for method, path in twilio.asked if method == "DELETE"}
    twilio.faults = [Fault(faults.error(500, 20500), part=sid) for sid in poison]
    assert len(poison) == 3 and copies.delete_old(now + 60).deleted == 3
    assert twilio.sids() == poison


def test_a_carrier_that_is_down_is_not_asked_for_every_message(twilio: Twilio, copies: Copies) -> None:
    talk(twilio, hours_ago=30)
    twilio.faults.append(Fault(faults.error(503, 20503)))
    copies.delete_old(time.time())
    assert len([1 for method, _ in twilio.asked if method == "DELETE"]) == 3


def test_a_large_backlog_is_done_in_pieces(twilio: Twilio, copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 4)
    monkeypatch.setattr("bot.channels.carrier.PAGE", 3)
    young = talk(twilio, hours_ago=1)
    talk(twilio, hours_ago=30)
    talk(twilio, hours_ago=50)
    sweeps = [copies.delete_old(time.time())]
    while sweeps[-1].more:
        assert sweeps[-1].pause == 0 and sweeps[-1].deleted and len(sweeps) < 9
        sweeps.append(copies.delete_old(time.time()))
    assert twilio.sids() == young and sum(each.deleted for each in sweeps) == 12
    assert max(each.deleted for each in sweeps) == 4 and sweeps[-1].pause == HOUR


def test_lists_without_end_and_deletions_without_end_end(
    twilio: Twilio, copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.4)
    young = talk(twilio, hours_ago=1)
    talk(twilio, hours_ago=30)
    twilio.faults.append(Fault(faults.endless, "GET", "Messages.json"))
    sweep = copies.delete_old(time.time())
    assert sweep.more and twilio.sids() >= young
    twilio.clear()
    talk(twilio, hours_ago=1)
    twilio.faults.append(Fault(faults.endless, "GET", "Messages.json"))
    assert copies.delete_old(time.time()).pause == 60, "nothing to delete and no end: not at once again"
    assert not copies.left_now(time.time(), seconds=0.2).whole


def test_a_wrong_key_is_said(twilio: Twilio, settings: Settings, redis: Redis) -> None:
    made = copies_for(replace(settings, twilio_api_secret="wrong"), redis, time.time, TIMEOUT)
    assert made is not None
    sweep = made.delete_old(time.time())
    assert (sweep.error, sweep.pause) == ("20003", HOUR)
    with pytest.raises(CarrierError, match="20003"):
        made.left_now(time.time())


def test_nobody_listens(settings: Settings, redis: Redis) -> None:
    made = copies_for(replace(settings, twilio_api_base="http://127.0.0.1:9"), redis, time.time, TIMEOUT)
    assert made is not None and not made.delete_copies(ANA)
    assert made.delete_old(time.time()).error == "ConnectionError"


def test_no_id_and_no_number_is_kept(twilio: Twilio, copies: Copies, redis: Redis) -> None:
    """Not even of what the carrier refused: its own id leads to the number."""
    sids = talk(twilio, hours_ago=30)
    twilio.faults.append(Fault(faults.error(409, 20009)))
    copies.delete_old(time.time())
    copies.delete_copies(ANA)
    held = b"".join(name + (redis.dump(name) or b"") for name in redis.scan_iter())
    assert redis.zcard("copies:refused") == 6
    for trace in (*sids, ANA, ANA[1:], LUIS[1:], SMS):
        assert trace.encode() not in held


def test_without_redis_nothing_is_asked(twilio: Twilio, settings: Settings, tmp_path: Path) -> None:
    with running(tmp_path) as server:
        made = copies_for(settings, server.client(), time.time, TIMEOUT)
        assert made is not None
        talk(twilio, hours_ago=30)
        server.kill()
        with pytest.raises(StoreDown):
            made.delete_old(time.time())
        assert not twilio.asked
        server.start()
        assert made.delete_old(time.time()).deleted == 6
