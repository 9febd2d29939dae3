"""The client of the model: what it believes of a real Rasa, and that no fault of a server or of the network hurts it."""

from __future__ import annotations

import http.server
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.intents import rasa as client_module
from bot.intents.intent import UNKNOWN, Intent
from bot.intents.rasa import FAILURES, MOST_CHARACTERS, RasaClient, shared_token
from bot.language import Language
from tests.servers import Rasa, free_port

MODEL = "puente-0123456789ab.tar.gz"
KNOWN = frozenset({"home_visit", "greet", "thank"})
GOOD = {
    "text": "x",
    "model": MODEL,
    "intent": {"name": "home_visit", "confidence": 0.8},
    "intent_ranking": [{"name": "home_visit", "confidence": 0.8}, {"name": "greet", "confidence": 0.1}],
    "language": {"name": "es", "confidence": 0.9},
    "language_ranking": [{"name": "es", "confidence": 0.9}, {"name": "quc", "confidence": 0.1}],
}
# Where an answer is expected it is waited for as long as a busy machine may need; where none can come, hardly at all.
PATIENT, HASTY = 20.0, 0.1


class LoopbackServer(http.server.ThreadingHTTPServer):
    """Answers each request with the next of ``plans`` (the last one again and again) and remembers what it was asked."""

    daemon_threads = True

    def __init__(self, *plans: Callable[[http.server.BaseHTTPRequestHandler], None], port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.plans = list(plans)
        self.asked: list[tuple[str, str, Any]] = []
        self.connections = 0
        self.over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what these tests are about."""

    def close(self) -> None:
        self.over.set()
        self.shutdown()
        self.server_close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: LoopbackServer

    def log_message(self, *args: Any) -> None: ...

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, json.loads(body) if body else None))
        plans = self.server.plans
        (plans.pop(0) if len(plans) > 1 else plans[0])(self)

    do_GET = do_POST


Plan = Callable[[http.server.BaseHTTPRequestHandler], None]


def says(content: object, status: int = 200) -> Plan:
    """A plan: this body, as JSON unless it is bytes."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()

    def plan(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return plan


def hangs(handler: Any) -> None:
    """A plan: never answers."""
    handler.server.over.wait()
    handler.close_connection = True


def drips(handler: Any) -> None:
    """A plan: answers well, but a byte at a time, each well within any single wait."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b" ")


def hangs_up(handler: Any) -> None:
    """A plan: closes the connection without an answer."""
    handler.close_connection = True


def speaks_otherwise(handler: Any) -> None:
    """A plan: bytes that are not HTTP."""
    handler.wfile.write(b"\x00\xff garbage\r\n\r\n")
    handler.close_connection = True


@pytest.fixture
def serve() -> Iterator[Callable[..., LoopbackServer]]:
    """Starts loopback servers, and ends them."""
    servers = []

    def start(*plans: Plan, port: int = 0) -> LoopbackServer:
        servers.append(LoopbackServer(*plans, port=port))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def client(*urls: str, **changes: Any) -> RasaClient:
    return RasaClient(urls, "secret-token", KNOWN, **{"timeout": PATIENT, **changes})


def test_an_answer_becomes_an_understanding(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(says(GOOD))
    understood = client(server.url).parse("¿y si vienen?")
    assert understood is not None
    assert understood.ranking == (Intent("home_visit", 0.8), Intent("greet", 0.1))
    assert understood.languages == ((Language.ES, 0.9), (Language.QUC, 0.1))
    assert server.asked == [("POST", "/model/parse?token=secret-token", {"text": "¿y si vienen?"})]


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("/agents_here_now", "agents_here_now"),
        ("//greet", "greet"),
        (" \t/ /greet{}", "greet{}"),
        ("\u200b/greet", "greet"),
        ("\u2060\ufeff/\u200d/greet", "greet"),
        ("a/b", "a/b"),
        ("x" * 700, "x" * MOST_CHARACTERS),
        ("/" * 700 + "hola", "hola"),
        ("hola\ud800", "hola?"),
        ("  k'o  ", "k'o"),
    ],
)
def test_what_reaches_rasa(serve: Callable[..., LoopbackServer], text: str, sent: str) -> None:
    server = serve(says(GOOD))
    client(server.url).parse(text)
    assert server.asked[0][2] == {"text": sent}


@pytest.mark.parametrize(
    "text", ["", "   ", "/", "// /", "\u200b"], ids=["nothing", "blanks", "slash", "slashes", "invisible"]
)
def test_nothing_to_understand_is_understood_without_asking(serve: Callable[..., LoopbackServer], text: str) -> None:
    server = serve(says(GOOD))
    assert client(server.url).parse(text) == UNKNOWN
    assert server.asked == []


def test_only_known_intents_and_languages_count(serve: Callable[..., LoopbackServer]) -> None:
    ranking = [{"name": "nlu_fallback", "confidence": 0.9}, {"name": "greet", "confidence": 0.05}]
    languages = [{"name": "fr", "confidence": 0.9}, {"name": "en", "confidence": 0.1}]
    server = serve(says({**GOOD, "intent_ranking": ranking, "language_ranking": languages}))
    understood = client(server.url).parse("bonjour")
    assert understood is not None
    assert understood.ranking == (Intent("greet", 0.05),)
    assert understood.languages == ((Language.EN, 0.1),)


def test_another_mayan_language_is_told_from_any_other(serve: Callable[..., LoopbackServer]) -> None:
    languages = [{"name": name, "confidence": 0.25} for name in ("mayan", "other", "quc", "es")]
    server = serve(says({**GOOD, "language_ranking": languages}))
    understood = client(server.url).parse("xhi kyten alkyeqe")
    assert understood is not None and (understood.foreign, understood.mayan) == (0.5, 0.25)


def test_the_likeliest_comes_first_whatever_the_order(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(says({**GOOD, "intent_ranking": GOOD["intent_ranking"][::-1]}))
    understood = client(server.url).parse("hola")
    assert understood is not None and understood.ranking[0] == Intent("home_visit", 0.8)


@pytest.mark.parametrize("text", ["ok", "no", "👍", "12345 67", "?"])
def test_too_few_letters_show_no_language(serve: Callable[..., LoopbackServer], text: str) -> None:
    understood = client(serve(says(GOOD)).url).parse(text)
    assert understood is not None and understood.languages == () and understood.ranking


ODD_ANSWERS = {
    "409 no model": says({"status": "failure"}, 409),
    "401 wrong token": says({"status": "failure"}, 401),
    "500": says({"status": "failure"}, 500),
    "redirect": says(GOOD, 302),
    "not JSON": says(b"<html>"),
    "not UTF-8": says(b"\xff\xfe{}"),
    "deep JSON": says(b"[" * 50_000),
    "a list": says([GOOD]),
    "no ranking": says({"model": MODEL}),
    "ranking of strings": says({**GOOD, "intent_ranking": ["greet"]}),
    "confidence as text": says({**GOOD, "intent_ranking": [{"name": "greet", "confidence": "1"}]}),
    "confidence over 1": says({**GOOD, "intent_ranking": [{"name": "greet", "confidence": 1.5}]}),
    "confidence not a number": says(b'{"intent_ranking": [{"name": "greet", "confidence": NaN}]}'),
    "no languages": says({**GOOD, "language_ranking": None}),
    "huge": says(b" " * 100_000 + json.dumps(GOOD).encode()),
    "hangs up": hangs_up,
    "garbage": speaks_otherwise,
    "hangs": hangs,
    "drips": drips,
}


@pytest.mark.timeout(60)  # a call without a bound would wait for ever
@pytest.mark.parametrize("plan", ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
def test_an_odd_answer_is_none(serve: Callable[..., LoopbackServer], plan: Plan) -> None:
    assert client(serve(plan).url).parse("la migra está aquí", HASTY) is None


def test_nobody_listens() -> None:
    assert client(f"http://127.0.0.1:{free_port()}").parse("hola") is None


def test_no_replica_at_all() -> None:
    asking = RasaClient((), None, KNOWN)
    assert asking.parse("hola") is None
    assert not asking.ready(None)


@pytest.mark.parametrize("url", ["https://127.0.0.1:5005", "127.0.0.1:5005", "http://"])
def test_an_address_that_cannot_be_meant(url: str) -> None:
    with pytest.raises(ValueError, match="RASA_URL must look like http"):
        client(url)


def test_one_connection_is_kept(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(says(GOOD))
    asking = client(server.url)
    for _ in range(5):
        assert asking.parse("hola")
    assert (len(server.asked), server.connections) == (5, 1)


def test_a_kept_connection_that_was_closed_costs_nothing(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(says(GOOD), hangs_up, says(GOOD))
    asking = client(server.url)
    assert asking.parse("hola")
    assert asking.parse("hola"), "asked once more on a new connection"


def test_a_dead_replica_leaves_the_work_to_the_other(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(says(GOOD))
    asking = client(f"http://127.0.0.1:{free_port()}", server.url)
    assert all(asking.parse("hola") for _ in range(6))


def test_a_hanging_replica_leaves_time_for_the_other(serve: Callable[..., LoopbackServer]) -> None:
    slow, good = serve(hangs), serve(says(GOOD))
    assert client(slow.url, good.url).parse("hola", 2.0)
    assert slow.asked, "the hanging one was asked first"


def test_replicas_share_the_work(serve: Callable[..., LoopbackServer]) -> None:
    one, two = serve(says(GOOD)), serve(says(GOOD))
    asking = client(one.url, two.url)
    for _ in range(6):
        asking.parse("hola")
    assert (len(one.asked), len(two.asked)) == (3, 3)


def test_a_silent_replica_is_left_alone(serve: Callable[..., LoopbackServer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "REST", 3600.0)
    server = serve(*[hangs] * FAILURES, says(GOOD))
    asking = client(server.url)
    for _ in range(FAILURES + 5):
        assert asking.parse("hola", HASTY) is None
    assert len(server.asked) == FAILURES


def test_after_its_rest_it_is_asked_again(
    serve: Callable[..., LoopbackServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "REST", 0.0)
    asking = client(serve(*[hangs] * FAILURES, says(GOOD)).url)
    for _ in range(FAILURES):
        assert asking.parse("hola", HASTY) is None
    assert asking.parse("hola")


def test_after_the_rest_one_caller_tries_and_the_others_do_not(
    serve: Callable[..., LoopbackServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "REST", 0.0)
    server = serve(hangs)
    asking = client(server.url, timeout=HASTY)
    for _ in range(FAILURES):
        asking.parse("hola")
    monkeypatch.setattr(client_module, "REST", 3600.0)
    threads = [threading.Thread(target=asking.parse, args=("hola",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.asked) == FAILURES + 1


def test_a_check_that_finds_it_ends_its_rest(
    serve: Callable[..., LoopbackServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "REST", 3600.0)
    server = serve(*[hangs] * FAILURES, says({"model_file": MODEL}), says(GOOD))
    asking = client(server.url)
    for _ in range(FAILURES):
        asking.parse("hola", HASTY)
    assert asking.ready(MODEL)
    assert asking.parse("hola")


def test_odd_answers_make_nobody_rest(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(*[says({}, 500)] * (FAILURES + 2), says(GOOD))
    asking = client(server.url)
    for _ in range(FAILURES + 2):
        assert asking.parse("a text that breaks the model") is None
    assert asking.parse("hola"), "a server that answers 500 to one person is there for the next"


def test_another_model_is_not_believed_until_it_is_the_right_one(serve: Callable[..., LoopbackServer]) -> None:
    other = {**GOOD, "model": "puente-ffffffffffff.tar.gz"}
    server = serve(says(other), says({k: v for k, v in GOOD.items() if k != "model"}), says(GOOD))
    asking = client(server.url, model=MODEL)
    assert asking.parse("hola") is None, "another model"
    assert asking.parse("hola") is None, "a model without a name"
    assert asking.parse("hola"), "the right one, at once"


@pytest.mark.parametrize(
    ("status", "expected", "is_ready"),
    [
        (says({"model_file": MODEL}), MODEL, True),
        (says({"model_file": f"/somewhere/{MODEL}"}), f"/elsewhere/{MODEL}", True),
        (says({"model_file": "other.tar.gz"}), None, True),
        (says({"model_file": "other.tar.gz"}), MODEL, False),
        (says({"model_file": None}), None, False),
        (says({"status": "failure"}, 409), None, False),
        (says({"status": "failure"}, 401), None, False),
        (hangs, None, False),
    ],
    ids=["right", "paths do not matter", "any", "another", "unnamed", "none loaded", "wrong token", "hangs"],
)
def test_ready(serve: Callable[..., LoopbackServer], status: Plan, expected: str | None, is_ready: bool) -> None:
    server = serve(status)
    asking = client(server.url, timeout=HASTY if status is hangs else PATIENT)
    assert asking.ready(expected) is is_ready
    assert server.asked == [("GET", "/status?token=secret-token", None)]


def test_what_ready_was_told_to_expect_holds_for_every_answer(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(says({"model_file": "other.tar.gz"}), says({**GOOD, "model": "other.tar.gz"}), says(GOOD))
    asking = client(server.url)
    assert not asking.ready(MODEL)
    assert asking.parse("hola") is None
    assert asking.parse("hola")


@pytest.mark.parametrize("plan", ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
def test_no_log_holds_the_text_or_the_token(
    serve: Callable[..., LoopbackServer], plan: Plan, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with capture_logs() as logged:
        client(serve(plan).url).parse("VERY PRIVATE WORDS", HASTY)
    written = json.dumps(logged) + caplog.text
    assert "model.unusable" in written, "the operator learns that it happened"
    assert "PRIVATE" not in written and "secret-token" not in written


def test_the_operator_hears_once_of_each_trouble(serve: Callable[..., LoopbackServer]) -> None:
    server = serve(says({}, 409), says({}, 409), says(GOOD))
    asking = client(server.url)
    with capture_logs() as logged:
        for _ in range(4):
            asking.parse("hola")
    assert [(line["event"], line.get("error")) for line in logged] == [
        ("model.unusable", "status 409"),
        ("model.back", None),
    ]


def test_both_sides_of_a_machine_get_the_same_token(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    tokens: list[str] = []
    threads = [threading.Thread(target=lambda: tokens.append(shared_token(folder))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 8 and len(set(tokens)) == 1 and len(tokens[0]) >= 32
    assert (folder / "rasa_token").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == ["rasa_token"]


def test_a_server_that_comes_back_on_its_port_is_asked_again(serve: Callable[..., LoopbackServer]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asking = client(f"http://127.0.0.1:{port}")
    assert asking.parse("hola") is None
    serve(says(GOOD), port=port)
    assert asking.parse("hola")


@pytest.mark.slow
class TestRealRasa:
    """The trained model behind Rasa's own server, started as the Procfile does."""

    KNOWN = frozenset({"agents_here_now", "home_visit", "greet", "services_legal", "self_harm"})

    def asking(self, rasa: Rasa, **changes: Any) -> RasaClient:
        return RasaClient([rasa.url], changes.pop("token", rasa.token), self.KNOWN, timeout=5.0, **changes)

    @pytest.mark.parametrize(
        ("text", "intent", "language"),
        [
            ("la migra está tocando la puerta de mi casa ahorita", "agents_here_now", Language.ES),
            ("ICE is knocking at my door right now", "agents_here_now", Language.EN),
            ("necesito un abogado de inmigración", "services_legal", Language.ES),
        ],
    )
    def test_it_understands(self, rasa: Rasa, text: str, intent: str, language: Language) -> None:
        understood = self.asking(rasa).parse(text)
        assert understood is not None
        assert understood.ranking[0].name == intent
        assert understood.languages[0][0] is language

    def test_a_slash_is_no_command(self, rasa: Rasa) -> None:
        understood = self.asking(rasa).parse("/self_harm")
        assert understood is not None and understood.languages, "the pipeline has read it"
        assert understood.ranking == () or understood.ranking[0].confidence < 1.0

    @pytest.mark.parametrize(
        "text",
        ["👍", "?", "\x00", "a" * 5000, "ﷺ" * 600, "\ud83d", "k\u0301\u0302" * 300, "{'a': 1}", "\u202eabc"],
        ids=["emoji", "mark", "NUL", "long", "ligatures", "surrogate", "accents", "braces", "right to left"],
    )
    def test_it_answers_whatever_is_sent(self, rasa: Rasa, text: str) -> None:
        assert self.asking(rasa).parse(text) is not None

    def test_the_right_model_is_ready_and_another_is_not_believed(self, rasa: Rasa) -> None:
        assert self.asking(rasa).ready(None)
        asking = self.asking(rasa)
        assert not asking.ready(MODEL)
        assert asking.parse("hola") is None

    def test_a_wrong_token_is_no_answer(self, rasa: Rasa) -> None:
        asking = self.asking(rasa, token="wrong")
        assert asking.parse("hola") is None
        assert not asking.ready(None)
