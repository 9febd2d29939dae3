"""Settings: what is refused, what is on outside production, and that the README tells the truth about each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import REPOSITORY, Settings, SettingsError, from_environment, table

REAL = {
    "TWILIO_ACCOUNT_SID": "AC1",
    "TWILIO_AUTH_TOKEN": "secret",
    "PUBLIC_BASE_URL": "https://bot.example.org",
    "MASTER_KEY_FILE": "/etc/puente/master_key",
}
KEYS_IN_THE_DATABASE = {"DATABASE_URL": "postgresql://db/puente", "KEYSTORE_URL": "postgresql://db/puente"}

REFUSED = {
    "nothing set at all": ({}, "TWILIO_AUTH_TOKEN"),
    "no account": ({**REAL, "TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
    "no token": ({**REAL, "TWILIO_AUTH_TOKEN": " "}, "TWILIO_AUTH_TOKEN"),
    "the token of the tests": ({**REAL, "TWILIO_AUTH_TOKEN": "secret,test-token"}, "development keys"),
    "the account of development": ({**REAL, "TWILIO_ACCOUNT_SID": "AC" + "0" * 32}, "development keys"),
    "an address without https": ({**REAL, "PUBLIC_BASE_URL": "http://bot.example.org"}, "PUBLIC_BASE_URL"),
    "no address": ({**REAL, "PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL"),
    "an environment that is none": ({"ENVIRONMENT": "staging"}, "ENVIRONMENT"),
    "a port that is none": ({**REAL, "PORT": "web"}, "PORT must be a number"),
    "a switch that is none": ({**REAL, "TRY_PHONE": "perhaps"}, "TRY_PHONE must be on or off"),
    "no master key": ({**REAL, "MASTER_KEY_FILE": ""}, "MASTER_KEY_FILE is not set"),
    "keys in the database": ({**REAL, **KEYS_IN_THE_DATABASE}, "KEYSTORE_URL must be another database"),
    "keys in the database, in development": (
        {"ENVIRONMENT": "development", **KEYS_IN_THE_DATABASE},
        "KEYSTORE_URL must be another database",
    ),
    "a key without its secret": ({**REAL, "TWILIO_API_KEY": "SK1"}, "TWILIO_API_KEY and TWILIO_API_SECRET"),
    "a secret without its key": ({**REAL, "TWILIO_API_SECRET": "x"}, "TWILIO_API_KEY and TWILIO_API_SECRET"),
    "another address for Twilio": ({**REAL, "TWILIO_API_BASE": "http://127.0.0.1:1"}, "TWILIO_API_BASE is for tests"),
    "a sender that is none": ({**REAL, "TWILIO_SMS_FROM": "+1 312 555 0100"}, "not '+1 312 555 0100'"),
    "senders of one channel": (
        {**REAL, "TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "x", "TWILIO_SMS_FROM": "+13125550100"},
        "TWILIO_SMS_FROM and TWILIO_WHATSAPP_FROM go together",
    ),
    "no senders at all, which would be the whole account": (
        {
            **REAL,
            "TWILIO_API_KEY": "SK1",
            "TWILIO_API_SECRET": "x",
            "TWILIO_SMS_FROM": "none",
            "TWILIO_WHATSAPP_FROM": "none",
        },
        "TWILIO_SMS_FROM and TWILIO_WHATSAPP_FROM go together",
    ),
    "a folder whose name ends an address": ({**REAL, "DATA_DIR": "/srv/why?"}, "question mark"),
    "a country in small letters": ({**REAL, "COUNTRIES": "US,mx"}, "COUNTRIES must be ISO codes"),
    "a country that is none": ({**REAL, "COUNTRIES": "US,UK"}, "not UK"),
    "a Redis of no kind": ({**REAL, "REDIS_URL": "redis.example.org:6379"}, "REDIS_URL must begin with"),
    "several hosts without the word": (
        {**REAL, "REDIS_URL": "rediss://u:p,w@a.example.org:1,b.example.org:2"},
        "write rediss+cluster:// for it",
    ),
    "a cluster without a host": ({**REAL, "REDIS_URL": "redis+cluster://"}, "REDIS_URL must name a cluster as"),
    "a cluster with a comma too many": ({**REAL, "REDIS_URL": "redis+cluster://a:1,"}, "must name a cluster as"),
    "a cluster with a database number": ({**REAL, "REDIS_URL": "redis+cluster://a:1/3"}, "without a database number"),
    "a port of a cluster that is none": ({**REAL, "REDIS_URL": "redis+cluster://a:1,b:x"}, "must name a cluster as"),
    "messages for nothing": ({**REAL, "SMS_PRICE": "0"}, "SMS_PRICE must be over 0"),
    "a price that is none": ({**REAL, "SMS_PRICE": "nan"}, "SMS_PRICE must be over 0"),
    "money for no message": ({**REAL, "DAILY_SPEND_CAP": "0.001"}, "DAILY_SPEND_CAP must be 0"),
    "money below nothing": ({**REAL, "DAILY_SPEND_CAP": "-1"}, "DAILY_SPEND_CAP must be 0"),
    "money without end": ({**REAL, "DAILY_SPEND_CAP": "inf"}, "DAILY_SPEND_CAP must be 0"),
    "a language that is none": ({**REAL, "DEFAULT_LANGUAGE": "fr"}, "DEFAULT_LANGUAGE"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    environ, expected = REFUSED[name]
    with pytest.raises(SettingsError, match=re.escape(expected)):
        from_environment(environ)


def test_the_token_of_a_machine_is_refused_in_production(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("machine-token")
    with pytest.raises(SettingsError, match="development keys"):
        from_environment({**REAL, "TWILIO_AUTH_TOKEN": "machine-token", "DATA_DIR": str(tmp_path)})


INSIDE = {
    "in it": "data/master_key",
    "in a folder of it": "data/keys/master",
    "by a way around": "elsewhere/../data/master_key",
    "by a link": "link",
    "by a link to the folder": "folder/master_key",
}


@pytest.mark.parametrize("name", INSIDE)
def test_a_master_key_that_backups_would_take_along_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data" / "master_key")
    (tmp_path / "folder").symlink_to(tmp_path / "data")
    there = {**REAL, "DATA_DIR": str(tmp_path / "data"), "MASTER_KEY_FILE": str(tmp_path / INSIDE[name])}
    with pytest.raises(SettingsError, match="must not lie inside DATA_DIR"):
        from_environment(there)
    assert from_environment({**there, "ENVIRONMENT": "test"}).master_key_path == tmp_path / INSIDE[name]
    beside = from_environment({**there, "MASTER_KEY_FILE": str(tmp_path / "data2")})
    assert beside.master_key_path == tmp_path / "data2"


SENDERS = {
    "the whole account": ({}, set()),
    "both": (
        {"TWILIO_SMS_FROM": "+13125550100, 55123", "TWILIO_WHATSAPP_FROM": "whatsapp:+13125550100,+13125550101"},
        {"+13125550100", "55123", "whatsapp:+13125550100", "whatsapp:+13125550101"},
    ),
    "no WhatsApp": ({"TWILIO_SMS_FROM": "+13125550100", "TWILIO_WHATSAPP_FROM": "none"}, {"+13125550100"}),
    "no SMS": ({"TWILIO_SMS_FROM": "none", "TWILIO_WHATSAPP_FROM": "+13125550100"}, {"whatsapp:+13125550100"}),
}


@pytest.mark.parametrize("name", SENDERS)
def test_whose_messages_are_deleted_at_twilio(name: str) -> None:
    environ, senders = SENDERS[name]
    key = {"TWILIO_API_KEY": "SK1", "TWILIO_API_SECRET": "x"}
    assert from_environment({**REAL, **key, **environ}).twilio_senders == senders


def test_keys_and_conversations_lie_apart(tmp_path: Path) -> None:
    settings = from_environment({"ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)})
    assert settings.key_store_url == f"sqlite:///{tmp_path}/keystore/keys.db"
    assert settings.sql_url == f"sqlite:///{tmp_path}/puente.db"
    assert settings.master_key_path == tmp_path / "keys" / "master"
    chosen = from_environment({"ENVIRONMENT": "test", "KEYSTORE_URL": "postgresql://keys/keys"})
    assert chosen.key_store_url == "postgresql://keys/keys"


def test_production_is_what_nobody_chose() -> None:
    settings = from_environment(REAL)
    assert settings.production and settings.require_approval and not settings.send_unconfirmed_numbers
    assert not settings.try_phone and not settings.explains


def test_development_needs_nothing(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc\n")
    settings = from_environment({"ENVIRONMENT": "development", "DATA_DIR": str(tmp_path)})
    assert settings.twilio_auth_token == ("abc",) and settings.try_phone and settings.explains
    assert not settings.require_approval and settings.base_url == "http://127.0.0.1:8000"


def test_secrets_are_not_shown() -> None:
    assert "secret" not in repr(from_environment(REAL))


def test_the_readme_lists_every_setting_with_its_default_and_help() -> None:
    readme = (REPOSITORY / "README.md").read_text("utf-8")
    for name, default, line in table():
        assert f"| `{name}` | {f'`{default}`' if default else ''} | {line} |" in readme
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", readme, re.MULTILINE))
    assert listed == {name for name, _, _ in table()}


def test_every_setting_is_used() -> None:
    paths = [REPOSITORY / "webhook.py", *(p for p in (REPOSITORY / "bot").rglob("*.py") if p.name != "settings.py")]
    code = "".join(path.read_text("utf-8") for path in paths)
    for name in Settings.__dataclass_fields__:
        used = re.search(rf"settings\.{name}\b", code) or name in (
            "environment",
            "port",
            "public_base_url",
            "database_url",
            "keystore_url",
            "twilio_sms_from",
            "twilio_whatsapp_from",
        )
        assert used, f"{name} is read and never used"
