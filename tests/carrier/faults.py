"""What can go wrong between us and Twilio, one function each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from tests.carrier.fake import MESSAGES, Exchange

PATIENCE = 0.4
"""Seconds that the client of the tests waits for an answer."""
WAIT = 0.6
"""Longer than that."""


def error(status: int, code: int) -> Callable[[Exchange], None]:
    """Twilio's own error in JSON; nothing is done."""
    body = json.dumps({"code": code, "message": f"+12025550101 {code}", "status": status}).encode()
    return lambda exchange: exchange.answer(status, body)


def html(status: int) -> Callable[[Exchange], None]:
    """A page of something in between; nothing is done."""
    return lambda exchange: exchange.answer(status, b"<html>+12025550101</html>", "text/html")


def done_and_silent(exchange: Exchange) -> None:
    """It is done, and the answer does not come."""
    exchange.forward()
    time.sleep(WAIT)


def silent(exchange: Exchange) -> None:
    """Nothing is done, and no answer comes."""
    time.sleep(WAIT)


def slow(exchange: Exchange) -> None:
    """It takes a while, and is answered."""
    answer = exchange.forward()
    time.sleep(0.05)
    exchange.answer(*answer)


def cut(exchange: Exchange) -> None:
    """The connection breaks before an answer."""
    exchange.handler.connection.close()


def cut_in_the_middle(exchange: Exchange) -> None:
    """The connection breaks in the middle of the answer."""
    status, body = exchange.forward()
    exchange.handler.send_response(status)
    exchange.handler.send_header("Content-Length", str(len(body) + 100))
    exchange.handler.end_headers()
    exchange.handler.wfile.write(body[: len(body) // 2])


def doubled(exchange: Exchange) -> None:
    """Every message of the page stands there twice."""
    status, body = exchange.forward()
    page = json.loads(body)
    page["messages"] *= 2
    exchange.answer(status, json.dumps(page).encode())


def unfiltered(exchange: Exchange) -> None:
    """The list is not of the person who was asked for, but of everybody."""
    authorization = exchange.handler.headers.get("Authorization")
    exchange.answer(*exchange.twilio.through("GET", exchange.handler.path.partition("?")[0], authorization))


def endless(exchange: Exchange) -> None:
    """The next page is this page again."""
    status, body = exchange.forward()
    page = json.loads(body)
    page["next_page_uri"] = exchange.handler.path
    exchange.answer(status, json.dumps(page).encode())


def vanishing(exchange: Exchange) -> None:
    """Between list and deletion somebody else deletes what was listed."""
    status, body = exchange.forward()
    for each in json.loads(body)["messages"]:
        exchange.twilio.emulate.ask("DELETE", f"{MESSAGES}/{each['sid']}.json")
    exchange.answer(status, body)


def without_dates(exchange: Exchange) -> None:
    """The dates cannot be read."""
    status, body = exchange.forward()
    page = json.loads(body)
    for each in page["messages"]:
        each["date_sent"] = each["date_created"] = "yesterday"
    exchange.answer(status, json.dumps(page).encode())


def backwards(exchange: Exchange) -> None:
    """A page lists the oldest first."""
    status, body = exchange.forward()
    page = json.loads(body)
    page["messages"].reverse()
    exchange.answer(status, json.dumps(page).encode())


def told_as(**values: object) -> Callable[[Exchange], None]:
    """It is done, and told of with these values, in a list of all of them."""

    def answer(exchange: Exchange) -> None:
        status, body = exchange.forward()
        told = json.loads(body)
        for each in told.get("messages", [told]):
            each.update(values)
        exchange.answer(status, json.dumps(told).encode())

    return answer


def a_list(exchange: Exchange) -> None:
    """JSON, but not what Twilio says."""
    exchange.answer(200, b"[1, 2, 3]")


def done_and_cut(exchange: Exchange) -> None:
    """It is done, and the connection breaks before the answer."""
    exchange.forward()
    cut(exchange)


def done_and_error(exchange: Exchange) -> None:
    """It is done, and something in between says that it failed."""
    exchange.forward()
    exchange.answer(500, b"<html>+12025550101</html>", "text/html")


def lost(exchange: Exchange) -> None:
    """A report that nobody gets."""
    exchange.answer(204)


def twice(exchange: Exchange) -> None:
    """A report that comes twice."""
    exchange.forward()
    exchange.answer(*exchange.forward())


def held_back(exchange: Exchange) -> None:
    """A report that waits until somebody lets it go, in whatever order."""
    exchange.twilio.held.append(exchange)
    exchange.answer(204)
