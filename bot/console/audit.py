"""The audit: who did what and when, without a word of a family; and whether anybody changed it."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.audit_words import ACTIONS
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.numbers import whole
from bot.console.words import words
from bot.escalation.viewer import Role
from bot.store.audit import AuditBroken, verify
from bot.store.audit_reading import MOST, entries


@console.get("/audit")
@allow(Role.ADMIN)
def audit() -> AnyResponse:
    """The newest rows, or those of somebody, of a kind, about something."""
    user, action = request.args.get("who", type=whole), request.args.get("what", "")
    about, before = request.args.get("about", "").strip()[:64], request.args.get("before", type=whole)
    found = entries(desk().engine, viewer(), user=user, actions=[action] if action else [], about=about, before=before)
    page = render_template(
        "audit.html",
        entries=found,
        actions=ACTIONS,
        people=desk().people.all(viewer()),
        who=user,
        what=action,
        about=about,
        older=found[-1].seq if len(found) == MOST else None,
        checked=_checked() if request.args.get("check") else None,
        filtered=bool(user or action or about),
    )
    return make_response(page)


def _checked() -> tuple[bool, str]:
    """Whether every row is as it was written, and the head to note down elsewhere."""
    try:
        held = verify(desk().engine)
    except AuditBroken as broken:
        said = words(
            "audit.broken",
            "The rows do not fit together from number %(n)s on: somebody changed them. Stop, and tell whoever runs the server.",
            n=broken.seq,
        )
        return False, said
    return True, words(
        "audit.whole",
        "All %(n)s rows are as they were written. Head: %(head)s.",
        n=held.rows,
        head=f"{held.seq} {held.seal[:16]}",
    )
