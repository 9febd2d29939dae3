"""How an operator writes a cluster: nodes, password and TLS reach every connection, and nothing connects before it is used."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.connection import SSLConnection
from redis.exceptions import RedisError

from bot.settings import from_environment
from bot.store.cluster_nodes import parse_cluster_url
from bot.store.redis_client import connect
from bot.store.redis_server import socket_path
from tests.servers import free_port, running, until

TOLD = {
    "redis+cluster://a:6379": ([("a", 6379)], {}),
    "redis+cluster://a,b:7000, c": ([("a", 6379), ("b", 7000), ("c", 6379)], {}),
    "redis+cluster://a:1,[::1]:2/": ([("a", 1), ("::1", 2)], {}),
    "redis+cluster://user:p%40ss@a:1,b:2/0": ([("a", 1), ("b", 2)], {"username": "user", "password": "p@ss"}),
    "rediss+cluster://:p,w@a:1?ssl_check_hostname=false": (
        [("a", 1)],
        {"password": "p,w", "connection_class": SSLConnection, "ssl_check_hostname": False},
    ),
    "redis+cluster://a:1?socket_timeout=0.7": ([("a", 1)], {"socket_timeout": 0.7}),
}


@pytest.mark.parametrize("url", TOLD)
def test_what_a_url_tells(url: str) -> None:
    nodes, options = TOLD[url]
    found, told = parse_cluster_url(url)
    assert found == nodes and {**told, "db": 0} == {**options, "db": 0}
    assert from_environment({"ENVIRONMENT": "test", "REDIS_URL": url}).redis_url == url
    connect(url)


@pytest.mark.parametrize(
    "url", ["redis+cluster://a:1/3", "redis+cluster://", "redis+cluster://a:1,", "redis+cluster://a:x"]
)
def test_what_is_none(url: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_cluster_url(url)
    assert url not in str(caught.value)


@contextlib.contextmanager
def tls_before(path: Path, certificate: Path, key: Path) -> Iterator[int]:
    """A port that speaks TLS and passes on what it hears to a socket, as a managed Redis does."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def pipe(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            while data := source.recv(65_536):
                sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                with contextlib.suppress(OSError):
                    client = context.wrap_socket(plain, server_side=True)
                    server = socket.socket(socket.AF_UNIX)
                    server.connect(str(path))
                    for pair in ((client, server), (server, client)):
                        threading.Thread(target=pipe, args=pair, daemon=True).start()
                    opened.extend((client, server))

    opened: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    for each in opened:
        each.close()


def certificate_in(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "redis")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    words = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(*words))
    return folder / "cert.pem", folder / "key.pem"


@pytest.mark.slow
def test_with_tls_and_a_password(tmp_path: Path) -> None:
    certificate, key = certificate_in(tmp_path)
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(tls_before(socket_path(tmp_path), certificate, key))
        # The one that nobody uses lies low enough for the nodes' own, 10,000 above.
        options = ("--port", str(free_port() % 10_000 + 20_000), "--bind", "127.0.0.1", "--cluster-enabled", "yes")
        server = stack.enter_context(running(tmp_path, *options, "--cluster-announce-port", str(port)))
        admin = server.client()
        admin.execute_command("CLUSTER", "ADDSLOTS", *range(16_384))
        until(lambda: b"cluster_state:ok" in admin.execute_command("CLUSTER", "INFO"), "the cluster")
        admin.config_set("requirepass", "secret")
        client = connect(f"rediss+cluster://:secret@127.0.0.1:{port}?ssl_ca_certs={certificate}")
        pipe = client.pipeline(transaction=False)
        assert pipe.set("a", "1").set("b", "2").get("a").get("b").execute() == [True, True, b"1", b"2"]
        client.close()
        for wrong in (f":wrong@127.0.0.1:{port}?ssl_ca_certs={certificate}", f":secret@127.0.0.1:{port}"):
            with contextlib.closing(connect(f"rediss+cluster://{wrong}")) as refused, pytest.raises(RedisError):
                refused.get("a")
