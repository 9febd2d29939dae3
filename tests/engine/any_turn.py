"""Any session and any turn that can be, for tests that try everything."""

from __future__ import annotations

from hypothesis import strategies as st

from bot.engine.listed import LISTED, RECORD
from bot.engine.turn import Turn
from bot.intents.reserved import Reserved, Word
from bot.language import Language
from bot.message import Channel, OptOut
from bot.session import Session, Spot, Writer
from tests.engine.scenes import CHICAGO, NOW, SCRIPT, XELA, heard

CODES = ("0a1b2c3d", "1a1b2c3d", "2a1b2c3d")
SPOTS = st.sampled_from([Spot(f.name, s.name) for f in SCRIPT.flows.values() for s in f.steps.values()])
INTENTS = st.sampled_from(sorted(SCRIPT.by_intent))
TURNS = st.builds(
    Turn,
    channel=st.sampled_from(Channel),
    words=st.integers(0, 40),
    opt_out=st.none() | st.sampled_from(OptOut),
    reserved=st.none() | st.builds(Reserved, st.sampled_from(Word), st.none() | st.sampled_from(Language)),
    urgent=st.none() | st.sampled_from(["danger_now", "self_harm", "child_alone", "rumor"]),
    number=st.none() | st.integers(0, 9),
    yes=st.none() | st.booleans(),
    label=st.none() | st.integers(1, 8),
    near=st.none() | st.integers(1, 8),
    menu_label=st.none() | st.integers(1, 8),
    tapped=st.none() | SPOTS,
    place=st.none() | st.sampled_from([CHICAGO, XELA]),
    places=st.sampled_from([(), (CHICAGO, XELA)]),
    mentioned=st.none() | st.just(XELA),
    several=st.sampled_from([(), (CHICAGO, XELA)]),
    listed=st.none() | st.sampled_from(LISTED),
    record=st.none() | st.just(CODES[0]),
    pin=st.booleans(),
    media=st.booleans(),
    spoken=st.none() | st.sampled_from(Language),
    minor=st.booleans(),
    relayed=st.booleans(),
    about_child=st.booleans(),
    some_child=st.booleans(),
    understanding=st.none()
    | st.builds(
        lambda pairs: heard(*sorted(pairs, key=lambda p: -p[1])),
        st.lists(st.tuples(INTENTS, st.floats(0, 1)), max_size=4),
    ),
)
SESSIONS = st.builds(
    Session,
    language=st.none() | st.sampled_from(Language),
    at=st.none() | SPOTS,
    trail=st.lists(SPOTS, max_size=5).map(tuple),
    offered=st.sampled_from([(), ("menu", "home_visit"), (CHICAGO,), (f"{RECORD}{CODES[0]}",)]),
    shown=st.sampled_from([0, 3, 6]),
    listed=st.sampled_from([(), CODES[:1], CODES]),
    ended=st.booleans(),
    flagged=st.sampled_from([(), CODES[:1]]),
    writer=st.none() | st.sampled_from(Writer),
    gave=st.booleans(),
    place=st.none() | st.just(CHICAGO),
    misses=st.integers(0, 3),
    updated=st.floats(NOW - 4_000, NOW),
    known=st.booleans(),
)
