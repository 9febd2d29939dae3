"""Every setting of Puente: one frozen value, read once from the environment. Each field carries its help line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from os.path import normpath
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from bot.countries import unknown

REPOSITORY = Path(__file__).resolve().parent.parent
DEVELOPMENT_ACCOUNT = "AC" + "0" * 32
TEST_TOKEN = "test-token"  # nosec B105 # noqa: S105 - known to all, and refused outside of tests
NOT_THERE = "none"
SHORTEST_TOKEN = 24
_REDIS_KINDS = ("redis", "rediss", "unix", "redis+cluster", "rediss+cluster")
_NODE = r"(\[[0-9A-Fa-f:.]+\]|[^\s,:/?#@\[\]]+)(:\d{1,5})?"
_CLUSTER_NODES = re.compile(rf"([^@/?#]*@)?{_NODE}(, *{_NODE})*(/0?)?(\?.*)?")
_SERVICE = re.compile(r"MG[0-9a-zA-Z]{32}")
_MAIL_ADDRESS = re.compile(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+")
_SENDER = re.compile(rf"(whatsapp:)?\+?\d{{3,15}}|{NOT_THERE}")


class SettingsError(Exception):
    """The environment cannot be used; the message names the setting and its mend."""


def _setting(help_line: str, default: Any) -> Any:
    return field(default=default, metadata={"help": help_line})


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """What the environment says. The name of a field in capitals is the name of its variable."""

    environment: str = _setting("production (the default), development (`make run`) or test", "production")
    port: int = _setting("the port that web listens on", 8000)
    data_dir: Path = _setting("folder for keys, the database and Redis' socket", REPOSITORY / ".data")
    public_base_url: str = _setting("the address that Twilio calls, https://bot.example.org", "")
    service_owner: str = _setting(
        "name of the organization shown to families; empty = a network of community organizations", ""
    )
    twilio_account_sid: str = _setting("the AccountSid whose messages are accepted", "")
    twilio_auth_token: tuple[str, ...] = _setting("signs what Twilio sends; two, with a comma, while rotating", ())
    twilio_api_key: str = _setting(
        "key of Twilio's REST API, to delete messages there, to send replies of staff and to ask how far templates of"
        " WhatsApp are; empty = Twilio keeps its copies, and"
        " replies are refused (outside production they arrive on paper)",
        "",
    )
    twilio_api_secret: str = _setting("its secret", "")
    twilio_api_base: str = _setting("another address for Twilio's REST API, outside production only", "")
    twilio_sms_from: tuple[str, ...] = _setting(
        "our SMS numbers, +13125550100: only what they and TWILIO_WHATSAPP_FROM sent or got is deleted at Twilio;"
        " both empty = all of the account; none = no SMS",
        (),
    )
    twilio_whatsapp_from: tuple[str, ...] = _setting("our WhatsApp numbers, likewise; none = no WhatsApp", ())
    whatsapp_buttons: bool = _setting(
        "on: menus on WhatsApp have buttons and lists to tap where they fit, sent through TWILIO_API_KEY; danger, and whatever does"
        " not fit or fails, stays numbered text (docs/twilio.md)",
        False,
    )
    twilio_messaging_service_sid: str = _setting(
        "the Messaging Service that replies of staff go out through; empty = the first of our numbers of that channel",
        "",
    )
    countries: tuple[str, ...] = _setting(
        "whose SMS are answered: ISO codes; a number of another country is where floods for money come from",
        ("US", "PR", "VI", "CA", "MX", "GT", "BZ", "HN", "SV", "NI", "CR", "PA"),
    )
    daily_spend_cap: float = _setting(
        "US dollars a day (UTC) for what goes out; past it only danger is answered; 0 = no cap", 100.0
    )
    desk_patience: int = _setting(
        "minutes without a message of staff after a family wrote; then the bot answers again, and says so", 30
    )
    redis_url: str = _setting(
        "Redis; a cluster as redis+cluster://host:6379,host:6379, with TLS rediss+cluster://;"
        " empty = a server of our own beside the web process",
        "",
    )
    database_url: str = _setting("SQL; empty = SQLite in DATA_DIR", "")
    keystore_url: str = _setting(
        "SQL for the keys of escalations, apart from the database and from every backup; empty = SQLite in DATA_DIR/keystore",
        "",
    )
    master_key_file: str = _setting(
        "file of the master key, outside DATA_DIR (docs/keys.md); empty = this machine's own, never in production", ""
    )
    rasa_url: tuple[str, ...] = _setting("the understanding model; several with commas", ("http://127.0.0.1:5005",))
    rasa_token: str = _setting("token of the model's server; empty = the one in DATA_DIR", "")
    default_language: str = _setting("answers when no language can be told: es, en or quc", "es")
    sms_price: float = _setting("US dollars for one SMS segment", 0.0083)
    require_approval: bool = _setting(
        "on: an unapproved rights answer goes out as its safe minimum (default: on in production)", True
    )
    send_unconfirmed_numbers: bool = _setting(
        "on: phone numbers nobody of the network has confirmed go out (default: off in production)", False
    )
    send_draft_kiche: bool = _setting("off: K'iche' speakers get Spanish with one attested line", True)
    smtp_url: str = _setting(
        "mail server for invitations, alarms and the week's mail: smtp://user:password@host:587 (STARTTLS) or smtps://; empty = no mail",
        "",
    )
    mail_from: str = _setting("address that mail comes from; goes together with SMTP_URL", "")
    team_timezone: str = _setting("the clocks of the team, by which the console tells times", "America/Chicago")
    metrics_token: str = _setting(
        "whoever shows it as a bearer token reads /metrics and the details of /readyz; empty = /metrics is closed", ""
    )
    try_phone: bool = _setting("on: /try, the phone in the browser (default: off in production)", False)

    @property
    def production(self) -> bool:
        """Neither development nor test: real families."""
        return self.environment == "production"

    @property
    def daily_segments(self) -> int:
        """DAILY_SPEND_CAP in segments at SMS_PRICE; 0 for no cap."""
        return int(self.daily_spend_cap / self.sms_price)

    @property
    def explains(self) -> bool:
        """Whether an answer carries X-Puente-Turn."""
        return not self.production

    @property
    def twilio_senders(self) -> frozenset[str]:
        """Our own addresses at Twilio, WhatsApp's as ``whatsapp:+1...``; empty when the whole account is ours."""
        whatsapp = (f"whatsapp:{each.removeprefix('whatsapp:')}" for each in self.twilio_whatsapp_from)
        return frozenset((*self.twilio_sms_from, *whatsapp)) - {NOT_THERE, f"whatsapp:{NOT_THERE}"}

    @property
    def whatsapp_sender(self) -> str:
        """The first of our numbers on WhatsApp, as ``whatsapp:+1...``; empty where there is none."""
        numbers = (each.removeprefix("whatsapp:") for each in self.twilio_whatsapp_from)
        return next((f"whatsapp:{each}" for each in numbers if each != NOT_THERE), "")

    @property
    def base_url(self) -> str:
        """The address over which signatures are made: PUBLIC_BASE_URL, or this machine while nothing goes to Twilio."""
        return self.public_base_url or f"http://127.0.0.1:{self.port}"

    @property
    def sql_url(self) -> str:
        """DATABASE_URL, or SQLite in DATA_DIR."""
        return self.database_url or f"sqlite:///{self.data_dir / 'puente.db'}"

    @property
    def key_store_url(self) -> str:
        """KEYSTORE_URL, or SQLite in a folder of its own in DATA_DIR, so that a backup can leave it out."""
        return self.keystore_url or f"sqlite:///{self.data_dir / 'keystore' / 'keys.db'}"

    @property
    def master_key_path(self) -> Path:
        """MASTER_KEY_FILE, or the file of this machine, which is only for development and tests."""
        chosen = self.master_key_file
        return Path(chosen).expanduser().absolute() if chosen else self.data_dir / "keys" / "master"


_ON = {"on": True, "true": True, "1": True, "yes": True, "off": False, "false": False, "0": False, "no": False}


def _read(name: str, kind: Any, raw: str) -> Any:
    """The text of a variable as its field's type. ``SettingsError`` names what it should have been."""
    if kind is bool:
        if raw.lower() not in _ON:
            raise SettingsError(f"{name} must be on or off, not {raw!r}")
        return _ON[raw.lower()]
    if kind in (int, float):
        try:
            return kind(raw)
        except ValueError:
            raise SettingsError(f"{name} must be a number, not {raw!r}") from None
    if kind is tuple:
        return tuple(part.strip() for part in raw.split(",") if part.strip())
    return Path(raw).expanduser().absolute() if issubclass(kind, Path) else raw


def _defaults(environment: str, data_dir: Path) -> dict[str, Any]:
    """What an unset variable means outside production: everything works with no account, nothing goes to Twilio."""
    if environment == "production":
        return {}
    common = {
        "require_approval": False,
        "send_unconfirmed_numbers": True,
        "try_phone": True,
        "twilio_account_sid": DEVELOPMENT_ACCOUNT,
    }
    return common | ({"twilio_auth_token": (TEST_TOKEN,)} if environment == "test" else {})


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Settings from variables; ``SettingsError`` for what cannot be meant."""
    environment = environ.get("ENVIRONMENT", "").strip() or "production"
    if environment not in ("production", "development", "test"):
        raise SettingsError(f"ENVIRONMENT must be production, development or test, not {environment!r}")
    defaults = Settings()
    values: dict[str, Any] = {"environment": environment}
    for setting in fields(Settings):
        name, raw = setting.name.upper(), environ.get(setting.name.upper(), "").strip()
        if raw and setting.name != "environment":
            values[setting.name] = _read(name, type(getattr(defaults, setting.name)), raw)
    data_dir = values.get("data_dir", defaults.data_dir)
    settings = Settings(**(_defaults(environment, data_dir) | values))
    if environment == "development" and not settings.twilio_auth_token:
        settings = Settings(
            **{f.name: getattr(settings, f.name) for f in fields(Settings)}
            | {"twilio_auth_token": _machine_token(data_dir)}
        )
    check(settings)
    return settings


def _machine_token(data_dir: Path) -> tuple[str, ...]:
    """The token that development made for this machine, if it has been made."""
    path = data_dir / "token"
    return (path.read_text("ascii").strip(),) if path.is_file() else ()


def check(settings: Settings) -> None:
    """Refuses what would be unsafe in production, in words. Run before anything listens."""
    if settings.default_language not in ("es", "en", "quc"):
        raise SettingsError(f"DEFAULT_LANGUAGE must be es, en or quc, not {settings.default_language!r}")
    if settings.team_timezone not in available_timezones():
        raise SettingsError(
            f"TEAM_TIMEZONE must be a time zone such as America/Chicago, not {settings.team_timezone!r}"
        )
    if "?" in str(settings.data_dir):
        raise SettingsError("DATA_DIR must not have a question mark in its name: SQLite's addresses end there.")
    if _database(settings.key_store_url) == _database(settings.sql_url):
        raise SettingsError(
            "KEYSTORE_URL must be another database than DATABASE_URL: keys and what they open lie apart."
        )
    _check_deleting(settings)
    if settings.environment == "development" and TEST_TOKEN in settings.twilio_auth_token:
        raise SettingsError(f"TWILIO_AUTH_TOKEN is {TEST_TOKEN!r}, which everybody knows: it is for ENVIRONMENT=test.")
    _check_money(settings)
    if settings.desk_patience < 1:
        raise SettingsError(
            "DESK_PATIENCE must be at least 1 minute: how long a family waits before the bot answers again"
        )
    _check_redis(settings.redis_url)
    _check_sending(settings)
    if settings.metrics_token and len(settings.metrics_token) < SHORTEST_TOKEN:
        raise SettingsError(
            f"METRICS_TOKEN must have {SHORTEST_TOKEN} signs or more; `openssl rand -hex 24` makes a good one."
        )
    if not settings.production:
        return
    if not settings.twilio_auth_token:
        raise SettingsError(
            "TWILIO_AUTH_TOKEN is not set: without it anybody could write in a family's name. It stands in Twilio's console."
            " To try Puente on a computer of your own, write ENVIRONMENT=development before the command; never where"
            " families write to."
        )
    of_development = {TEST_TOKEN, *_machine_token(settings.data_dir)} & set(settings.twilio_auth_token)
    if of_development or settings.twilio_account_sid == DEVELOPMENT_ACCOUNT:
        raise SettingsError(
            "development keys are set in production: set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from Twilio's console."
        )
    if not settings.twilio_account_sid:
        raise SettingsError("TWILIO_ACCOUNT_SID is not set: it stands in Twilio's console, beside the token.")
    if urlsplit(settings.public_base_url).scheme != "https":
        raise SettingsError(
            "PUBLIC_BASE_URL must be the https address that Twilio calls, such as https://bot.example.org"
        )
    _check_as_copied(settings)
    if not settings.database_url and not settings.data_dir.is_absolute():
        raise SettingsError("DATA_DIR must be an absolute folder in production")
    _check_master_key(settings)


def _check_as_copied(settings: Settings) -> None:
    """What is copied wrongly starts all the same, and then every message of a family is refused."""
    if not settings.twilio_account_sid.startswith("AC"):
        raise SettingsError("TWILIO_ACCOUNT_SID begins with AC, without quotes: is it the token, or a key's name?")
    if urlsplit(settings.public_base_url).path.rstrip("/").endswith("/messages"):
        raise SettingsError("PUBLIC_BASE_URL ends before /messages, as in https://bot.example.org: take that part off.")


def _database(url: str) -> tuple[str, str, int, str, str]:
    """Which database a URL names, however it is spelt and whoever asks."""
    parts = urlsplit(url)
    kind = parts.scheme.partition("+")[0].replace("postgresql", "postgres")
    # A host may stand in the query: postgresql://user@/puente?host=/run/postgresql
    query = sorted(pair for pair in parts.query.split("&") if pair.partition("=")[0] in ("host", "port", "dbname"))
    port = parts.port or (5432 if kind == "postgres" else 0)
    return kind, parts.hostname or "", port, normpath(parts.path), "&".join(query)


def _check_deleting(settings: Settings) -> None:
    """Whether what is to be deleted at Twilio is said whole: a gap would leave copies there that families are told are gone."""
    if settings.twilio_api_base and settings.production:
        raise SettingsError(
            "TWILIO_API_BASE is for tests: in production the keys of Twilio go to Twilio alone. Unset it."
        )
    if bool(settings.twilio_api_key) != bool(settings.twilio_api_secret):
        raise SettingsError(
            "TWILIO_API_KEY and TWILIO_API_SECRET go together: set both, or neither, and Twilio keeps its copies."
        )
    for sender in (*settings.twilio_sms_from, *settings.twilio_whatsapp_from):
        if not _SENDER.fullmatch(sender):
            raise SettingsError(
                f"TWILIO_SMS_FROM and TWILIO_WHATSAPP_FROM are numbers such as +13125550100, not {sender!r}"
            )
    said = settings.twilio_sms_from, settings.twilio_whatsapp_from
    if settings.twilio_api_key and any(said) and not (all(said) and settings.twilio_senders):
        raise SettingsError(
            "TWILIO_SMS_FROM and TWILIO_WHATSAPP_FROM go together while messages are deleted at Twilio: set both "
            f"({NOT_THERE} for a channel that you do not have), or neither, when the whole account is this service's."
        )


def _check_sending(settings: Settings) -> None:
    """Whether replies and mail have somewhere to go. The messages do not repeat SMTP_URL: it may hold a password."""
    service = settings.twilio_messaging_service_sid
    if service and not _SERVICE.fullmatch(service):
        raise SettingsError(f"TWILIO_MESSAGING_SERVICE_SID is MG and 32 letters or digits, not {service!r}")
    if bool(settings.smtp_url) != bool(settings.mail_from):
        raise SettingsError("SMTP_URL and MAIL_FROM go together: set both, or neither, and no mail is sent.")
    if not settings.smtp_url:
        return
    try:
        server = urlsplit(settings.smtp_url)
        known = server.scheme in ("smtp", "smtps") and bool(server.hostname) and server.port != 0
    except ValueError:
        known = False
    if not known:
        raise SettingsError("SMTP_URL must be smtp://user:password@host:587 or smtps://user:password@host:465")
    if not _MAIL_ADDRESS.fullmatch(settings.mail_from):
        raise SettingsError(f"MAIL_FROM must be an address such as desk@example.org, not {settings.mail_from!r}")


def _check_redis(url: str) -> None:
    """Whether a Redis, or a cluster, can be meant. The messages do not repeat the URL: it may hold a password."""
    kind, _, rest = url.partition("://")
    if url and kind not in _REDIS_KINDS:
        raise SettingsError(f"REDIS_URL must begin with one of {'://, '.join(_REDIS_KINDS)}://")
    if kind.endswith("+cluster") and not _CLUSTER_NODES.fullmatch(rest):
        raise SettingsError(
            "REDIS_URL must name a cluster as redis+cluster://user:password@host:6379,host:6379, without a database number"
        )
    if kind in ("redis", "rediss") and "," in rest.partition("?")[0].rpartition("@")[2]:
        raise SettingsError(f"REDIS_URL names several hosts, which only a cluster has: write {kind}+cluster:// for it")


def _check_money(settings: Settings) -> None:
    """Whether it can be told who is answered and when the day's money is gone."""
    if strangers := unknown(settings.countries):
        raise SettingsError(
            f"COUNTRIES must be ISO codes of two capital letters with commas, as in US,MX,GT; not {', '.join(strangers)}"
        )
    if not 0 < settings.sms_price < math.inf:
        raise SettingsError(f"SMS_PRICE must be over 0, in US dollars, not {settings.sms_price:g}")
    # Below a segment the bot would be silent from the first message on, which nobody means.
    if settings.daily_spend_cap and not settings.sms_price <= settings.daily_spend_cap < math.inf:
        raise SettingsError("DAILY_SPEND_CAP must be 0 (no cap) or at least the price of a message (SMS_PRICE)")


def _check_master_key(settings: Settings) -> None:
    """Whether production has a master key of its own, where no backup of DATA_DIR takes it along."""
    if not settings.master_key_file:
        raise SettingsError(
            "MASTER_KEY_FILE is not set: docs/keys.md says how to make a master key and where to keep it."
        )
    # Resolved: a link from elsewhere into DATA_DIR is inside too.
    if settings.master_key_path.resolve().is_relative_to(settings.data_dir.resolve()):
        raise SettingsError(
            f"MASTER_KEY_FILE must not lie inside DATA_DIR ({settings.data_dir}), of which backups are made: move the file."
        )


def table() -> list[tuple[str, str, str]]:
    """Name, default and help of every setting, for the README and `--help`."""
    rows = []
    for setting in fields(Settings):
        default = setting.default
        shown = (
            ("on" if default else "off")
            if isinstance(default, bool)
            else ",".join(default)
            if isinstance(default, tuple)
            else str(default)
        )
        rows.append((setting.name.upper(), ".data" if setting.name == "data_dir" else shown, setting.metadata["help"]))
    return rows
