"""What holds for every request and every answer, whichever app answers. In WSGI: Flask calls each such rule by way of several others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HEADERS = (("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"))
"""Of every answer that does not say otherwise itself."""


class Edge:
    """Around ``app``: each answer gets ``HEADERS``, and a query that cannot be read is refused."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            return start_response(status, headers + [pair for pair in HEADERS if pair[0].lower() not in said], *error)

        # Raw bytes behind the question mark: no browser sends any, and whoever read ``request.args`` would break on them.
        if not environ.get("QUERY_STRING", "").isascii():
            start("400 BAD REQUEST", [("Content-Length", "0")])
            return ()
        return self._app(environ, start)
