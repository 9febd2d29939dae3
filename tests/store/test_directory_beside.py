"""What lies beside an entry: whom the team calls, what families said, and files that come in."""

from __future__ import annotations

import pytest
from redis import Redis
from sqlalchemy import Engine, select

from bot.directory.editing.marks import Clash
from bot.directory.formats.flat import write_flat
from bot.directory.formats.json_tree import write_json
from bot.directory.formats.tabular import write_zip
from bot.store.content_models import DirectoryContact
from bot.store.directory_draft import CONTACT, Confirming, Refused
from bot.store.directory_editing import DirectoryEditing
from bot.store.directory_entry_history import EntryHistory
from bot.store.directory_flags import DirectoryFlags
from bot.store.directory_importing import LARGEST_UPLOAD, DirectoryImporting
from bot.store.errors import DirectoryMoved, NotYours
from tests.store.conftest import Clock
from tests.store.directory_editors import ANA, BEA, ROMERO, audited, cells, draft, editing, places

__all__ = ["editing", "places"]
pytestmark = pytest.mark.slow


def test_whom_the_team_calls_is_in_no_file_and_no_answer(editing: DirectoryEditing, engine: Engine) -> None:
    editing.save(ANA, ROMERO, draft(editing, contact="Lic. Marta, 773-555-0111"))
    entry = editing.entry(BEA, ROMERO)
    assert editing.contact(BEA, entry) == "Lic. Marta, 773-555-0111"
    package = editing.seen(ANA).package
    for write in (write_flat, write_json, write_zip):
        assert b"Marta" not in write(package)
    assert "Marta" not in repr(entry.services) and "Marta" not in str(EntryHistory(engine, editing).steps(ANA, ROMERO))
    assert "Marta" not in str(audited(engine)) and audited(engine)[-1][1] == "directory.contact"
    editing.save(BEA, ROMERO, draft(editing, BEA, contact=""))
    with engine.connect() as connection:
        assert not connection.execute(select(DirectoryContact)).all()


def test_two_who_change_the_contact_see_both(editing: DirectoryEditing) -> None:
    hers, others = draft(editing, contact="Marta"), draft(editing, BEA, contact="José")
    editing.save(BEA, ROMERO, others)
    done = editing.save(ANA, ROMERO, hers)
    assert isinstance(done, Refused) and done.clashes == (Clash(CONTACT, "Marta", "José"),)


def test_flags_are_told_and_end_with_a_confirmation(
    editing: DirectoryEditing, engine: Engine, redis_client: Redis, clock: Clock
) -> None:
    flags = DirectoryFlags(engine, redis_client)
    (phone,) = (each for each in editing.entry(ANA, ROMERO).records if editing.seen(ANA).package.get("phone", each))
    for _ in range(3):
        flags.raise_flag(phone, clock.now)
    assert editing.entry(ANA, ROMERO).listed.flags == 3
    flags.flush()
    editing.save(ANA, ROMERO, draft(editing), Confirming("call"))
    assert editing.entry(ANA, ROMERO).listed.flags == 0


def test_flags_end_when_somebody_says_that_it_works(
    editing: DirectoryEditing, engine: Engine, redis_client: Redis, clock: Clock
) -> None:
    DirectoryFlags(engine, redis_client).raise_flag(editing.entry(ANA, ROMERO).records[0], clock.now)
    editing.resolve_flags(ANA, ROMERO)
    assert not editing.flagged(ANA) and audited(engine)[-1][1] == "directory.works"


SHEET = "code,cost\ncentro_romero,{}\n"


def test_a_file_is_looked_at_first_and_stored_whole(editing: DirectoryEditing) -> None:
    importing, data = DirectoryImporting(editing), SHEET.format("gratis").encode()
    looked = importing.look(ANA, "x.csv", data, replace=False)
    assert looked.preview.storable and not cells(editing)["cost"]
    importing.take(ANA, "x.csv", data, replace=False, version=looked.version)
    assert cells(editing)["cost"] == "gratis"
    with pytest.raises(DirectoryMoved):
        importing.take(ANA, "x.csv", data, replace=False, version=looked.version)


def test_a_file_with_one_error_stores_nothing(editing: DirectoryEditing) -> None:
    importing, data = DirectoryImporting(editing), b"code,cost,url\ncentro_romero,gratis,javascript:x\n"
    looked = importing.look(ANA, "x.csv", data, replace=False)
    assert looked.preview.problems
    importing.take(ANA, "x.csv", data, replace=False, version=looked.version)
    assert not cells(editing)["cost"]


def test_only_a_publisher_takes_out_what_a_file_lacks(editing: DirectoryEditing) -> None:
    with pytest.raises(NotYours):
        DirectoryImporting(editing).look(ANA, "x.csv", SHEET.encode(), replace=True)
    assert DirectoryImporting(editing).look(BEA, "x.csv", SHEET.encode(), replace=True).preview.removals


def test_a_file_that_is_too_large_is_not_read(editing: DirectoryEditing) -> None:
    from bot.directory.errors import DirectoryFormatError

    with pytest.raises(DirectoryFormatError):
        DirectoryImporting(editing).look(ANA, "x.csv", b"x" * (LARGEST_UPLOAD + 1), replace=False)
