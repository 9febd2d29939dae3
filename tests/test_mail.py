"""Mail: to a real server on this machine, encrypted or not, refused and broken off; and headers that somebody tries to add."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bot import mail as mail_module
from bot.mail import Mail, MailError, MailRefused, MailUnauthorised, MailUnreachable, MailUnsafe, mail_for
from bot.settings import SettingsError, from_environment
from tests.smtp import PASSWORD, USER, MailServer, certificate, mail_server, nobody_listens

SENDER, TO = "desk@puente.example", "ana@casa.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server(MailServer()) as started:
        yield started


def plain(server: MailServer, user: str = "", **more: float) -> Mail:
    return Mail(f"smtp://{user}127.0.0.1:{server.port}", SENDER, timeout=0.5)


def test_a_mail_arrives_as_it_was_written(server: MailServer) -> None:
    plain(server).send(TO, "Alguien espera", "Alguien espera con algo urgente.\n.\nÁbrelo: https://x.example/console\n")
    (mail,) = server.received
    assert (mail.sender, mail.to) == (SENDER, [TO])
    assert mail.text.replace("\r\n", "\n") == "Alguien espera con algo urgente.\n.\nÁbrelo: https://x.example/console\n"
    assert mail.message["Subject"] == "Alguien espera" and mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["Message-ID"].endswith("@puente.example>") and not mail.encrypted
    assert [line for line in server.heard if line.startswith("ehlo")] == ["ehlo puente.example"], (
        "not this machine's name"
    )


def test_a_password_goes_over_an_encrypted_line_alone(tmp_path: Path) -> None:
    context, believed = certificate(tmp_path)
    name = f"{USER}:{quote(PASSWORD, safe='')}@"
    for implicit in (False, True):
        with mail_server(MailServer(tls=context, login=True, implicit=implicit)) as server:
            url = f"{'smtps' if implicit else 'smtp'}://{name}localhost:{server.port}"
            Mail(url, SENDER, ssl.create_default_context(cafile=str(believed)), timeout=2).send(TO, "s", "t")
            (mail,) = server.received
            assert mail.encrypted and mail.user == USER
            before = [line for line in server.heard if line.startswith("AUTH")]
            assert before and (implicit or server.heard.index("STARTTLS") < server.heard.index(before[0]))


@pytest.mark.parametrize("implicit", [False, True], ids=["STARTTLS", "smtps"])
def test_a_server_that_is_not_the_one_that_is_meant_is_told_nothing(tmp_path: Path, implicit: bool) -> None:
    context, _ = certificate(tmp_path)
    with mail_server(MailServer(tls=context, login=True, implicit=implicit)) as server:
        url = f"{'smtps' if implicit else 'smtp'}://{USER}:x@localhost:{server.port}"
        with pytest.raises(MailUnsafe):
            Mail(url, SENDER, timeout=2).send(TO, "s", "t")
        assert not [line for line in server.heard if line.upper().startswith(("AUTH", "MAIL"))]


def test_a_server_elsewhere_without_encryption_is_told_nothing(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_module, "LOOPBACK", ())
    server.login = True
    with pytest.raises(MailUnsafe):
        plain(server, f"{USER}:x@").send(TO, "s", "t")
    assert [line.split()[0].lower() for line in server.heard] == ["ehlo", "quit"]


TROUBLE: dict[str, tuple[dict[str, str], type[MailError]]] = {
    "it does not know the receiver": ({"RCPT": "550 no such"}, MailRefused),
    "it wants the receiver later": ({"RCPT": "450 later"}, MailUnreachable),
    "it does not take the sender": ({"MAIL": "550 no"}, MailRefused),
    "it does not take the text": ({"DATA": "554 spam"}, MailRefused),
    "it is full": ({"DATA": "452 full"}, MailUnreachable),
    "it talks nonsense": ({"EHLO": "hello", "HELO": "hello"}, MailUnreachable),
    "it closes": ({"MAIL": "421 bye"}, MailError),
}


@pytest.mark.parametrize("name", TROUBLE)
def test_trouble_has_a_name_and_tells_no_address(server: MailServer, name: str) -> None:
    server.answers, kind = TROUBLE[name]
    with pytest.raises(kind) as raised:
        plain(server).send(TO, "s", "t")
    assert "@" not in str(raised.value) and raised.value.__cause__ is None and server.received == []


def test_a_wrong_password(server: MailServer) -> None:
    server.login = True
    with pytest.raises(MailUnauthorised):
        plain(server, f"{USER}:wrong@").send(TO, "s", "t")


def test_nobody_there_and_nobody_who_answers() -> None:
    with pytest.raises(MailUnreachable):
        Mail(f"smtp://127.0.0.1:{nobody_listens()}", SENDER, timeout=0.5).send(TO, "s", "t")
    with mail_server(MailServer(mute=True)) as server, pytest.raises(MailUnreachable):
        Mail(f"smtp://127.0.0.1:{server.port}", SENDER, timeout=0.3).send(TO, "s", "t")


INJECTED = {
    "a line end in the receiver": (f"{TO}\r\nBcc: eve@evil.example", "s"),
    "a bare newline in the receiver": (f"{TO}\nBcc: eve@evil.example", "s"),
    "two receivers": (f"{TO}, eve@evil.example", "s"),
    "a name around the receiver": (f"Ana <{TO}>", "s"),
    "a command in the receiver": ("ana@casa.example>\r\nRCPT TO:<eve@evil.example", "s"),
    "a quoted receiver": ('"ana eve"@casa.example', "s"),
    "no receiver": ("", "s"),
    "half a receiver": ("ana@", "s"),
    "a long receiver": (f"{'a' * 300}@casa.example", "s"),
    "nul in the receiver": ("ana\x00@casa.example", "s"),
    "a line end in the subject": (TO, "s\r\nBcc: eve@evil.example"),
    "a bare newline in the subject": (TO, "s\nBcc: eve@evil.example"),
    "a carriage return in the subject": (TO, "s\rBcc: eve@evil.example"),
    "half a character in the subject": (TO, "\ud800"),
}


@pytest.mark.parametrize("name", INJECTED)
def test_nobody_adds_a_header_or_a_receiver(server: MailServer, name: str) -> None:
    to, subject = INJECTED[name]
    with pytest.raises(MailRefused):
        plain(server).send(to, subject, "t")
    assert server.received == [] and not [line for line in server.heard if "evil" in line]


def test_a_text_that_looks_like_the_end_of_a_mail_is_a_text(server: MailServer) -> None:
    text = "one\r\n.\r\nMAIL FROM:<eve@evil.example>\r\nBcc: eve@evil.example\r\n"
    plain(server).send(TO, "s", text)
    (mail,) = server.received
    assert mail.to == [TO] and mail.message["Bcc"] is None and "MAIL FROM" in mail.text


@pytest.mark.parametrize(
    "environ",
    [
        {"SMTP_URL": "smtp://mail.example"},
        {"MAIL_FROM": SENDER},
        {"SMTP_URL": "http://mail.example", "MAIL_FROM": SENDER},
        {"SMTP_URL": "smtp://", "MAIL_FROM": SENDER},
        {"SMTP_URL": "smtp://mail.example:99999", "MAIL_FROM": SENDER},
        {"SMTP_URL": "smtp://u:secret@mail.example", "MAIL_FROM": "Desk <desk@puente.example>"},
        {"SMTP_URL": "smtp://u:secret@mail.example", "MAIL_FROM": "desk@puente.example, eve@evil.example"},
        {"TWILIO_MESSAGING_SERVICE_SID": "MG123"},
    ],
    ids=["no sender", "no server", "http", "no host", "port", "a name", "two senders", "service"],
)
def test_settings_that_cannot_be_meant_are_refused_without_telling_a_password(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as raised:
        from_environment({"ENVIRONMENT": "test", **environ})
    assert "secret" not in str(raised.value)


def test_without_a_server_there_is_no_mail() -> None:
    assert mail_for(from_environment({"ENVIRONMENT": "test"})) is None
    environ = {"ENVIRONMENT": "test", "SMTP_URL": "smtp://u:p@mail.example", "MAIL_FROM": SENDER}
    assert isinstance(mail_for(from_environment(environ)), Mail)
