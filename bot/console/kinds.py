"""Kinds of help in plain words. Pure."""

from __future__ import annotations

from bot.console.spans import Words


def kind_words(words: Words) -> dict[str, str]:
    """Every kind of bot/console/near.py, in the order of the list."""
    return {
        "any": words("kind.any", "any help"),
        "legal": words("kind.legal", "legal help"),
        "counseling": words("kind.counseling", "counseling"),
        "basic_needs": words("kind.basic-needs", "food, rent, clothes"),
        "health": words("kind.health", "health"),
        "children_youth": words("kind.children-youth", "children and young people"),
        "after_school": words("kind.after-school", "after school"),
        "education": words("kind.education", "classes"),
        "workers_rights": words("kind.workers-rights", "rights at work"),
        "interpreters": words("kind.interpreters", "interpreters"),
        "community": words("kind.community", "community"),
    }
