"""Which languages somebody looks after, and where she calls organizations: a piece of her account and of the people's page."""

from __future__ import annotations

from flask import request

from bot.console.access import viewer
from bot.console.desk import desk
from bot.console.words import words
from bot.language import Language
from bot.store.people import WorkRefused


def change_work(id: int) -> bool:
    """Stores what the form says; False for a state that is none."""
    chosen = [language for language in Language if language.value in request.form.getlist("works-in")]
    state = request.form.get("state", "").strip().upper()
    if len(state) == 2:
        state = f"US-{state}"
    try:
        desk().people.change_work(viewer(), id, chosen, state)
    except WorkRefused:
        return False
    return True


def no_state() -> str:
    """What is said of a state that is none."""
    return words("work.no-state", "Write the state in two letters, such as IL, or leave it empty.")
