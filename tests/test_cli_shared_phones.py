"""Marking a shelter's phone at the terminal: both its names, and never a number in what is printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from tests.phone import Phone

NUMBER = "+1 (202) 555-0187"


def run(app: Flask, *arguments: str, said: str | None = None) -> Result:
    return app.test_cli_runner().invoke(args=["shared-phone", *arguments], input=said)


def test_a_phone_is_marked_for_both_channels_and_taken_back(app_with: Callable[..., Flask]) -> None:
    app = app_with()
    marked = run(app, "mark", said=f"{NUMBER}\n")
    assert marked.exit_code == 0 and "ends in 87 is marked as shared until 20" in marked.output
    assert "5550187" not in marked.output and "555-01" not in marked.output
    assert "shared: 1" in run(app, "count").output
    phone = Phone(app.test_client(), number="+12025550187")
    assert "escriba 0" not in "".join(phone.send("gracias") for _ in range(4)), "no sameness on a shared phone"
    assert run(app, "unmark", NUMBER).exit_code == 0
    again = run(app, "unmark", "2025550187")
    assert again.exit_code == 1 and "was not marked" in again.output
    assert "shared: 0" in run(app, "count").output


@pytest.mark.parametrize("text", ["123", "shelter", "+120", "+99912345678", "5" * 40])
def test_what_is_no_number_is_refused_and_not_repeated(app_with: Callable[..., Flask], text: str) -> None:
    refused = run(app_with(), "mark", text)
    assert refused.exit_code == 1 and "no phone number" in refused.output and text not in refused.output
