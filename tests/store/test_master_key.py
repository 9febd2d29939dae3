"""The master key's file: its forms, who may read it, and what is refused in words."""

from __future__ import annotations

import os
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import REPOSITORY, Settings
from bot.store.errors import KeyDamaged, KeyTooOpen, MasterKeyMissing, MasterKeyUnsafe, SetupError
from bot.store.master_key import load_master_keys, make_development_master_key, parse

FIRST, SECOND = bytes(range(200, 232)), bytes(range(100, 132))
LINE, FORMER = f"2026-11:{b64encode(FIRST).decode()}", f"2025:{b64encode(SECOND).decode()}"


def production(tmp_path: Path, path: Path | None = None) -> Settings:
    return Settings(data_dir=tmp_path / "data", master_key_file=str(path or tmp_path / "master"))


def written(path: Path, content: str | bytes, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(mode)
    return path


FORMS = {
    "32 bytes": (FIRST, [("1", FIRST)]),
    "one line": (LINE, [("2026-11", FIRST)]),
    "a line with its end": (LINE + "\n", [("2026-11", FIRST)]),
    "lines as Windows ends them": (f"{LINE}\r\n{FORMER}\r\n", [("2026-11", FIRST), ("2025", SECOND)]),
    "the first is the current one": (f"{FORMER}\n{LINE}\n", [("2025", SECOND), ("2026-11", FIRST)]),
    "comments and empty lines": (f"# made for a test\n\n  {LINE}  \n#{FORMER}\n", [("2026-11", FIRST)]),
    "a space after the colon": (LINE.replace(":", ": "), [("2026-11", FIRST)]),
    "as large as a file may be": (f"{LINE}\n".ljust(16 * 1024, "#"), [("2026-11", FIRST)]),
    "sixteen bytes that differ": (
        f"few:{b64encode(bytes(range(200, 216)) * 2).decode()}",
        [("few", bytes(range(200, 216)) * 2)],
    ),
    "letters and one byte that is none": (
        b"0123456789abcdefghijklmnopqrstu\x7f",
        [("1", b"0123456789abcdefghijklmnopqrstu\x7f")],
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_file_is_read(tmp_path: Path, name: str) -> None:
    content, expected = FORMS[name]
    written(tmp_path / "master", content)
    masters = load_master_keys(production(tmp_path))
    assert [(key.name, key.secret) for key in masters.versions] == expected
    assert masters.current.name == expected[0][0]


DAMAGED = {
    "empty": "",
    "nothing but comments": "# here\n",
    "31 bytes": FIRST[:31],
    "33 bytes: an editor added the end of a line": FIRST + b"\n",
    "a key without a name": b64encode(FIRST),
    "hex": f"2026-11:{FIRST.hex()}",
    "base64 that is cut": LINE[:-3],
    "a name with a space": LINE.replace("2026-11", "November 2026"),
    "a name that is too long": LINE.replace("2026-11", "n" * 33),
    "a second line that is none": f"{LINE}\nwhat is this\n",
    "the same name twice": f"{LINE}\n2026-11:{b64encode(SECOND).decode()}",
    "the same key twice": f"{LINE}\n2025:{b64encode(FIRST).decode()}",
    "32 letters": b"0123456789abcdef" * 2,
    "a sentence of 32 letters": b"the key of the office, for good!",
    "a tilde among letters": b"0123456789abcdefghijklmnopqrstu~",
    "fifteen bytes that differ": bytes([*range(200, 215), *range(200, 215), 200, 201]),
    "a colon in the name": LINE.replace("2026-11", "2026:11"),
    "base64 with a sign that is none": LINE[:-4] + "!" + LINE[-4:],
    "one letter more than a file may hold": f"{LINE}\n".ljust(16 * 1024 + 1, "#"),
    "zeros": bytes(32),
    "a line of zeros": f"2026-11:{b64encode(bytes(32)).decode()}",
    "a sentence in base64": f"2026-11:{b64encode(b'the door of the office is green!').decode()}",
    "UTF-16": LINE.encode("utf-16"),
    "huge": f"{LINE}\n" + "#\n" * 100_000,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_in_words(tmp_path: Path, name: str) -> None:
    written(tmp_path / "master", DAMAGED[name])
    with pytest.raises(KeyDamaged) as caught:
        load_master_keys(production(tmp_path))
    assert str(tmp_path / "master") in caught.value.what
    assert caught.value.mend in ("docs/keys.md says how to make one.", "Take the wrong line out.")
    assert b64encode(FIRST).decode()[:20] not in str(caught.value) and FIRST.hex() not in str(caught.value)


def test_the_line_that_is_wrong_is_named() -> None:
    for number, held in {1: f"what is this\n{LINE}", 2: f"{LINE}\nwhat is this", 4: f"# a\n\n{LINE}\nwhat"}.items():
        with pytest.raises(KeyDamaged, match=f"^Line {number} of here "):
            parse(held.encode(), Path("here"))


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_it_is_read_or_refused(held: bytes) -> None:
    try:
        assert parse(held, Path("master")).versions
    except KeyDamaged:
        pass


OPEN = {"the group may read": 0o640, "all may read": 0o604, "all may write": 0o602, "the group may run": 0o610}


@pytest.mark.parametrize("name", OPEN)
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, name: str) -> None:
    written(tmp_path / "master", LINE, OPEN[name])
    with pytest.raises(KeyTooOpen, match="chmod 600") as caught:
        load_master_keys(production(tmp_path))
    assert str(tmp_path / "master") in caught.value.what


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_the_owner_alone_is_taken(tmp_path: Path, mode: int) -> None:
    written(tmp_path / "master", LINE, mode)
    assert load_master_keys(production(tmp_path)).current.secret == FIRST


def test_a_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "master", LINE)
    # Only root could give a file to somebody else.
    monkeypatch.setattr(os, "fstat", _as_if_of(65_534, os.fstat))
    with pytest.raises(KeyTooOpen, match="chown") as caught:
        load_master_keys(production(tmp_path))
    assert str(tmp_path / "master") in caught.value.what


def test_a_file_of_root_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential, or a file that only root may change."""
    written(tmp_path / "master", LINE)
    monkeypatch.setattr(os, "geteuid", lambda: 1_000)
    monkeypatch.setattr(os, "fstat", _as_if_of(0, os.fstat))
    assert load_master_keys(production(tmp_path)).current.secret == FIRST


def test_a_credential_of_systemd_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It belongs to root and is lent to the service by an ACL, which a file shows as 0440."""
    path = written(tmp_path / "credentials" / "master_key", LINE, 0o440)
    with pytest.raises(KeyTooOpen):
        load_master_keys(production(tmp_path, path))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(path.parent))
    monkeypatch.setattr(os, "fstat", _as_if_of(0, os.fstat))
    assert load_master_keys(production(tmp_path, path)).current.secret == FIRST
    for mode in (0o444, 0o460):
        path.chmod(mode)
        with pytest.raises(KeyTooOpen):
            load_master_keys(production(tmp_path, path))


def test_only_what_systemd_lent_may_be_read_by_a_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "master", LINE, 0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    monkeypatch.setattr(os, "fstat", _as_if_of(0, os.fstat))
    with pytest.raises(KeyTooOpen):
        load_master_keys(production(tmp_path, path))


def _as_if_of(owner: int, fstat: Callable[[int], os.stat_result]) -> Callable[[int], os.stat_result]:
    def of_owner(descriptor: int) -> os.stat_result:
        found = list(fstat(descriptor))
        found[4] = owner
        return os.stat_result(found)

    return of_owner


def _pipe(path: Path) -> None:
    os.mkfifo(path, 0o600)


NOT_THERE: dict[str, Callable[[Path], object]] = {
    "nothing": lambda path: None,
    "a folder": lambda path: path.mkdir(),
    "a pipe that nobody writes into": _pipe,
    "a link to nowhere": lambda path: path.symlink_to("/nowhere/at/all"),
    "a link to itself": lambda path: path.symlink_to(path),
}


@pytest.mark.parametrize("name", NOT_THERE)
def test_no_file_is_said_in_words(tmp_path: Path, name: str) -> None:
    NOT_THERE[name](tmp_path / "master")
    with pytest.raises(MasterKeyMissing) as caught:
        load_master_keys(production(tmp_path))
    assert str(tmp_path / "master") in str(caught.value) and "Put it back" in caught.value.mend


def test_a_link_is_followed(tmp_path: Path) -> None:
    """A secret of Kubernetes is a link to a link to a file."""
    written(tmp_path / "..data" / "master", LINE)
    (tmp_path / "master").symlink_to("..data/master")
    assert load_master_keys(production(tmp_path)).current.secret == FIRST


def test_a_version_that_is_not_in_the_file_is_named(tmp_path: Path) -> None:
    masters = parse(f"{LINE}\n{FORMER}".encode(), tmp_path)
    assert masters.version("2025").secret == SECOND
    with pytest.raises(MasterKeyMissing, match="'2024'") as caught:
        masters.version("2024")
    assert caught.value.mend.startswith("Put its line back;") and caught.value.mend.endswith("Nothing was changed.")


class TestDevelopment:
    def settings(self, tmp_path: Path) -> Settings:
        return Settings(environment="development", data_dir=tmp_path / "data")

    def test_it_is_made_once_and_for_its_owner_alone(self, tmp_path: Path) -> None:
        settings = self.settings(tmp_path)
        make_development_master_key(settings)
        made = load_master_keys(settings)
        make_development_master_key(settings)
        assert load_master_keys(settings) == made
        assert settings.master_key_path.stat().st_mode & 0o777 == 0o600

    def test_every_one_is_another(self, tmp_path: Path) -> None:
        made = []
        for number in range(2):
            settings = self.settings(tmp_path / str(number))
            make_development_master_key(settings)
            made.append(load_master_keys(settings).current)
        assert made[0].name != made[1].name and made[0].secret != made[1].secret

    def test_production_makes_none(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="never made"):
            make_development_master_key(production(tmp_path))
        assert not (tmp_path / "master").exists()

    def copied(self, content: bytes) -> bytes:
        return content

    def renamed(self, content: bytes) -> bytes:
        return b"2026-11:" + content.partition(b":")[2]

    def second(self, content: bytes) -> bytes:
        return f"{LINE}\n".encode() + content

    @pytest.mark.parametrize("spread", ["copied", "renamed", "second"])
    def test_production_refuses_it_wherever_it_lies(self, tmp_path: Path, spread: str) -> None:
        settings = self.settings(tmp_path)
        make_development_master_key(settings)
        written(tmp_path / "master", getattr(self, spread)(settings.master_key_path.read_bytes()))
        with pytest.raises(MasterKeyUnsafe, match="developer's machine") as caught:
            load_master_keys(production(tmp_path))
        assert "docs/keys.md" in caught.value.mend

    def test_production_refuses_that_of_another_machine(self, tmp_path: Path) -> None:
        settings = self.settings(tmp_path / "laptop")
        make_development_master_key(settings)
        written(tmp_path / "master", settings.master_key_path.read_bytes())
        with pytest.raises(MasterKeyUnsafe):
            load_master_keys(production(tmp_path))


def test_the_lines_of_the_docs_make_and_rotate_it(tmp_path: Path) -> None:
    """docs/keys.md is what people copy from."""
    docs = (REPOSITORY / "docs" / "keys.md").read_text("utf-8")
    lines = [line.strip() for line in docs.splitlines() if line.startswith("    ") and "/etc/puente/master_key" in line]
    making, rotating, *rest = [line for line in lines if "=" not in line or "chown" in line]
    names = []
    for step in ([making], [rotating, *rest]):
        script = "\n".join(step).replace("/etc/puente", str(tmp_path))
        subprocess.run(["sh", "-euc", script], check=True, timeout=30)
        masters = load_master_keys(production(tmp_path, tmp_path / "master_key"))
        names.append([key.name for key in masters.versions])
    assert len(rest) == 2
    assert len(names[0]) == 1 and names[1][1:] == names[0]
    assert [path.name for path in tmp_path.iterdir()] == ["master_key"]


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    masters = parse(LINE.encode(), tmp_path)
    assert "2026-11" in repr(masters) and repr(FIRST)[2:-1] not in repr(masters)


def test_every_refusal_is_one_that_a_start_can_say() -> None:
    assert all(issubclass(kind, SetupError) for kind in (KeyDamaged, KeyTooOpen, MasterKeyMissing, MasterKeyUnsafe))
