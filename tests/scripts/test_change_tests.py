"""Kept conversations: the real engine, every language, no model."""

from __future__ import annotations

import pytest

from bot.language import Language
from bot.message import Channel
from bot.scripts.change_tests import Kept, begin, path_of, paths_of, replayed, talked
from bot.scripts.release import Release
from bot.scripts.walker import Walker
from bot.settings import Settings
from tests.scripts.small import SHIPPED, Small


def kept(release: Release, *said: str) -> Kept:
    """A conversation of the flow ``home`` as it goes now."""
    return Kept(1, "home", "at the door", Language.ES, said, paths_of(release, "home", said), 1, 0)


def test_it_takes_the_same_way_on_the_same_release() -> None:
    release = Small().release()
    (again,) = replayed([kept(release, "2", "1", "2")], release)
    assert again.right and [stop.at for stop in again.now[Language.QUC]] == [
        "home.first", "home.inner", "home.first", "home.inner",
    ]  # fmt: skip


def test_a_choice_that_leads_elsewhere_shows_where_the_ways_part() -> None:
    small = Small()
    before = kept(small.release(), "2", "1")
    small.step("home")["choices"][2] = {"label": "more", "flow": "greet"}
    (after,) = replayed([before], small.release())
    assert not after.right and set(after.changed) == set(Language)
    assert after.parts_at(Language.ES) == 1 and after.now[Language.ES][1].said == ("greet.first",)


def test_other_words_on_the_same_way_change_nothing() -> None:
    small = Small()
    before = kept(small.release(), "2")
    small.step("home", "inner")["say"] = "Something quite different."
    (after,) = replayed([before], small.release())
    assert after.right


def test_a_test_of_a_flow_that_is_gone_is_not_replayed() -> None:
    small = Small()
    before = kept(small.release(), "2")
    del small.flows["home"]
    assert replayed([before], small.release()) == ()


@pytest.mark.parametrize("flow", sorted(SHIPPED.release.script.flows.keys() - {"notices"}))
def test_every_shipped_flow_can_be_begun(flow: str) -> None:
    walker = Walker(SHIPPED.release, Settings(), Language.ES, Channel.SMS)
    first = begin(walker, flow)
    (stop,) = path_of([first])
    assert first.reply.text and (stop.said or stop.at)


def test_what_lexicons_know_is_understood_in_a_test() -> None:
    walker = Walker(SHIPPED.release, Settings(), Language.ES, Channel.SMS)
    *_, last = path_of(talked(walker, "services_health", ["60629", "la migra está en mi puerta"]))
    assert last.said[0].startswith("agents_here_now.")
