"""Attacks on the console and the webhook: ``python -m tests.attacks`` tries all of them, ``make test`` a fixed part."""
