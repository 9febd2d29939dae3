"""Passwords and codes guessed as fast as somebody likes, for an hour of the bot's clock: how many are looked at at all.

A guess counts as having reached an account when its password, or a code of its second step, was compared.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.console import freshness, login
from bot.store.second_factors import SecondFactors
from bot.store.tries import STRANGERS
from tests.console.browsing import PASSWORD, Account, Console
from tests.console.clients import Hand, hand

HOUR = 3600
MOST = 100
"""An account, an hour: reference figure F11."""


@dataclass
class Guessed:
    """What a way of guessing came to: ``tried`` requests, ``reached`` comparisons with what is held of the account."""

    way: str
    tried: int = 0
    reached: int = 0
    let_in: bool = False
    statuses: dict[int, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.reached <= MOST and not self.let_in


class Guesser:
    """Somebody without a password, at one console. Each way of guessing takes an hour."""

    def __init__(self, console: Console, seed: int) -> None:
        self.console, self.random = console, random.Random(seed)
        self._reached = 0

    def ways(self) -> dict[str, Callable[[Account], Callable[[int], int]]]:
        """Each gives, for an account, what one guess is answered: a status."""
        return {
            "one browser": self._one_browser,
            "a new browser and address for each guess": self._new_browsers,
            "the mail spelled in other ways": self._spellings,
            "all other accounts in between": self._in_between,
            "codes of the second step, after the right password": self._codes,
            "recovery codes, after the right password": self._recovery,
            "the page that asks again, with a stolen login": self._asked_again,
            "the page that changes the password, with a stolen login": self._changing,
        }

    def hour(self, way: str, account: Account, guesses: int) -> Guessed:
        """So many guesses, evenly over an hour."""
        told, before = Guessed(way), self._forget()
        with self._counting():
            self._reached = 0
            guess = self.ways()[way](account)
            for number in range(guesses):
                self._advance(HOUR / guesses)
                status = guess(number)
                told.tried += 1
                told.statuses[status] = told.statuses.get(status, 0) + 1
                told.let_in |= status in (302, 303)
            told.reached = self._reached
        self.console.advance(before - self._forget())
        return told

    def _one_browser(self, account: Account) -> Callable[[int], int]:
        browser = hand(self.console)
        token = browser.token("/login")
        return lambda number: self._log_in(browser, token, account.email, f"guess {number}")

    def _new_browsers(self, account: Account) -> Callable[[int], int]:
        token_of = hand(self.console)
        token, word = token_of.token("/login"), token_of.word

        def guess(number: int) -> int:
            browser = hand(self.console)
            browser.client.set_cookie("console", word or "", path="/")
            where = ".".join(str(self.random.randrange(1, 255)) for _ in range(4))
            headers = {
                "X-Forwarded-For": where,
                "X-Real-IP": where,
                "Forwarded": f"for={where}",
                "User-Agent": f"b{number}",
            }
            return self._log_in(browser, token, account.email, f"guess {number}", headers, where)

        return guess

    def _spellings(self, account: Account) -> Callable[[int], int]:
        browser = hand(self.console)
        token = browser.token("/login")

        def guess(number: int) -> int:
            letters = (each.upper() if self.random.random() < 0.5 else each for each in account.email)
            around = self.random.choices([" ", "\t", "\u00a0", "\u2003", "\r\n", ""], k=2)
            return self._log_in(browser, token, f"{around[0]}{''.join(letters)}{around[1]}", f"guess {number}")

        return guess

    def _in_between(self, account: Account) -> Callable[[int], int]:
        """So that counters are pushed out of wherever they are held."""
        browser = hand(self.console)
        token = browser.token("/login")

        def guess(number: int) -> int:
            email = account.email if number % 2 else f"nobody.{number}@example.org"
            return self._log_in(browser, token, email, f"guess {number}")

        return guess

    def _codes(self, account: Account) -> Callable[[int], int]:
        return self._second(account, {})

    def _recovery(self, account: Account) -> Callable[[int], int]:
        return self._second(account, {"with": "paper"})

    def _second(self, account: Account, more: dict[str, str]) -> Callable[[int], int]:
        browser = hand(self.console)
        browser.log_in(account)
        self._reached, token = 0, browser.token("/second-step")
        since = self.console.desk.clock()

        def guess(number: int) -> int:
            nonlocal since, token
            if self.console.desk.clock() - since > login.PENDING_SECONDS - 30:
                reached = self._reached
                browser.log_in(account)
                self._reached, token, since = reached, browser.token("/login"), self.console.desk.clock()
            data = {"code": f"{self.random.randrange(1_000_000):06}", "csrf_token": token, **more}
            answer = browser.client.post("/console/second-step", data=data)
            return answer.status_code if "/login" not in (answer.location or "") else 0

        return guess

    def _asked_again(self, account: Account) -> Callable[[int], int]:
        browser = hand(self.console, account)
        token = browser.token()

        def guess(number: int) -> int:
            data = {"password": f"guess {number}", "csrf_token": token}
            return browser.client.post("/console/confirm", data=data).status_code

        return guess

    def _changing(self, account: Account) -> Callable[[int], int]:
        browser = hand(self.console, account)
        token = browser.token()

        def guess(number: int) -> int:
            data = {"password": f"guess {number}", "new": "cuatro palabras bien distintas", "csrf_token": token}
            return browser.client.post("/console/account/password", data=data).status_code

        return guess

    def _log_in(
        self, browser: Hand, token: str, email: str, password: str, headers: dict[str, str] | None = None, where: str = ""
    ) -> int:  # fmt: skip
        data = {"email": email, "password": password, "csrf_token": token}
        more = {"environ_base": {"REMOTE_ADDR": where}} if where else {}
        return browser.client.post("/console/login", data=data, headers=headers, **more).status_code

    def _advance(self, seconds: float) -> None:
        """The bot's clock and that of Redis, as far as it is for these counts."""
        self.console.advance(seconds)
        redis = self.console.desk.redis
        for name in redis.scan_iter(f"{STRANGERS}*"):
            left = redis.pttl(name) - int(seconds * 1000)
            redis.pexpire(name, left) if left > 0 else redis.delete(name)

    def _forget(self) -> float:
        redis = self.console.desk.redis
        for name in redis.scan_iter(f"{STRANGERS}*"):
            redis.delete(name)
        return self.console.desk.clock()

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """Counts what is compared with something of an account; the comparing itself is as it is."""
        fits, take, recovery = login.fits, SecondFactors.take, SecondFactors.take_recovery

        def noted(password: str, hash: str | None) -> bool:
            self._reached += hash is not None
            return fits(password, hash) if password == PASSWORD else False

        def taken(own: Callable[..., bool]) -> Callable[..., bool]:
            def counted(*args: object) -> bool:
                self._reached += 1
                return own(*args)

            return counted

        from bot.console import account as account_page

        places = [(login, "fits", noted), (freshness, "fits", noted), (account_page, "fits", noted)]
        places += [(SecondFactors, "take", taken(take)), (SecondFactors, "take_recovery", taken(recovery))]
        before = [(where, name, getattr(where, name)) for where, name, _ in places]
        for where, name, other in places:
            setattr(where, name, other)
        try:
            yield
        finally:
            for where, name, own in before:
                setattr(where, name, own)


def ratio(console: Console, account: Account, many: int) -> tuple[float, float]:
    """Medians in seconds of a wrong password for an account, and for a mail that nobody has; in turns, each from a fresh count."""
    browser, guesser = hand(console), Guesser(console, 0)
    token = browser.token("/login")
    times: dict[str, list[float]] = {account.email: [], "nobody.at.all@example.org": []}
    for number in range(2 * many):
        email = list(times)[number % 2]
        guesser._forget()
        console.desk.tries._here.clear()
        begun = time.perf_counter()
        browser.client.post("/console/login", data={"email": email, "password": "wrong", "csrf_token": token})
        times[email].append(time.perf_counter() - begun)
    known, unknown = (sorted(each)[len(each) // 2] for each in times.values())
    return known, unknown
