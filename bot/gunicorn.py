"""gunicorn's settings, read from the same environment as bot.settings: PORT and ENVIRONMENT, and WEB_CONCURRENCY."""

import contextlib
import gc
import logging
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

_SHARED_MEMORY = Path("/dev/shm")  # nosec B108 # noqa: S108 - gunicorn makes its own unguessable file there

# Development answers only to this machine. Whoever runs production puts TLS in front, often on another machine.
_host = "127.0.0.1" if os.environ.get("ENVIRONMENT", "").strip() in ("development", "test") else "0.0.0.0"  # nosec B104 # noqa: S104
bind = f"{_host}:{os.environ.get('PORT', '').strip() or 8000}"

# Loading before forking shares the content's memory between workers, and a broken setting stops the start at once.
preload_app = True
workers = int(os.environ.get("WEB_CONCURRENCY", "").strip() or 2)
worker_class = "bot.web_worker.WebWorker"
threads = 8
keepalive = 5

# Until all is loaded nothing is looked through for garbage, again and again: of 200,000 things 400 are. So gunicorn calls this file
# when it reads it; whoever imports it keeps his own garbage.
if __name__ == "__config__":
    gc.disable()

# A worker that hangs is replaced after `timeout`. A turn takes 4 s at most, and bot.keep kills 4.5 s after it asked.
timeout = 30
graceful_timeout = 4

# The heartbeat of a worker must not wait for a busy disk.
worker_tmp_dir = str(_SHARED_MEMORY) if _SHARED_MEMORY.is_dir() else None

# bot.keep starts and stops this server; a control socket in the home folder would be shared by all of them.
control_socket_disable = True

# This server may be started without bot.keep: no core file with what people wrote. Root may still raise the limit.
with contextlib.suppress(OSError, ValueError):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def when_ready(server: Any) -> None:
    """Before the first worker is forked. What is loaded by now lives as long as the server does: a worker that looked through all
    of it for garbage would copy every page, for a quarter of a second of CPU while a message waits (docs.python.org, gc.freeze)."""
    gc.freeze()
    gc.enable()


# The app logs its own requests: an access log would hold what families send.
accesslog = None
errorlog = "-"
loglevel = "warning"


class Discreet(logging.Formatter):
    """Says of a broken request, and of an error, the class and the line of gunicorn; their words quote sender and request.

    What the master says about its workers and its port is said in full.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        # An exception that is handled but not passed on as such, as of a request that cannot be read.
        error = record.exc_info[1] if record.exc_info else sys.exc_info()[1]
        line = f"[{record.process}] [{record.levelname}] "
        if error is None and record.module in ("arbiter", "sock"):
            return line + record.getMessage()
        return f"{line}{record.module}:{record.lineno}{f' {type(error).__name__}' if error else ''}"


class Quiet(Logger):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's logger, with ``Discreet`` for all that it writes."""

    def setup(self, cfg: Any) -> None:
        """As gunicorn's own, and then the other words."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Discreet())


def _named_by_caller(level: str) -> Callable[..., None]:
    """A method of the logger whose record names the line of gunicorn that speaks, not the logger's own."""

    def say(self: Logger, msg: object, *args: object, **kwargs: Any) -> None:
        kwargs.setdefault("stacklevel", 2)
        getattr(self.error_log, level)(msg, *args, **kwargs)

    return say


for _level in ("critical", "error", "warning", "info", "debug", "exception"):
    setattr(Quiet, _level, _named_by_caller(_level))

logger_class = Quiet
