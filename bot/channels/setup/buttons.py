"""Buttons of WhatsApp: whether what they need is there. Pure."""

from __future__ import annotations

from bot.channels.setup.account import CONSOLE_KEYS
from bot.channels.setup.findings import Finding, ok, wrong
from bot.channels.setup.found import Problem, Trouble
from bot.channels.setup.problems import not_checked

ABOUT = "WHATSAPP_BUTTONS"


def judge_buttons(can_send: bool, listed: Problem | None) -> Finding:
    """``can_send``: the settings that they need are there. ``listed``: what came of listing contents with the worker's key."""
    if not can_send:
        hint = "set TWILIO_API_KEY, TWILIO_WHATSAPP_FROM and PUBLIC_BASE_URL, or turn it off"
        return wrong(ABOUT, "it is on, but something is missing: all menus go out as numbered text", hint)
    if listed is None:
        return ok(ABOUT, "the key may read contents; the worker makes the menus, which may take some minutes after a release")
    if listed.trouble in (Trouble.FORBIDDEN, Trouble.WRONG_KEY):
        hint = f"{CONSOLE_KEYS}: the key has to read, create and delete contents too (Content API)"
        return wrong(ABOUT, "the key may not read contents: all menus go out as numbered text", hint)
    return not_checked(ABOUT, listed)
