"""What reads bytes that a person sent, and what writes those that go back: one function each, for whatever bytes there are.

Each raises for what is wrong; ``Wrong`` where no exception of our own would tell.
"""

from __future__ import annotations

from functools import cache
from urllib.parse import parse_qsl

from msgspec import json

from bot.channels.inbound import read_message
from bot.channels.twiml import to_twiml
from bot.engine import parse
from bot.engine.actions import Ask, Offer, Say
from bot.engine.hear import hear
from bot.engine.labels import Labels
from bot.intents.clauses import meant, questions
from bot.intents.folding import bare
from bot.intents.words import Words
from bot.language import Language
from bot.message import Channel, Reply
from bot.scripts.reply import renderer
from bot.session import Session, Spot, from_dict, read_session, to_dict
from bot.settings import from_environment
from tests.fuzz import grammar, twiml
from tests.fuzz.talk import BEGAN, release

LABELS = Labels.of(
    {
        1: ["abogado", "lawyer", "q'atb'al tzij"],
        2: ["agentes aquí ahora"],
        3: ["más"],
        8: ["something longer here"],
    }
)
DIGITS = (None, 1, 2, 3, 8)


class Wrong(Exception):
    """Something came back that must not."""


def check(so: bool, what: str) -> None:
    if not so:
        raise Wrong(what)


@cache
def _spots() -> list[Spot]:
    return [Spot(flow.name, step) for flow in release().script.flows.values() for step in flow.steps]


def words(data: bytes) -> None:
    """What a person wrote, as all that needs no model understands it. The first byte says where the talk stands."""
    at = _spots()[(data[0] if data else 0) % len(_spots())]
    text = data[1:].decode("utf-8", "replace")
    said = Words.of(text)
    number = parse.number(said)
    check(number is None or 0 <= number <= 9, f"the number {number}")
    check(parse.yes_or_no(said) in (True, False, None), "neither yes nor no nor nothing")
    check(LABELS.exactly(said) in DIGITS and LABELS.nearly(said) in DIGITS, "a label")
    check(bare(bare(text)) == bare(text), "folding twice is not folding once")
    for part in (meant(text), *(questions(text) or ())):
        check(len(part) <= len(text) + 1, "more was meant than was written")
    message = read_message({"MessageSid": "SM1", "From": "+1", "Body": text})
    check(len(message.text) <= 1600 and all(c.isprintable() or c in "\n\u200d" for c in message.text), "what was read")
    turn = hear(release().ears, Session(at=at, known=True), message)
    for token in (turn.place, turn.mentioned, *turn.places, *turn.several):
        check(token is None or grammar._is_place(token), f"the place {token!r}")
    check(turn.urgent is None or turn.urgent in release().script.by_intent, f"the danger {turn.urgent!r}")


def posted(data: bytes) -> None:
    """A form, as it is read into a message."""
    form = dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True))
    message = read_message(
        {"MessageSid": "SM1", "From": "whatsapp:+1", **form} | {"From": form.get("From") or "+1", "MessageSid": "x"}
    )
    check(
        0 <= message.media <= 10 and len(message.text) <= 1600 and len(message.address) <= 256,
        "a message out of bounds",
    )
    if message.pin:
        check(abs(message.pin.latitude) <= 90 and abs(message.pin.longitude) <= 180, "a pin off the earth")


def rendered(data: bytes) -> None:
    """Any steps of the flows one after the other, in any language, to any place; then as TwiML."""
    data = data.ljust(4, b"\0")
    spots, language = _spots(), list(Language)[data[0] % 3]
    channel, place = list(Channel)[data[1] % 2], (None, *_places())[data[2] % (1 + len(_places()))]
    session = Session(language=language, known=True, place=place)
    writer = renderer(release(), _settings(), session, channel, BEGAN + data[3] * 86_400)
    actions: list[Say | Ask | Offer] = []
    for first, second in zip(data[4:12:2], data[5:12:2], strict=False):
        spot = spots[(first + 256 * (second & 3)) % len(spots)]
        match second >> 6:
            case 0:
                actions.append(Say(spot.flow, spot.step))
            case 1:
                actions.append(Ask(spot.flow, spot.step, back=bool(second & 4)))
            case 2:
                actions.append(Offer("did_you_mean", (spot.flow, "menu")))
            case _:
                actions += [Say(spot.flow, spot.step), Ask(spot.flow, spot.step, back_to=spot.flow)]
    reply = writer.reply(actions)
    # What the desk is called is filled in where there is one.
    unfilled = [each for each in grammar.faults_of_words(reply.texts) if "$desk" not in each]
    faults = unfilled + twiml.faults(to_twiml(reply))
    check(not faults, f"{actions}: {faults}")


def written(data: bytes) -> None:
    """Any text as TwiML."""
    text = data[: len(data) // 2 * 2].decode("utf-16-le", "surrogatepass")
    faults = twiml.faults(to_twiml(Reply((text, text[::-1]), ("https://bot.example.org/media/x.ogg",))))
    check(not [each for each in faults if "bytes" not in each], str(faults))


def remembered(data: bytes) -> None:
    """Whatever lies in Redis is a session or none, and what is written is read again as it was."""
    session = read_session(data)
    check(read_session(json.encode(session)) == session, "a session that changes when it is kept")
    check(from_dict(to_dict(session)) == session, "a session that changes when it is carried")


@cache
def _settings():  # type: ignore[no-untyped-def]
    return from_environment({"ENVIRONMENT": "test"})


@cache
def _places() -> tuple[str, ...]:
    return (
        "US;60629;Chicago;IL;41.78;-87.71;zip",
        "GT;;Quetzaltenango;Quetzaltenango;14.84;-91.52;town",
        "MX;;;;23.00;-102.00;country",
    )


TARGETS = {"words": words, "posted": posted, "rendered": rendered, "written": written, "remembered": remembered}
WEIGHTS = {"words": 40, "posted": 15, "rendered": 25, "written": 10, "remembered": 10}
"""Of 100 cases so many go to each."""
SEEDS = (
    b"\x00el 2",
    b"\x10la migra esta en mi puerta",
    b"\x22abogado en Chicago",
    b"60629",
    "sí quiero".encode(),
    b"Body=hola&NumMedia=1",
    b"Latitude=41.8&Longitude=-87.6&From=whatsapp%3A%2B1",
    b"\x00\x01\x02\x03abcdefgh",
    b'{"v":2,"u":1.0,"a":["menu","first"],"t":[["menu","first"]]}',
    b'{"v":2,"u":2,"l":"es","f":[1,2,3,4,5,6,7,true,8.0,9.0,1.5]}',
    "¿cómo pido asilo?".encode("utf-16-le"),
    b"BORRAR",
)


def any_of(data: bytes) -> None:
    """The target that the first byte chooses."""
    chosen, draw = (data[0] * 100) // 256 if data else 0, 0
    for name, share in WEIGHTS.items():
        draw += share
        if chosen < draw:
            TARGETS[name](data[1:])
            return
