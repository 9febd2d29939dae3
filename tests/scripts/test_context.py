"""Every text can say where it stands, in words."""

from __future__ import annotations

import pytest

from bot import content
from bot.engine.flow import Group
from bot.engine.read import read_flow
from bot.language import Language
from bot.scripts.context import contexts

RELEASE = content.load()
FLOW = read_flow(
    {
        "name": "door",
        "title": "at the door",
        "minimum": "Stay silent. $orr",
        "steps": {
            "first": {
                "say": "Do not open.",
                "durable": "Stay silent.",
                "also": [
                    {"id": "memo", "fact": "silence", "text": "ICE says $eoir, then $orr and $orr."},
                    {"id": "zip", "without": "place", "text": "Write your ZIP."},
                ],
                "choices": {
                    1: {"label": "papers", "go": "papers"},
                    2: {"label": "the menu", "flow": "menu"},
                    3: {"label": "elsewhere", "flow": "nowhere"},
                    4: {"label": "back", "return": True},
                },
            },
            "papers": {"services": "legal", "none": "Nobody.", "end": True},
        },
    },
    "flows/urgent/door.yml",
    Group.URGENT,
)
FOUND = contexts({"door": FLOW, "menu": RELEASE.script.flows["menu"]})
MENU = RELEASE.script.flows["menu"].title.english

WHERE = {
    "door.title": "what menus call the flow door: short, lower case",
    "door.minimum": "goes out in place of every answer of 'at the door' while no lawyer has approved them",
    "door.first.say": "first answer of 'at the door'",
    "door.first.durable": "goes out in place of the first answer of 'at the door' while that says something else in another language",
    "door.first.also.memo": "sentence added to the first answer of 'at the door'; left out once the fact silence has run out",
    "door.first.also.zip": "sentence added to the first answer of 'at the door'; only while $place is not known",
    "door.first.choice.1": "menu line 1 of the first answer of 'at the door'; leads to the answer 'papers'",
    "door.first.choice.2": f"menu line 2 of the first answer of 'at the door'; leads to '{MENU}'",
    "door.first.choice.3": "menu line 3 of the first answer of 'at the door'; leads to 'nowhere'",
    "door.first.choice.4": "menu line 4 of the first answer of 'at the door'; leads back",
    "door.papers.none": "said in the answer 'papers' of 'at the door' when nobody is near",
}


@pytest.mark.parametrize("key", WHERE)
def test_where_it_stands(key: str) -> None:
    assert FOUND[key].where == WHERE[key]


def test_no_text_is_without_its_place() -> None:
    assert list(contexts({"door": FLOW})) == [sentence.key for sentence in FLOW.sentences] == list(WHERE)
    everything = [s.key for flow in RELEASE.script.flows.values() for s in flow.sentences]
    assert sorted(contexts(RELEASE.script.flows)) == sorted(everything)


def test_what_a_translator_is_told() -> None:
    memo, title = FOUND["door.first.also.memo"], FOUND["door.title"]
    assert memo.file == "flows/urgent/door.yml"
    assert memo.lines(Language.ES, "ICE dice") == (
        WHERE["door.first.also.memo"],
        "the whole answer with its menu: at most 2 SMS (306 characters)",
        "fields, to be kept as they are: $eoir $orr",
    )
    assert memo.lines(Language.QUC, "ICE dice")[1:] == (
        "the whole answer, menu and Spanish: at most 3 SMS (459 characters)",
        "fields, to be kept as they are: $eoir $orr",
        "es: ICE dice",
    )
    assert title.lines(Language.QUC) == (WHERE["door.title"],)
