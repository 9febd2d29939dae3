"""Settings: what is refused, what is on outside production, and that the README tells the truth about each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import REPOSITORY, Settings, SettingsError, from_environment, table

REAL = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret", "PUBLIC_BASE_URL": "https://bot.example.org"}

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
        )
        assert used, f"{name} is read and never used"
