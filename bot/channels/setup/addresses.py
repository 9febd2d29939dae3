"""Which addresses of ours Twilio is to call, and what is wrong with those that it has. Pure."""

from __future__ import annotations

from urllib.parse import SplitResult, parse_qs, urlsplit

from msgspec import Struct

from bot.channels.setup.found import Inbound

RETRIES = "rc=5&rp=ct,5xx"
"""Twilio tries again up to five times, where nobody can be reached and where our server fails."""
_AT_TWILIO = ("twil.io", "twilio.com")
_DEMONSTRATION = "demo.twilio.com"
_RETRIED = {"ct", "5xx"}


class Wanted(Struct, frozen=True):
    """The addresses that Twilio is to have. ``fallback`` is empty while nobody has named a text that Twilio itself holds."""

    messages: str
    status: str
    fallback: str = ""


def wanted_of(public_base_url: str, fallback: str = "") -> Wanted | None:
    """The addresses below PUBLIC_BASE_URL; None where that is none that Twilio can call safely."""
    if not public_base_url or urlsplit(public_base_url).scheme != "https":
        return None
    base = public_base_url.rstrip("/")
    return Wanted(f"{base}/messages#{RETRIES}", f"{base}/status", fallback)


def message_fault(found: Inbound, wanted: Wanted) -> str:
    """What is wrong with where messages that come in go; empty when nothing is."""
    if not found.url:
        return "messages that come in go nowhere"
    fault = address_fault(found.url, wanted.messages)
    if fault:
        return f"messages that come in go to {shown(found.url)}: {fault}"
    if found.method.upper() != "POST":
        return f"messages that come in are brought by HTTP {clean(found.method) or 'GET'}, and Puente takes POST"
    if not _tries_again(_parts(found.url)):
        return "messages that come in are lost when a connection fails: the end of the address that makes Twilio try again is missing"
    return ""


def status_fault(found: str, wanted: Wanted) -> str:
    """What is wrong with where reports on our messages go; empty when nothing is."""
    if not found:
        return "reports on our messages go nowhere"
    fault = address_fault(found, wanted.status)
    return f"reports on our messages go to {shown(found)}: {fault}" if fault else ""


def fallback_fault(found: str, wanted: Wanted) -> str:
    """What is wrong with the address for the hour when all of ours is down; empty when nothing is."""
    if not found:
        return "there is no fallback: when all of ours is down, families get silence"
    parts = _parts(found)
    if parts is None or not parts.hostname:
        return f"the fallback {shown(found)} is no address"
    if parts.scheme != "https":
        return f"the fallback {shown(found)} is not https"
    if _place(parts) == _place(_parts(wanted.messages)):
        return f"the fallback {shown(found)} is our own server, which is down in that hour"
    if wanted.fallback and found != wanted.fallback:
        return f"the fallback is {shown(found)}, not the one that you named"
    return ""


def is_at_twilio(url: str) -> bool:
    """Whether Twilio itself answers there: a TwiML Bin or a function of the account."""
    parts = _parts(url)
    host = parts.hostname or "" if parts else ""
    return any(host == each or host.endswith(f".{each}") for each in _AT_TWILIO) and host != _DEMONSTRATION


def address_fault(found: str, wanted: str) -> str:
    """How an address differs from the wanted one, apart from what stands behind #; empty when it does not."""
    is_, should = _parts(found), _parts(wanted)
    if is_ is None or should is None or not is_.hostname:
        return "that is no address"
    if is_.hostname == _DEMONSTRATION:
        return "that is Twilio's demonstration"
    if _place(is_)[0] != _place(should)[0]:
        return "that is another server"
    if is_.scheme != "https":
        return "that is http, where anybody on the way can read and change it"
    if _place(is_) != _place(should):
        return "that is another port of our server"
    if is_.path == f"{should.path}/":
        return "the slash at the end is too much, nobody answers there"
    if (is_.path, is_.query, is_.username) != (should.path, should.query, None):
        return "that is another page of our server"
    return ""


def shown(url: str) -> str:
    """An address as it may be printed: without a password or a token that somebody put into it."""
    parts = _parts(url)
    if parts is None or not parts.hostname:
        return "(unreadable)" if parts is None or parts.username else clean(url)[:200]
    host = parts.netloc.rpartition("@")[2]
    query = "?..." if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return clean(f"{parts.scheme}://{host}{parts.path}{query}{fragment}")[:200]


def clean(text: str) -> str:
    """Words of others without what would move a terminal's cursor."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        _ = parts.port
    except ValueError:
        return None
    return parts


def _place(parts: SplitResult | None) -> tuple[str, int]:
    """Host and port."""
    if parts is None:
        return "", 0
    return (parts.hostname or "").lower(), parts.port or (80 if parts.scheme == "http" else 443)


def _tries_again(parts: SplitResult | None) -> bool:
    """Whether Twilio is told to repeat what did not get through; how often is the operator's choice."""
    told = parse_qs(parts.fragment) if parts else {}
    times = told.get("rc", ["1"])[-1]
    policy = set(",".join(told.get("rp", ["ct"])).split(","))
    return times.isdigit() and int(times) >= 1 and (policy >= _RETRIED or "all" in policy)
