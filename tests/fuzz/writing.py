"""What is written to the bot here: what families write, as the tests of conversations keep it, and what nobody in her right mind would."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

# Read by hand: four hundred files of YAML take seconds.
_THEY = re.compile(r"^- they: (.+)$", re.MULTILINE)
TESTS = Path(__file__).resolve().parent.parent
WORDS = (
    "menu MENU salir exit borrar BORRAR delete chachupu mas more compartir share avisos notices stop alto baja start alta ayuda "
    "help espanol english kiche info yes si no je jai 0 1 2 3 4 5 6 7 8 9 60629 90210 01001 Chicago Xela Springfield Quiche "
    "Cicero Guatemala Texas persona si no"
).split()
ODD = (
    "",
    " ",
    "\n",
    "\x00",
    "\x0b\x1b[31m",
    "\u202eemigra\u202c",
    "\u2066x\u2069",
    "m\u200bi\u200bg\u200br\u200ba",
    "\ufeff1",
    "２",
    "٣",
    "2️⃣",
    "①",
    "Ⅷ",
    "½",
    "1.",
    "#2",
    "1 2",
    "-1",
    "10",
    "9" * 40,
    "0" * 300,
    "🙏",
    "😭" * 400,
    "\U000e0041",
    "\uffff",
    "\ud800",
    "ﷺ" * 50,
    "e" + "\u0301" * 500,
    "a" * 1_600,
    "x" * 9_000,
    "la migra " * 177,
    "<Response/>",
    "</Body></Message>",
    "]]>",
    "<!--",
    "&amp;",
    "&#0;",
    "${orr} $orr",
    "%s%n",
    "{0.__class__}",
    "'; DROP TABLE outbox; --",
    "../../etc/passwd",
    "/agents_here_now",
    "/restart",
    "\r\n\r\n",
    "a\nb\nc\n1 x\n2 y",
    "US;60629;Chicago;IL;41.78;-87.71;zip",
    "#0a1b2c3d",
    "notices",
    "null",
    "NaN",
    "true",
    "[]",
    "ñ" * 800,
    "İı",
    "ß",
    "q'anb'al",
    "k`iche´",
    "\u0600\u0600",
    "กำ" * 100,
    "🇬🇹🇲🇽",
    "👩‍👩‍👧‍👦" * 30,
)
_ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz ",
    "áéíóúñü¿¡ ",
    "0123456789 ",
    "\u202a\u202e\u200d\u200b\ufeff",
    "<>&'\"$%{}\\/;=+#",
    "🙏😭🇬🇹",
    "\n\t\r ",
)


@cache
def corpus() -> tuple[str, ...]:
    """What they wrote in tests/conversations."""
    paths = sorted((TESTS / "conversations").glob("*.yml"))
    found = (_THEY.findall(path.read_text("utf-8")) for path in paths)
    return tuple(dict.fromkeys(each.strip("'\"") for those in found for each in those))


def text(dice: random.Random) -> str:
    """One message: as families write, a word that means something, something odd, or one of these broken."""
    draw = dice.random()
    if draw < 0.3:
        return dice.choice(WORDS)
    written = dice.choice(corpus()) if draw < 0.7 else dice.choice(ODD) if draw < 0.85 else garble(dice)
    return broken(dice, written) if dice.random() < 0.3 else written


def garble(dice: random.Random) -> str:
    """Letters of anywhere."""
    if dice.random() < 0.5:
        return "".join(
            chr(dice.choice((dice.randrange(0x250), dice.randrange(0x110000)))) for _ in range(dice.randrange(40))
        )
    return "".join(dice.choice(dice.choice(_ALPHABETS)) for _ in range(dice.randrange(60)))


def broken(dice: random.Random, written: str) -> str:
    """The text with something taken out, put in, doubled, turned round or joined to another."""
    for _ in range(dice.randrange(1, 4)):
        at = dice.randrange(len(written) + 1)
        to = min(len(written), at + dice.randrange(1, 6))
        match dice.randrange(7):
            case 0:
                written = written[:at] + written[to:]
            case 1:
                written = written[:at] + dice.choice(ODD)[:50] + written[at:]
            case 2:
                written = written[:at] + written[at:to] * dice.randrange(2, 30) + written[to:]
            case 3:
                written = written[::-1] if dice.random() < 0.2 else written.swapcase()
            case 4:
                written = f"{written}{dice.choice((' ', ', ', '. ', chr(10), ' y '))}{dice.choice(corpus())}"
            case 5:
                written = written[:at] + chr(dice.randrange(0x110000)) + written[at:]
            case _:
                written = dice.choice(WORDS) + " " + written
    return written[:10_000]


def whole(written: str) -> str:
    """What can stand in UTF-8: a lone half of a pair cannot come over HTTP."""
    return written.encode("utf-8", "replace").decode()


def texts(dice: random.Random, count: int) -> Sequence[str]:
    """So many of them."""
    return [text(dice) for _ in range(count)]
