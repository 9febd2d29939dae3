"""Rasa without telemetry, without a log of what people say, and without the noise of its libraries."""

from __future__ import annotations

import os
import warnings

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # At DEBUG Rasa writes down what people say. Whatever the environment asks for, it does not do so here.
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    # Its cache would keep parts of an earlier training; a training is short, and must depend on its data alone.
    "RASA_MAX_CACHE_SIZE": "0",
}


def hush() -> None:
    """Call before Rasa is imported."""
    os.environ.update(_ENVIRONMENT)
    # Libraries warn about libraries, for pages, and put filters back that were taken out; nobody here can mend them.
    warnings.showwarning = lambda *_, **__: None
