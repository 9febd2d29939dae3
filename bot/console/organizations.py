"""Organizations that answer at the desk: when, in which languages, for which places and topics, and who may see whose conversations."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.freshness import freshly
from bot.console.languages import LANGUAGES
from bot.console.organization_form import DRAFT, organization_of, problems, topic_titles, zones
from bot.console.words import words
from bot.escalation.errors import OrganizationWrong
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import SHARED_POOL, Role
from bot.frozen import replace
from bot.store.errors import NotYours
from bot.store.people import looks_after


@console.get("/organizations")
@allow(Role.ADMIN)
def organizations() -> AnyResponse:
    """All of them: an admin of one reads of the others what families read, and changes hers."""
    agreements = desk().organizations.agreements()
    pool = [id for id, sees in agreements.items() if SHARED_POOL in sees]
    page = render_template(
        "organizations.html", organizations=desk().organizations.all(), mine=viewer().organization, pool=pool
    )
    return make_response(page)


@console.get("/organizations/new")
@allow(Role.ADMIN)
def new_organization() -> AnyResponse:
    """The form of a new one. Only for admins of the network."""
    if viewer().organization is not None:
        raise NotYours
    return _page(DRAFT, new=True)


@console.get("/organizations/<id>")
@allow(Role.ADMIN)
def organization(id: str) -> AnyResponse:
    """The form of one, and its agreements."""
    return _page(_mine(id))


@console.post("/organizations/new")
@allow(Role.ADMIN)
def add_organization() -> AnyResponse:
    """Adds one."""
    if viewer().organization is not None:
        raise NotYours
    made = organization_of(request.form, DRAFT)
    errors = problems(made)
    if desk().organizations.one(made.id) is not None:
        errors["id"] = words("organizations.taken", "There is one of that short name already.")
    return _saved(made, errors, new=True)


@console.post("/organizations/<id>")
@allow(Role.ADMIN)
def change_organization(id: str) -> AnyResponse:
    """Changes one. An admin of it alone does not make it the default of the whole network, nor close it."""
    before = _mine(id)
    made = organization_of(request.form, before)
    if viewer().organization is not None:
        made = replace(made, is_default=before.is_default, active=before.active)
    return _saved(made, problems(made))


@console.post("/organizations/<id>/agreements")
@allow(Role.ADMIN)
@freshly
def change_agreements(id: str) -> AnyResponse:
    """Who else may see the conversations of this organization. It is hers to say, or the network's."""
    _mine(id)
    store, chosen = desk().organizations, set(request.form.getlist("sees"))
    for other in store.all():
        if other.id != id:
            store.agree(viewer().actor, other.id, id, other.id in chosen)
    flash(words("organizations.agreed", "Saved: who sees these conversations from now on."))
    return redirect(url_for("console.organization", id=id))


@console.post("/organizations/pool")
@allow(Role.ADMIN)
@freshly
def change_pool() -> AnyResponse:
    """Which organizations answer those that belong to none. Only for admins of the network."""
    if viewer().organization is not None:
        raise NotYours
    store, chosen = desk().organizations, set(request.form.getlist("sees"))
    for each in store.all():
        store.agree(viewer().actor, each.id, SHARED_POOL, each.id in chosen)
    flash(words("organizations.pool-saved", "Saved: who answers conversations of no organization."))
    return redirect(url_for("console.organizations"))


def _mine(id: str) -> DeskOrganization:
    found = desk().organizations.one(id)
    if found is None or not looks_after(viewer(), id):
        raise NotYours
    return found


def _saved(made: DeskOrganization, errors: dict[str, str], new: bool = False) -> AnyResponse:
    if errors:
        return _page(made, errors, new, 422)
    try:
        desk().organizations.save(viewer().actor, made)
    except OrganizationWrong:
        said = words(
            "organizations.refused",
            "It cannot be stored so: something is too long, or written in another way than the hints say.",
        )
        return _page(made, {"": said}, new, 422)
    flash(words("account.saved", "Saved."))
    return redirect(url_for("console.organizations"))


def _page(
    shown: DeskOrganization, errors: dict[str, str] | None = None, new: bool = False, status: int = 200
) -> AnyResponse:
    agreements = desk().organizations.agreements()
    others = [each for each in desk().organizations.all() if each.id != shown.id]
    page = render_template(
        "organization.html",
        shown=shown,
        errors=errors or {},
        new=new,
        network=viewer().organization is None,
        zones=zones(),
        languages=LANGUAGES,
        titles=topic_titles(desk().puente.release),
        others=[(each, shown.id in agreements.get(each.id, ())) for each in others],
    )
    return make_response(page, status)
