"""The units of systemd hold each part in, and run what the Procfile runs."""

from __future__ import annotations

import re
import shlex

import pytest

from bot import gunicorn
from bot.keep import CONFIGURATION_ERROR
from bot.settings import from_environment
from tests.deploy.promised import UNITS, command, given, procfile, unit, units

ALL = units()
LASTING = ("web", "worker", "nlu", "redis")
ON_NO_NETWORK_BUT_THIS_MACHINE = ("web", "release", "backup", "nlu")
ADDRESS, SETTINGS, TOKEN = (f"/etc/puente/{name}.env" for name in ("address", "puente", "rasa"))
HELD_IN = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectProc": "invisible",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "UMask": "0077",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "SystemCallErrorNumber": "EPERM",
}
HOST_MIB = 2048


def megabytes(written: str) -> int:
    assert written.endswith("M")
    return int(written[:-1])


def test_all_parts_have_a_unit_that_is_started() -> None:
    assert set(ALL) == {*LASTING, "release", "backup"}
    wanted = " ".join(unit("puente.target")["Wants"]).split()
    started = {f"puente-{name}.service" for name in ALL if name != "backup"}
    assert set(wanted) == started | {"puente-web.socket", "puente-backup.timer"}


@pytest.mark.parametrize("name", ALL)
def test_every_part_is_held_in(name: str) -> None:
    part = ALL[name]
    assert {key: part[key] for key in HELD_IN} == {key: [value] for key, value in HELD_IN.items()}
    assert part["SystemCallFilter"] == ["@system-service", "~@privileged"]
    assert part.get("DynamicUser") == ["yes"] or part["User"] == ["puente"]
    assert "MemoryMax" in part and "TasksMax" in part and "AmbientCapabilities" in part
    assert part["AmbientCapabilities"] == [""]


@pytest.mark.parametrize("name", ALL)
def test_only_the_worker_has_a_way_out(name: str) -> None:
    part = ALL[name]
    if name == "worker":
        assert "IPAddressDeny" not in part
    elif name == "redis":
        assert part["PrivateNetwork"] == ["yes"] and part["RestrictAddressFamilies"] == ["AF_UNIX"]
    else:
        assert name in ON_NO_NETWORK_BUT_THIS_MACHINE
        assert part["IPAddressDeny"] == ["any"] and part["IPAddressAllow"] == ["localhost"]


def test_the_port_is_open_to_this_machine_alone() -> None:
    socket = unit("puente-web.socket")
    assert socket["ListenStream"] == ["127.0.0.1:8000"]
    assert socket["IPAddressDeny"] == ["any"] and socket["IPAddressAllow"] == ["localhost"]
    assert ALL["web"]["Requires"] == ["puente-web.socket"]


def test_the_model_sees_no_key_no_data_and_no_setting_but_its_token() -> None:
    nlu = ALL["nlu"]
    assert nlu["DynamicUser"] == ["yes"] and nlu["EnvironmentFile"] == [TOKEN]
    assert not {"User", "StateDirectory", "LoadCredential", "ReadWritePaths"} & set(nlu)
    hidden = nlu["InaccessiblePaths"][0].split()
    for path in (
        "/etc/puente",
        "/var/lib/puente",
        "/var/lib/puente-keystore",
        "/var/backups/puente",
        "/run/puente-redis",
    ):
        assert f"-{path}" in hidden


def test_redis_sees_neither() -> None:
    redis = ALL["redis"]
    assert not {"EnvironmentFile", "LoadCredential", "StateDirectory"} & set(redis)
    assert {"-/etc/puente", "-/var/lib/puente", "-/var/lib/puente-keystore"} <= set(
        redis["InaccessiblePaths"][0].split()
    )
    assert "MASTER_KEY_FILE" not in given(redis) and given(redis)["DATA_DIR"] == "/run/puente-redis"
    assert f"unix://{given(redis)['DATA_DIR']}/redis.sock" == given(ALL["web"])["REDIS_URL"]


def test_the_master_key_is_lent_to_who_needs_it() -> None:
    lent = {name for name, part in ALL.items() if "LoadCredential" in part}
    assert lent == {"web", "worker", "release"}
    for name in lent:
        assert ALL[name]["LoadCredential"] == ["master_key:/etc/puente/master_key"]
        assert given(ALL[name])["MASTER_KEY_FILE"] == "%d/master_key"
        assert ALL[name]["EnvironmentFile"] == [ADDRESS, SETTINGS, TOKEN]
        assert ALL[name]["StateDirectory"] == ["puente puente-keystore"] and ALL[name]["StateDirectoryMode"] == ["0700"]


def test_a_backup_sees_no_key_of_a_conversation() -> None:
    backup = ALL["backup"]
    assert "-/var/lib/puente-keystore" in backup["InaccessiblePaths"][0].split()
    assert backup["StateDirectory"] == ["puente"] and "LoadCredential" not in backup
    assert command(shlex.split(backup["ExecStart"][0])) == [
        "flask",
        "--app",
        "webhook",
        "backup",
        "make",
        "/var/backups/puente",
    ]
    timer = unit("puente-backup.timer")
    assert timer["OnCalendar"] == ["*-*-* 03:17"] and timer["Persistent"] == ["yes"]


@pytest.mark.parametrize("name", [*LASTING, "release"])
def test_what_runs_is_what_the_procfile_runs(name: str) -> None:
    assert command(shlex.split(ALL[name]["ExecStart"][0])) == procfile()[name]
    assert ALL[name]["WorkingDirectory"] == ["/opt/puente/current"]
    assert ALL[name]["ExecStart"][0].startswith(f"/opt/puente/current/.venv{'-nlu' if name == 'nlu' else ''}/bin/")


@pytest.mark.parametrize("name", LASTING)
def test_who_dies_is_started_again_but_for_a_setting_that_cannot_be_used(name: str) -> None:
    part = ALL[name]
    assert part["Restart"] == ["always"] and part["StartLimitIntervalSec"] == ["0"]
    assert part["RestartPreventExitStatus"] == [str(CONFIGURATION_ERROR)]


def test_web_has_time_to_finish_and_starts_without_the_others() -> None:
    assert int(ALL["web"]["TimeoutStopSec"][0]) > gunicorn.graceful_timeout
    assert ALL["web"]["UnsetEnvironment"] == ["SMTP_URL MAIL_FROM"], "it would try to mail, in vain"
    assert ALL["web"]["Type"] == ["notify"] and ALL["web"]["KillMode"] == ["mixed"]
    for name in ("web", "worker"):
        assert ALL[name]["Wants"] == ["puente-release.service puente-redis.service"]
        assert "puente-release.service" in ALL[name]["After"][0].split()


def test_they_fit_a_small_server() -> None:
    most = {name: megabytes(ALL[name]["MemoryMax"][0]) for name in LASTING}
    assert sum(most.values()) <= HOST_MIB - 200, "Caddy and the system want some too"
    for name in LASTING:
        high = ALL[name].get("MemoryHigh")
        assert high is None or megabytes(high[0]) < most[name]


def test_the_settings_make_sense_to_puente() -> None:
    for name in ("web", "worker", "release", "backup"):
        own = {**given(ALL[name]), "PUBLIC_BASE_URL": "https://bot.example.org"}
        own["MASTER_KEY_FILE"] = own["MASTER_KEY_FILE"].replace("%d", "/run/credentials/puente.service")
        read = from_environment({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret", **own})
        assert read.production and read.key_store_url == "sqlite:////var/lib/puente-keystore/keys.db"
        assert read.sql_url == "sqlite:////var/lib/puente/puente.db"


def test_the_command_for_people_has_what_the_units_have() -> None:
    words = shlex.split((UNITS / "puente").read_text("utf-8").partition("exec ")[2].replace("\\\n", " "))
    properties = {word.removeprefix("--property=") for word in words if word.startswith("--property=")}
    assert {f"EnvironmentFile={path}" for path in ALL["worker"]["EnvironmentFile"]} <= properties
    assert f"LoadCredential={ALL['worker']['LoadCredential'][0]}" in properties
    assert {"LimitCORE=0", "MemorySwapMax=0", "UMask=0077", "NoNewPrivileges=yes"} <= properties
    assert {"--uid=puente", "--gid=puente", "--pty", "--pipe", "--wait"} <= set(words)
    own = dict(re.findall(r"--setenv=([A-Z_]+)=(\S+)", " ".join(words)))
    meant = {name: value for name, value in given(ALL["worker"]).items() if name not in ("PATH", "PYTHONUNBUFFERED")}
    assert own.keys() == meant.keys()
    assert {name for name in own if own[name] != meant[name]} == {"MASTER_KEY_FILE"}
