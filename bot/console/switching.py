"""In which language somebody has the pages: kept in her account, or in the browser of a visitor."""

from __future__ import annotations

from typing import cast

from flask import current_app, session
from werkzeug.wrappers import Response as AnyResponse

from bot.console import security
from bot.console.apart import PATH
from bot.console.desk import desk
from bot.console.sessions import ConsoleSession
from bot.console.words import PAGE_LANGUAGES


def remember_language(response: AnyResponse | None, chosen: str) -> None:
    """In her account, and in the browser where there is an answer to carry it. What is no language of ours changes nothing."""
    if chosen not in [language.value for language in PAGE_LANGUAGES]:
        return
    login = cast(ConsoleSession, session).login
    if response is None:
        if login is not None:
            desk().people.change_language(login.person.id, chosen)
        return
    secure = security.secure(current_app.config["SETTINGS"])
    response.set_cookie(
        "console-language", chosen, max_age=security.A_YEAR, path=PATH, secure=secure, httponly=True, samesite="Lax"
    )
