"""What turns ask for is asked of the stores once in some seconds, and nobody waits for a slow one but who asks first."""

from __future__ import annotations

import threading

from bot.store.remembered import Remembered


class Store:
    """Answers what ``says`` holds; while ``gate`` is shut it does not answer."""

    def __init__(self, says: int | None) -> None:
        self.says, self.asked, self.gate = says, 0, threading.Event()
        self.gate.set()

    def __call__(self) -> int | None:
        self.asked += 1
        self.gate.wait(30)
        return self.says


def test_it_is_asked_once_in_its_time_and_again_when_the_clock_went_back() -> None:
    store, now = Store(1), [100.0]
    held = Remembered(store, 0, 4.0, lambda: now[0])
    assert [held.now() for _ in range(3)] == [1, 1, 1] and store.asked == 1
    store.says = 2
    now[0] += 3.9
    assert held.now() == 1
    now[0] += 0.1
    assert held.now() == 2
    store.says, now[0] = 3, 50.0
    assert held.now() == 3


def test_what_nobody_can_tell_leaves_what_was_known() -> None:
    store, now = Store(None), [0.0]
    held = Remembered(store, 7, 4.0, lambda: now[0])
    assert held.now() == 7
    store.says, now[0] = 8, 5.0
    assert held.now() == 8
    store.says, now[0] = None, 10.0
    assert held.now() == 8


def test_the_newest_holds_where_there_is_an_order() -> None:
    store, now = Store(5), [0.0]
    held = Remembered(store, 0, 4.0, lambda: now[0], max)
    assert held.now() == 5
    held.set(9)
    now[0] = 5.0
    assert held.now() == 9, "an older answer of a store that lags behind"


def test_while_a_store_is_slow_the_others_go_by_what_is_known() -> None:
    store, now = Store(1), [0.0]
    held = Remembered(store, 0, 4.0, lambda: now[0])
    assert held.now() == 1
    store.says, now[0] = 2, 5.0
    store.gate.clear()
    first = threading.Thread(target=held.now)
    first.start()
    while store.asked < 2:
        pass
    assert held.now() == 1
    store.gate.set()
    first.join()
    assert held.now() == 2


def test_what_is_forgotten_is_asked_at_once() -> None:
    store = Store(1)
    held = Remembered(store, 0, 4.0, lambda: 0.0)
    assert held.now() == 1
    store.says = 2
    held.forget()
    assert held.now() == 2


def test_before_anything_is_known_everybody_waits_for_the_first_answer() -> None:
    store, told = Store(1), list[int]()
    held = Remembered(store, 0, 4.0, lambda: 0.0)
    store.gate.clear()
    threads = [threading.Thread(target=lambda: told.append(held.now())) for _ in range(4)]
    threads[0].start()
    while not store.asked:
        pass
    for thread in threads[1:]:
        thread.start()
    threads[1].join(0.2)
    assert told == [], "nobody goes by what is not known yet"
    store.gate.set()
    for thread in threads:
        thread.join(30)
    assert told == [1, 1, 1, 1] and store.asked == 1
