"""Answers of the app in a real Chromium, under the very headers that they came with, and a hook that notices whatever runs.

A page of a client without a browser is handed to Chromium in place of what the server would answer there; scripts and styles
come from the server. So a page that only a POST makes is looked at as well, and a thousand of them in minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route
from werkzeug.test import TestResponse

from tests.console.browsing import Console

HOOK = """
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = (...what) => { window.attacked("ran: " + name + "(" + what.join() + ")"); };
document.addEventListener("securitypolicyviolation", event =>
  window.attacked("policy: " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));
"""
LOOK = """
() => {
  const found = [];
  const never = "iframe,object,embed,base,portal,math,marquee,plaintext,xmp,frameset,template,slot,dialog,style," +
    "img:not(.qr),video,picture,image,foreignObject,animate,set,discard,use,script:not([src]),meta[http-equiv],link[rel=import],link[rel=prefetch]";
  for (const each of document.querySelectorAll(never)) found.push("element: " + each.outerHTML.slice(0, 200));
  const leads = ["src", "href", "xlink:href", "action", "formaction", "data", "srcset", "poster", "background", "ping", "srcdoc"];
  for (const each of document.querySelectorAll("*")) for (const {name, value} of each.attributes) {
    if (name.startsWith("on") || name.includes("hx-on") || name === "style") found.push("attribute: " + each.outerHTML.slice(0, 200));
    if (!leads.includes(name)) continue;
    let url; try { url = new URL(value, location.href); } catch { continue; }
    const out = url.protocol.startsWith("http") ? url.host !== location.host && each.localName !== "a"
      : !["tel:", "mailto:", "sms:", "blob:"].includes(url.protocol) && !value.startsWith("data:image/svg+xml");
    if (out) found.push("leads: " + each.localName + " " + name + "=" + value.slice(0, 120));
  }
  for (const each of document.querySelectorAll("*"))
    for (const name of ["mouseover", "mouseenter", "toggle", "animationstart", "input"]) each.dispatchEvent(new Event(name));
  return found;
}
"""
TURNED = r"""
planted => {
  const turned = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
  const strange = /[\u0590-\u08ff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;
  const own = text => {
    if (!strange.test(text)) return [[0, text.length]];
    let rest = [[0, text.length]];
    for (const each of planted) for (let at = text.indexOf(each); at >= 0; at = text.indexOf(each, at + each.length))
      rest = rest.flatMap(([a, b]) => at >= b || at + each.length <= a ? [[a, b]] : [[a, at], [at + each.length, b]]);
    return strange.test(rest.map(([a, b]) => text.slice(a, b)).join("")) ? [] : rest;
  };
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data;
    if (!node.parentElement.checkVisibility() || ["TEXTAREA", "OPTION", "SCRIPT"].includes(node.parentElement.tagName)) continue;
    for (const [a, b] of own(text)) for (const word of text.slice(a, b).matchAll(/[A-Za-z]{3,}/g)) {
      const boxes = [0, word[0].length - 1].map(at => {
        range.setStart(node, a + word.index + at); range.setEnd(node, a + word.index + at + 1);
        return range.getBoundingClientRect();
      });
      if (boxes[0].top === boxes[1].top && boxes[0].left > boxes[1].left)
        turned.push("turned around: " + word[0] + " in " + node.parentElement.outerHTML.slice(0, 160));
    }
  }
  return turned.slice(0, 5);
}
"""


@dataclass
class Looked:
    """How many pages were looked at, and what was noticed on which."""

    pages: int = 0
    found: list[str] = field(default_factory=list)
    strings: set[str] = field(default_factory=set)
    """Those that stood somewhere, as text."""


class Pages:
    """A browser that is shown answers. ``planted``: all strings that may stand on them."""

    def __init__(self, console: Console, context: BrowserContext, planted: list[str]) -> None:
        self._console, self.planted, self.looked = console, planted, Looked()
        self._shown: TestResponse | None = None
        self._noticed: list[str] = []
        context.expose_binding("attacked", lambda source, what: self._noticed.append(str(what)))
        context.add_init_script(HOOK)
        context.route("**/*", self._answer)
        self._page: Page = context.new_page()
        self._page.on("dialog", self._dialog)
        self._page.on("pageerror", lambda error: self._noticed.append(f"error: {error}"))
        self._page.on("console", self._said)

    def show(self, answer: TestResponse) -> list[str]:
        """What is noticed on this page; empty when nothing."""
        self._shown, self._noticed = answer, []
        path = answer.request.full_path.rstrip("?")
        self._page.goto(f"{self._console.address}{path}", wait_until="load")
        found = self._page.evaluate(LOOK) + self._page.evaluate(TURNED, self.planted)
        self._page.evaluate("() => 0")
        noticed = [f"{answer.request.method} {path[:80]}: {what}" for what in (*self._noticed, *found)]
        text = unescape(answer.text)
        self.looked.strings |= {each for each in self.planted if each in text}
        self.looked.pages += 1
        self.looked.found += noticed
        return noticed

    def _answer(self, route: Route) -> None:
        request = route.request
        if not request.url.startswith((self._console.address, "data:image/svg", "blob:")):
            self._noticed.append(f"asked: {request.url[:120]}")
            return route.abort()
        if request.is_navigation_request() and self._shown is not None:
            shown = self._shown
            headers = {name: value for name, value in shown.headers.items() if name.lower() not in _NOT_HERE}
            return route.fulfill(status=200, headers=headers, body=shown.data)
        if "/console/static/" in request.url or request.url.startswith(f"{self._console.address}/static/"):
            return route.continue_()
        # Polls of a page that is only looked at.
        return route.fulfill(status=204)

    def _dialog(self, dialog: Any) -> None:
        if dialog.type == "beforeunload":
            # A page of ours that has unsaved words: it asks, and is meant to.
            return dialog.accept()
        self._noticed.append(f"dialog: {dialog.message[:80]}")
        return dialog.dismiss()

    def _said(self, message: Any) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self._noticed.append(f"console: {message.text[:200]}")


_NOT_HERE = ("content-length", "set-cookie", "location", "clear-site-data", "content-disposition")


@contextmanager
def pages(console: Console, browser: Browser, planted: list[str]) -> Iterator[Pages]:
    """A browser of its own for a while."""
    context = browser.new_context(viewport={"width": 1000, "height": 800})
    try:
        yield Pages(console, context, planted)
    finally:
        context.close()
