"""gunicorn's settings, read from the same environment as bot.settings: PORT and ENVIRONMENT, and WEB_CONCURRENCY."""

import os
from pathlib import Path

_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own unguessable file there

# Development answers only to this machine. Whoever runs production puts TLS in front, often on another machine.
_host = "127.0.0.1" if os.environ.get("ENVIRONMENT", "").strip() in ("development", "test") else "0.0.0.0"  # noqa: S104
bind = f"{_host}:{os.environ.get('PORT', '').strip() or 8000}"

# Loading before forking shares the content's memory between workers, and a broken setting stops the start at once.
preload_app = True
workers = int(os.environ.get("WEB_CONCURRENCY", "").strip() or 2)
worker_class = "gthread"
threads = 8
keepalive = 5

# A worker that hangs is replaced after `timeout`. A turn takes 4 s at most, and bot.keep kills 4.5 s after it asked.
timeout = 30
graceful_timeout = 4

# The heartbeat of a worker must not wait for a busy disk.
worker_tmp_dir = str(_SHARED_MEMORY) if _SHARED_MEMORY.is_dir() else None

# bot.keep starts and stops this server; a control socket in the home folder would be shared by all of them.
control_socket_disable = True

# The app logs its own requests: an access log would hold what families send.
accesslog = None
errorlog = "-"
loglevel = "warning"
