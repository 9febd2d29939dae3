"""Our reading of catalogs beside Babel's, which is another's: what both can read says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.settings import REPOSITORY
from bot.wording.po import read_messages

CATALOGS = sorted((REPOSITORY / "locales").rglob("*.po*"))


@pytest.mark.parametrize("path", CATALOGS, ids=lambda path: f"{path.parent.parent.name} {path.name}")
def test_babel_reads_the_same_in_our_catalogs(path: Path) -> None:
    with path.open("rb") as file:
        theirs = {each.context: each for each in read_po(file, abort_invalid=True) if each.id}
    ours = {each.key: each for each in read_messages(path.read_bytes(), path.name)}
    assert len(ours) > 1000 and ours.keys() == theirs.keys()
    for key, message in ours.items():
        their = theirs[key]
        assert (message.english, message.text, message.fuzzy) == (their.id, their.string, their.fuzzy), key
        assert [*message.comments, *message.extracted] == [*their.user_comments, *their.auto_comments], key
        assert message.references == tuple(file for file, _ in their.locations), key
