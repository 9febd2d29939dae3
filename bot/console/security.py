"""What every page of the console carries: the policy of what a browser may load, and the token that a form must bring."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

from bot.console.apart import PATH
from bot.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SOUND_POLICY = f"{POLICY}; media-src 'self'"
"""Of a page on which somebody listens to recordings of ours."""
VOICE_POLICY = f"{POLICY}; media-src 'self' blob:"
"""Of a page on which somebody listens, and records: what she has just recorded is a blob until it is sent."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
WIDER = ("Content-Security-Policy", "Permissions-Policy")
"""Headers that a page may have set itself, by ``with_sound`` or ``with_voice``."""
A_YEAR = 365 * 24 * 3600

csrf = CSRFProtect()


def secure(settings: Settings) -> bool:
    """Whether browsers reach us over https, so that cookies may be told to travel by it alone."""
    return urlsplit(settings.base_url).scheme == "https"


def configure(app: Flask, settings: Settings) -> None:
    """CSRF by Flask-WTF, asked for by the console's guard alone: what Twilio posts brings a signature instead."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # As long as the session: a page may lie open for an hour.
    app.config["WTF_CSRF_SSL_STRICT"] = False  # is_from_here asks more, and behind any proxy.
    csrf.init_app(app)


def is_from_here() -> bool:
    """Whether a browser says that a page of ours made this request, or says nothing about it (Fetch metadata, then Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.host
    except ValueError:  # No browser says where it comes from in such words.
        return False


def with_sound(response: Response) -> Response:
    """Lets this page play recordings of ours."""
    response.headers["Content-Security-Policy"] = SOUND_POLICY
    return response


def with_voice(response: Response) -> Response:
    """Lets this page play recordings of ours, and use the microphone when somebody presses the button."""
    response.headers["Content-Security-Policy"] = VOICE_POLICY
    response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
    return response


def add_headers(response: Response) -> Response:
    """The headers of a page of the console. Static files may be kept, under the name that changes with their content."""
    if not request.path.startswith(PATH):
        return response
    for name, value in HEADERS.items():
        if name not in WIDER or name not in response.headers:
            response.headers[name] = value
    if not request.path.startswith(f"{PATH}/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response
