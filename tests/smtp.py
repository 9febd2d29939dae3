"""A mail server on this machine, for tests: it speaks SMTP as far as a client of ours needs it, and fails on order."""

from __future__ import annotations

import base64
import contextlib
import datetime
import email
import ipaddress
import socket
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "desk", "a secret: of/this @test"


@dataclass
class Received:
    """A mail as it came, and how."""

    sender: str
    to: list[str]
    raw: bytes
    encrypted: bool
    user: str | None

    @property
    def message(self) -> Message:
        return email.message_from_bytes(self.raw)

    @property
    def text(self) -> str:
        payload = self.message.get_payload(decode=True)
        assert isinstance(payload, bytes)
        return payload.decode()


@dataclass
class MailServer:
    """``answers``: what a command is answered instead; ``mute``: nothing is ever said. ``tls`` offers STARTTLS."""

    port: int = 0
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    login: bool = False
    mute: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)


class _Talk(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.desk: MailServer = self.server.desk  # type: ignore[attr-defined]
        self.encrypted, self.user, self.rcpt, self.mail = self.desk.implicit, None, list[str](), ""
        with contextlib.suppress(OSError):
            if self.desk.implicit:
                assert self.desk.tls is not None
                self.request = self.desk.tls.wrap_socket(self.request, server_side=True)
            self._talk()
        # What TLS put around the connection is ours to close.
        if isinstance(self.request, ssl.SSLSocket):
            self.request.close()

    def _talk(self) -> None:
        if self.desk.mute:
            self.request.recv(1)
            return
        self.file = self.request.makefile("rb")
        self._say("220 test")
        self._hear()
        self.file.close()

    def _hear(self) -> None:
        while line := self.file.readline():
            words = line.decode("utf-8", "replace").strip()
            self.desk.heard.append(words)
            verb = words.upper().split(" ")[0]
            if verb in self.desk.answers:
                self._say(self.desk.answers[verb])
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                getattr(self, f"_{verb.lower()}", self._unknown)(words)

    def _say(self, *lines: str) -> None:
        self.request.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def _unknown(self, words: str) -> None:
        self._say("502 what?")

    def _ehlo(self, words: str) -> None:
        offers = ["STARTTLS"] if self.desk.tls and not self.encrypted else []
        offers += ["AUTH PLAIN"] if self.desk.login else []
        lines = ["test", *offers, "8BITMIME"]
        self._say(*(f"250{'-' if n < len(lines) - 1 else ' '}{line}" for n, line in enumerate(lines)))

    def _starttls(self, words: str) -> None:
        assert self.desk.tls is not None
        self._say("220 go")
        self.file.close()
        self.request = self.desk.tls.wrap_socket(self.request, server_side=True)
        self.file, self.encrypted = self.request.makefile("rb"), True

    def _auth(self, words: str) -> None:
        _, user, password = base64.b64decode(words.split(" ")[2]).decode().split("\0")
        self.user = user if (user, password) == (USER, PASSWORD) else None
        self._say("235 yes" if self.user else "535 no")

    def _mail(self, words: str) -> None:
        self.mail, self.rcpt = words.partition(":")[2].split(" ")[0].strip("<>"), []
        self._say("250 ok")

    def _rcpt(self, words: str) -> None:
        self.rcpt.append(words.partition(":")[2].split(" ")[0].strip("<>"))
        self._say("250 ok")

    def _data(self, words: str) -> None:
        self._say("354 go")
        lines = []
        while (line := self.file.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.desk.received.append(Received(self.mail, self.rcpt, b"".join(lines), self.encrypted, self.user))
        self._say("250 ok")

    _rset = _noop = lambda self, words: self._say("250 ok")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    desk: MailServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off is what some tests are about."""


@contextlib.contextmanager
def mail_server(desk: MailServer) -> Iterator[MailServer]:
    """The server, listening on a port of its own of this machine."""
    server = _Server(("127.0.0.1", 0), _Talk)
    server.desk, desk.port = desk, server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def certificate(folder: Path, host: str = "localhost") -> tuple[ssl.SSLContext, Path]:
    """A certificate for this host: the server's context, and the file with which a client believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(host), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    file, secret = folder / f"{host}.pem", folder / f"{host}.key"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, secret)
    return context, file


def nobody_listens() -> int:
    """A port on which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
