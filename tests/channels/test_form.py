"""The form that a carrier posts, beside Python's own reader of such forms."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.test import EnvironBuilder

from bot.channels.form import read_form

FORM = "application/x-www-form-urlencoded; charset=UTF-8"
names_and_values = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=12)


def read(body: bytes, content_type: str = FORM) -> dict[str, list[str]]:
    return read_form(EnvironBuilder(method="POST", data=body, content_type=content_type).get_environ(), 64_000)


@given(st.text(alphabet=st.sampled_from("aZ9&=%+;.-_ñ%20C3B1"), max_size=60))
@example("a=1&a=2&b=&c&&=x&%61=%C3%B1&d=a+b%2Bc&e=%")
def test_any_body_is_read_as_python_reads_it(body: str) -> None:
    assert read(body.encode()) == parse_qs(body, keep_blank_values=True)


@given(names_and_values)
def test_what_was_posted_comes_back(pairs: list[tuple[str, str]]) -> None:
    wanted: dict[str, list[str]] = {}
    for name, value in pairs:
        wanted.setdefault(name, []).append(value)
    assert read(urlencode(pairs).encode()) == wanted


@pytest.mark.parametrize("body", [b"", b"&&&", b"Body=\xff", b"\x80\x81"])
def test_what_is_no_form_has_no_names(body: bytes) -> None:
    assert read(body) == {}


def test_of_a_body_of_parts_nothing_is_read() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="Body"\r\n\r\nhola\r\n--x--\r\n'
    assert "Body" not in read(body, "multipart/form-data; boundary=x")


def test_more_than_may_be_is_refused() -> None:
    assert read(b"Body=" + b"a" * 63_995) == {"Body": ["a" * 63_995]}
    with pytest.raises(RequestEntityTooLarge):
        read(b"Body=" + b"a" * 63_996)


def test_a_body_of_unknown_length_is_read_where_the_server_knows_its_end() -> None:
    def environ(body: bytes = b"Body=hola") -> dict[str, object]:
        return EnvironBuilder(method="POST", data=body, content_type=FORM).get_environ()

    for unknown in ("", None, "-1", "ten"):
        assert read_form({**environ(), "CONTENT_LENGTH": unknown}, 64_000) == {}
        ends = {"CONTENT_LENGTH": unknown, "wsgi.input_terminated": True}
        assert read_form({**environ(), **ends}, 64_000) == {"Body": ["hola"]}
        with pytest.raises(RequestEntityTooLarge):
            read_form({**environ(b"Body=" + b"a" * 64_000), **ends}, 64_000)
