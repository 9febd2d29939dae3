"""A running console and browsers for the tests of its pages (browsing.py)."""

from tests.console.browsing import browser, console, visit

__all__ = ["browser", "console", "visit"]
