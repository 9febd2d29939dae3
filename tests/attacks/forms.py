"""The forms of a page, as a browser would send them: which fields, what stands in them, and where each button leads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

TYPED = frozenset({"text", "search", "email", "tel", "url", ""})
_ALONE = frozenset({"button", "submit", "image", "reset", "file", "password"})


@dataclass
class Form:
    """One form. ``typed``: the fields into which somebody may write what she likes; ``held``: what the others hold."""

    action: str
    post: bool
    typed: list[str] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Where each leads, its name and its value."""


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, dict[str, Form]()
        self._fields: list[tuple[str, str, dict[str, str]]] = []
        self._inside, self._select = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = own.get("id") or f"form {len(self.forms)}"
            self.forms[self._inside] = Form(own.get("action") or self.page, own.get("method", "").lower() == "post")
        elif tag in ("input", "textarea", "button", "select"):
            self._fields.append((own.get("form", self._inside), tag, own))
            self._select = own.get("name", "") if tag == "select" else ""
        elif tag == "option" and self._select and ("selected" in own or own.get("value")):
            self._fields.append((self._inside, "option", {**own, "name": self._select}))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = ""
        if tag == "select":
            self._select = ""

    def read(self) -> list[Form]:
        for form, tag, own in self._fields:
            if form in self.forms:
                _put(self.forms[form], tag, own)
        return list(self.forms.values())


def _put(form: Form, tag: str, own: dict[str, str]) -> None:
    name, kind = own.get("name", ""), own.get("type", "")
    if tag == "button" or kind in ("submit", "image"):
        form.buttons.append((own.get("formaction") or form.action, name, own.get("value", "")))
    elif not name or kind in _ALONE or "disabled" in own:
        return
    elif tag == "textarea" or (tag == "input" and kind in TYPED):
        form.typed.append(name)
    elif kind not in ("checkbox", "radio") or "checked" in own or name not in form.held:
        if tag != "option" or "selected" in own or name not in form.held:
            form.held[name] = own.get("value", "on" if kind == "checkbox" else "")


def forms_of(html: str, path: str) -> list[Form]:
    """All forms of the page of that path that post something to this host."""
    reader = _Reader(path)
    reader.feed(html)
    reader.close()
    return [form for form in reader.read() if form.post and not urlsplit(form.action).netloc]
