"""The tables behind the answers: releases, what is being changed, and what volunteers have said about texts. No family is in them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base
from bot.store.seals import SEAL_LETTERS


class ContentFile(Base):
    """A file of a release or a recording, zlib-compressed, under the SHA-256 of its bytes. Never changed."""

    __tablename__ = "content_files"

    sha: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class ReleaseRow(Base):
    """A published set of content. Never changed; the one with the highest ``number`` is what families get.

    ``manifest``: each file with its SHA-256, as JSON; ``digest`` the SHA-256 of that. ``seal``: HMAC over this row and the one
    before, under a key that is not in SQL. ``by``: the user who published, None for what came with the files. ``flows``: what it
    changed, words with commas. ``again``: the number of the release that it brings back.
    """

    __tablename__ = "releases"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    manifest: Mapped[str] = mapped_column(Text)
    made: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[int | None]
    flows: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(400))
    again: Mapped[int | None]
    seal: Mapped[str] = mapped_column(String(64))


class Withdrawal(Base):
    """An answer that nobody gets, in any release, until two people have said that it may go out again.

    ``seal``: bot/store/sealed_rows.py.
    """

    __tablename__ = "withdrawals"

    number: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(64), index=True)
    since: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[int]
    why: Mapped[str] = mapped_column(String(200))
    restored_by: Mapped[int | None]
    """The first who said that it may go out again."""
    ended_by: Mapped[int | None]
    ended: Mapped[int | None] = mapped_column(BigInteger)
    seal: Mapped[str | None] = mapped_column(String(SEAL_LETTERS))


class Change(Base):
    """What is being changed of one answer: bot/scripts' draft, in review, published or dropped.

    ``open`` is its flow while it is a draft or in review, so that each flow has one, and None afterwards. ``base``: the release
    that its steps were taken from. ``yaml``: the whole flow, where its steps changed; ``yaml_version`` counts its savings.
    ``folder``: of a new flow. ``keys``: what of its texts went under another key, as JSON. ``archived``: the flow goes, and its
    intents go to ``heir``. ``approval``: the word of somebody with a licence on the words as they are to be, as JSON. ``release``:
    the one that published it.
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(64), index=True)
    open: Mapped[str | None] = mapped_column(String(64), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    base: Mapped[int]
    yaml: Mapped[str | None] = mapped_column(Text)
    yaml_version: Mapped[int] = mapped_column(default=0, server_default="0")
    folder: Mapped[str | None] = mapped_column(String(16))
    keys: Mapped[str] = mapped_column(Text, default="{}", server_default="{}")
    archived: Mapped[bool] = mapped_column(default=False, server_default=false())
    heir: Mapped[str | None] = mapped_column(String(64))
    approval: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(400), default="", server_default="")
    remark: Mapped[str] = mapped_column(String(600), default="", server_default="")
    made: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[int]
    changed: Mapped[int] = mapped_column(BigInteger)
    sent: Mapped[int | None] = mapped_column(BigInteger)
    sent_by: Mapped[int | None]
    decided: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[int | None]
    release: Mapped[int | None]


class ChangeText(Base):
    """One text of a change in one language. ``was``: as it stood in the release below; ``version`` counts its savings.

    ``meaning``: whether whoever wrote says that it now means something else; None: not said yet. ``still_right``: somebody
    wrote this language, or looked at it and left it as it is, since the others last changed what they mean. ``review``: the word
    of a person who has read it so, as JSON.
    """

    __tablename__ = "change_texts"

    change: Mapped[int] = mapped_column(ForeignKey("changes.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    was: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    by: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
    meaning: Mapped[bool | None]
    still_right: Mapped[bool] = mapped_column(default=False, server_default=false())
    review: Mapped[str | None] = mapped_column(Text)


class ChangeHand(Base):
    """Everybody who wrote something of a change: none of them may publish it."""

    __tablename__ = "change_hands"

    change: Mapped[int] = mapped_column(ForeignKey("changes.id"), primary_key=True)
    user: Mapped[int] = mapped_column(primary_key=True)


class Autosave(Base):
    """What somebody has typed and not saved yet; only she sees it. ``version``: of the text that she began from."""

    __tablename__ = "autosaves"

    user: Mapped[int] = mapped_column(ForeignKey("users.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)


class KeptTest(Base):
    """A made-up conversation that must go on taking the same way: ``said``, and the ``steps`` that it came by in each language, as JSON."""

    __tablename__ = "kept_tests"

    id: Mapped[int] = mapped_column(primary_key=True)
    flow: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(3))
    said: Mapped[str] = mapped_column(Text)
    steps: Mapped[str] = mapped_column(Text)
    by: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)


class TaskTaken(Base):
    """Who has taken which task of the first page, until when, and what came of it. ``note``: of what she was not sure."""

    __tablename__ = "tasks_taken"
    __table_args__ = (Index("ix_tasks_taken_user", "user", "until"),)

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    user: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)
    result: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(600), default="", server_default="")


class FactCheck(Base):
    """That somebody looked whether a fact is still true, or called a line (``line:`` and its id).

    ``true`` False: she said that it is not, ``note`` what she saw; without a note a publisher took a line's word back. ``true``
    with a note: a publisher wrote the fact anew, and that is what stood there before; so of the number of a line.
    """

    __tablename__ = "fact_checks"

    number: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[str] = mapped_column(String(64), index=True)
    by: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
    checked: Mapped[date]
    true: Mapped[bool]
    note: Mapped[str] = mapped_column(String(600))


class TextNote(Base):
    """What somebody noted about a text in one language, or that she is not sure of it (``unsure``)."""

    __tablename__ = "text_notes"

    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), index=True)
    language: Mapped[str] = mapped_column(String(3))
    by: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
    unsure: Mapped[bool]
    text: Mapped[str] = mapped_column(String(600))


class Recording(Base):
    """A text read aloud: the file ``sha`` (Ogg), bound to the hash of the words that were read. Held back when they change."""

    __tablename__ = "recordings"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    language: Mapped[str] = mapped_column(String(3), primary_key=True)
    sha: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(String(64))
    seconds: Mapped[int]
    by: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)


class Phrase(Base):
    """A sentence that the model may learn from: scrubbed, looked at, without contact and without a day.

    ``quarter`` (2026Q4) is all that says when; of what a family agreed to keep also the ``week`` (its Monday, UTC), because it
    goes sooner. ``origin``: whether a family agreed, or the team brought it (bot/store/phrases.py). ``heard``: what the bot took
    it for, empty where nobody asked it; ``topic``: what it is about, empty for none. ``verdict``: waiting, right, other or none;
    what nobody may use is deleted. ``folded``: how duplicates are known. ``exported``: it stands in nlu/data.
    """

    __tablename__ = "phrases"
    __table_args__ = (Index("ix_phrases_folded", "language", "folded", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(6))
    language: Mapped[str] = mapped_column(String(3))
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(String(320))
    heard: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(64))
    verdict: Mapped[str] = mapped_column(String(12))
    by: Mapped[int | None]
    exported: Mapped[bool] = mapped_column(default=False, server_default=false())
    origin: Mapped[str] = mapped_column(String(8), default="", server_default="")
    week: Mapped[date | None]


class DirectoryContact(Base):
    """Whom volunteers reach at an organization. Not in the directory itself, so that no answer and no export can hold it.

    ``organization``: its id in the directory; a row whose organization is gone goes with the next change there.
    """

    __tablename__ = "directory_contacts"

    organization: Mapped[str] = mapped_column(String(36), primary_key=True)
    contact: Mapped[str] = mapped_column(String(400))
    by: Mapped[int]
    at: Mapped[int] = mapped_column(BigInteger)
