"""How long an answer may be. Pure."""

from __future__ import annotations

from bot.language import Language

LONGEST = {Language.ES: 4, Language.EN: 4, Language.QUC: 6}
"""Segments of an SMS; K'iche' is written beside the whole Spanish."""
