"""The editor as a test uses it: fields as the page names them, and forms as a browser sends them."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.test import TestResponse

from bot.language import Language
from tests.console.browsing import Account, Console
from tests.console.clients import Hand, hand

FLOW, STEP = "home_visit", "first"
SAY, CARD = f"{FLOW}.{STEP}.say", f"{FLOW}.card.say"
_FIELD = re.compile(r'<textarea[^>]* name="(text\|[^"]+)"[^>]*>(.*?)</textarea>', re.DOTALL)


@dataclass
class Editor:
    """Somebody at the page of an answer."""

    hand: Hand
    flow: str = FLOW

    def page(self, query: str = "") -> str:
        """The page as it is sent."""
        answer = self.hand.get(f"/answers/{self.flow}{query}")
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)

    def fields(self, page: str | None = None) -> dict[str, str]:
        """Every field of a text with what stands in it."""
        found = _FIELD.findall(self.page() if page is None else page)
        return {html.unescape(name): html.unescape(text) for name, text in found}

    def name(self, key: str, language: Language, fields: Mapping[str, str] | None = None) -> str:
        """The name of the field of a text."""
        known = self.fields() if fields is None else fields
        return next(name for name in known if name.startswith(f"text|{language}|") and name.endswith(f"|{key}"))

    def text(self, key: str, language: Language) -> str:
        """What stands in the field of a text."""
        fields = self.fields()
        return fields[self.name(key, language, fields)]

    def save(
        self,
        typed: Mapping[tuple[str, Language], str],
        fields: Mapping[str, str] | None = None,
        step: str = STEP,
        meaning: str = "no",
        **more: str,
    ) -> TestResponse:
        """Sends the form of a step: all its fields as they were shown, and some with other words."""
        shown = self.fields() if fields is None else dict(fields)
        form = {name: text for name, text in shown.items() if f"|{self.flow}.{step}." in name}
        for (key, language), text in typed.items():
            form[self.name(key, language, shown)] = text
            if meaning:
                form[f"meaning|{language}|{key}"] = meaning
        return self.hand.post(f"/answers/{self.flow}", **form, step=step, **more)


def editor(console: Console, account: Account, flow: str = FLOW) -> Editor:
    """The editor of somebody who is logged in."""
    return Editor(hand(console, account), flow)
