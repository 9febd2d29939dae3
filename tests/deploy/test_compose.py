"""compose.yml holds what docs/deploy.md and SECURITY.md promise of it: who may reach whom, who holds what, what is never on a disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import REPOSITORY, from_environment
from bot.store.database import parse_url
from bot.store.redis_server import command as redis_command
from tests.deploy.promised import command, compose, environment, instructions, procfile, services

ALL = services()
BOT = ("web", "worker", "release", "backup")
LASTING = [name for name in ALL if name not in ("release", "backup")]
HOST_MIB = 2048
DOCKERFILES = {"web": "Dockerfile", "nlu": "nlu/Dockerfile", "caddy": "deploy/caddy/Dockerfile"}
BUILT = {"puente-web": "web", "puente-nlu": "nlu", "puente-caddy": "caddy"}


@pytest.mark.parametrize("name", ALL)
def test_every_part_is_held_in(name: str) -> None:
    part = ALL[name]
    assert (
        part["read_only"] is True and part["cap_drop"] == ["ALL"] and "cap_add" not in part and "privileged" not in part
    )
    assert part["security_opt"] == ["no-new-privileges:true"] and part["init"] is True
    assert part["ulimits"] == {"core": 0} and part["pids_limit"] <= 200
    assert part["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    user = [int(number) for number in part["user"].split(":")]
    assert len(user) == 2 and min(user) > 0, "neither root nor root's group"


def test_only_caddy_is_reached_from_outside() -> None:
    assert {name: part["ports"] for name, part in ALL.items() if "ports" in part} == {"caddy": ["80:8080", "443:8443"]}
    assert not [name for name, part in ALL.items() if part.get("network_mode") == "host"]


def _with_a_way_out(networks: dict[str, Any]) -> set[str]:
    outside = {name for name, network in networks.items() if not (network or {}).get("internal")}
    return {name for name, part in ALL.items() if "network_mode" not in part and outside & set(part["networks"])}


def test_only_caddy_and_the_worker_have_a_way_out() -> None:
    assert _with_a_way_out(compose()["networks"]) == {"caddy", "worker"}
    assert ALL["redis"]["network_mode"] == "none"


def test_the_model_sees_web_alone() -> None:
    (network,) = ALL["nlu"]["networks"]
    assert [name for name, part in ALL.items() if network in part.get("networks", [])] == ["web", "nlu"]


def test_the_model_holds_no_secret_but_its_token() -> None:
    nlu = ALL["nlu"]
    assert nlu["env_file"] == ["rasa.env"] and not {"secrets", "volumes", "environment"} & set(nlu)
    assert environment(ALL["caddy"]).keys() == {"PUBLIC_BASE_URL", "WEB", "HTTP_PORT", "HTTPS_PORT"}
    assert not {"secrets", "env_file"} & set(ALL["caddy"]) and not {"secrets", "env_file"} & set(ALL["redis"])


def test_the_data_the_keys_and_what_they_open_lie_apart() -> None:
    for name in BOT:
        assert "data:/data" in ALL[name]["volumes"]
    with_keys = {name for name, part in ALL.items() if any("keystore" in each for each in part.get("volumes", []))}
    assert with_keys == {"web", "worker", "release"}, "a backup does not even see them"
    held = environment(ALL["backup"])
    assert held["KEYSTORE_URL"] == "sqlite:////keystore/keys.db" and held["DATA_DIR"] == "/data"
    assert {"keystore", "data", "database"} <= set(compose()["volumes"])


def test_no_password_stands_in_a_setting() -> None:
    url = parse_url(environment(ALL["web"])["DATABASE_URL"])
    assert url.password is None and url.query["passfile"] == "/run/secrets/pgpass"
    assert environment(ALL["database"])["POSTGRES_PASSWORD_FILE"] == "/run/secrets/postgres_password"
    for name in BOT:
        assert environment(ALL[name])["MASTER_KEY_FILE"] == "/run/secrets/master_key"
        assert ALL[name]["secrets"] == ["master_key", "pgpass"]
    files = {name: secret["file"] for name, secret in compose()["secrets"].items()}
    assert files == {name: f"secrets/{name}" for name in ("master_key", "pgpass", "postgres_password")}


def test_secrets_and_settings_are_never_in_git_or_in_an_image() -> None:
    ignored = (REPOSITORY / ".gitignore").read_text("utf-8").splitlines()
    assert {"/secrets/", "puente.env", "rasa.env", ".env", "/backups/"} <= set(ignored)
    sent = (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines()
    assert [line for line in sent if line and line[0] != "#"][0] == "*", "nothing is sent but what is named"


def test_the_settings_make_sense_to_puente() -> None:
    own = environment(ALL["web"])
    assert own.pop("PUBLIC_BASE_URL").startswith("${PUBLIC_BASE_URL:?"), "compose says what is missing"
    address = "https://bot.example.org"
    read = from_environment(
        {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret", "PUBLIC_BASE_URL": address, **own}
    )
    assert read.production
    assert read.data_dir == Path("/data") and read.rasa_url == ("http://nlu:5005",) and read.smtp_url == ""


def test_redis_keeps_nothing_on_a_disk() -> None:
    redis, words = ALL["redis"], ALL["redis"]["command"]
    asked = dict(zip(words[1::2], words[2::2], strict=True))
    meant = redis_command(Path("/data"), Path("redis-server"))
    own = dict(zip(meant[1::2], meant[2::2], strict=True))
    assert words[0] == "redis-server" and set(asked) - set(own) == {"--maxmemory"}
    differing = {name for name in own if asked[name] != own[name]}
    assert differing == {"--unixsocket", "--dir"}
    assert f"unix://{asked['--unixsocket']}" == environment(ALL["web"])["REDIS_URL"]
    on_disk = [volume for volume in redis["volumes"] if volume != "redis:/run/redis"]
    assert not on_disk and any(each.startswith("/data:") for each in redis["tmpfs"])
    options = compose()["volumes"]["redis"]["driver_opts"]
    assert options["type"] == options["device"] == "tmpfs" and f"uid={redis['user'].partition(':')[0]}" in options["o"]
    assert redis["user"] == ALL["web"]["user"] == ALL["worker"]["user"], "the socket is its owner's alone"


@pytest.mark.parametrize("name", ["web", "worker", "release", "nlu"])
def test_what_runs_is_what_the_procfile_runs(name: str) -> None:
    words = command([str(word) for word in ALL[name]["command"]])
    assert words[: len(procfile()[name])] == procfile()[name]
    beyond = "--interface 0.0.0.0 --port 5005".split() if name == "nlu" else []
    assert words[len(procfile()[name]) :] == beyond


def test_web_and_worker_wait_for_the_release() -> None:
    for name in ("web", "worker"):
        assert ALL[name]["depends_on"]["release"] == {"condition": "service_completed_successfully"}
    assert ALL["release"]["restart"] == "no" and ALL["release"]["depends_on"]["database"] == {
        "condition": "service_healthy"
    }


def test_it_fits_a_small_server_and_never_its_swap() -> None:
    limits = {name: int(part["mem_limit"].removesuffix("m")) for name, part in ALL.items()}
    assert sum(limits[name] for name in LASTING) <= HOST_MIB - 150, "the system wants some too"
    assert all(part["memswap_limit"] == part["mem_limit"] for part in ALL.values())


@pytest.mark.parametrize("name", ["web", "nlu"])
def test_health_is_asked_with_what_the_image_has(name: str) -> None:
    asked = ALL[name]["healthcheck"]["test"]
    assert asked[:2] == ["CMD", "python"]
    compile(asked[3], name, "exec")
    # Not /readyz: a container without its database still answers families.
    assert ("/healthz" if name == "web" else ":5005/'") in asked[3]


def test_images_are_pinned_and_built_from_locks() -> None:
    for part in ALL.values():
        image, _, tag = part["image"].partition(":")
        if image in ("puente-web", "puente-nlu"):
            assert tag == "${VERSION:-local}", "an older version can be started again"
        else:
            assert tag == "local" or tag[0].isdigit()
    for path in DOCKERFILES.values():
        bases = [rest.partition(" ")[0] for word, rest in instructions(REPOSITORY / path) if word == "FROM"]
        assert bases and all(base.partition(":")[2][:1].isdigit() for base in bases), path
        assert not [word for word, _ in instructions(REPOSITORY / path) if word == "ADD"]
        installs = [rest for word, rest in instructions(REPOSITORY / path) if word == "RUN" and "pip" in rest]
        assert all("--require-hashes" in each for each in installs)
        assert bool(installs) == (path != DOCKERFILES["caddy"])


@pytest.mark.parametrize("image", BUILT)
def test_the_user_of_an_image_is_that_of_its_service(image: str) -> None:
    parts = [part for part in ALL.values() if part["image"].partition(":")[0] == image]
    written = instructions(REPOSITORY / DOCKERFILES[BUILT[image]])
    user = [rest for word, rest in written if word == "USER"][-1]
    assert {part["user"] for part in parts} == {user} and not user.startswith("0")
    last_stage = max(number for number, (word, _) in enumerate(written) if word == "FROM")
    assert any(word == "USER" for word, _ in written[last_stage:])


def test_the_users_of_the_parts_are_different_people() -> None:
    assert len({ALL[name]["user"] for name in ("web", "nlu", "caddy", "database")}) == 4


def test_the_images_get_what_they_copy() -> None:
    sent = {line[1:] for line in (REPOSITORY / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied: set[str] = set()
    for path in ("Dockerfile", "nlu/Dockerfile"):
        for word, rest in instructions(REPOSITORY / path):
            if word == "COPY" and "--from" not in rest:
                copied |= {source.partition("/")[0] for source in rest.split()[:-1]} - {"requirements.txt"}
    assert sent - {"requirements.txt"} == copied == {"bot", "directory", "flows", "locales", "nlu", "webhook.py"}
