"""People: who has an account, with which roles; inviting, changing, deactivating. For admins, each for her own organization."""

from __future__ import annotations

import re

from flask import flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console.access import allow, viewer
from bot.console.blueprint import console
from bot.console.desk import desk
from bot.console.freshness import freshly
from bot.console.inviting import hand_over
from bot.console.roles import ROLES, chosen_roles, may_be_given
from bot.console.words import words
from bot.console.work import change_work, no_state
from bot.escalation.organization import DeskOrganization
from bot.escalation.viewer import Role
from bot.store.invitations import HasAccount
from bot.store.people import LastAdmin, WorkRefused, name_fits

_ADDRESS = re.compile(r"[^@\s<>,;:\"\\]{1,64}@[^@\s<>,;:\"\\]{1,189}")


@console.get("/people")
@allow(Role.ADMIN)
def people() -> AnyResponse:
    """Everybody whom she looks after, and who is invited."""
    everybody, invited = desk().people.all(viewer()), desk().invitations.open(viewer())
    page = render_template(
        "people.html", people=everybody, invited=invited, organizations=_names(), roles=ROLES, now=desk().clock()
    )
    return make_response(page)


@console.get("/people/invite")
@allow(Role.ADMIN)
@freshly
def invite() -> AnyResponse:
    """The form of an invitation."""
    return _invite_page()


@console.post("/people/invite")
@allow(Role.ADMIN)
@freshly
def send_invitation() -> AnyResponse:
    """Invites somebody: by mail where mails can be sent, else the link is shown to be handed over."""
    email, name = request.form.get("email", "").strip(), request.form.get("name", "").strip()
    organization, roles = _organization(), chosen_roles(request.form.getlist("role"))
    errors = {}
    if not _ADDRESS.fullmatch(email):
        errors["email"] = words("people.no-email", "Write a mail address, such as ana@example.org.")
    if not name_fits(name):
        errors["name"] = words(
            "people.no-name", "Write the name, as colleagues are to see it: at most 48 letters, no long numbers."
        )
    if not roles:
        errors["role-volunteer"] = words("people.no-role", "Choose at least one role.")
    if organization is None and Role.RESPONDER in roles:
        errors["organization"] = words(
            "people.needs-organization", "Who answers families belongs to an organization. Choose it."
        )
    if errors:
        return _invite_page(errors, 422)
    try:
        word = desk().invitations.invite(viewer(), email, name, organization, roles)
    except HasAccount:
        said = words(
            "people.has-account", "Somebody with that mail address has an account already. Look for it in the list."
        )
        return _invite_page({"email": said}, 422)
    return hand_over(word, email, name)


@console.get("/people/<int:id>")
@allow(Role.ADMIN)
def one_person(id: int) -> AnyResponse:
    """One of them: her roles and what can be done."""
    return _person_page(id)


@console.post("/people/<int:id>/roles")
@allow(Role.ADMIN)
@freshly
def change_roles(id: int) -> AnyResponse:
    """Other roles; her logins end, so that no open page goes on with the old ones."""
    roles = chosen_roles(request.form.getlist("role"))
    if not roles:
        return _person_page(id, {"role-volunteer": words("people.no-role", "Choose at least one role.")}, 422)
    try:
        desk().people.change_roles(viewer(), id, roles)
    except LastAdmin:
        return _person_page(id, {"role-admin": _last_admin()}, 422)
    flash(words("people.roles-changed", "The roles are changed. They hold from the next login on."))
    return redirect(url_for("console.one_person", id=id))


@console.post("/people/<int:id>/standing")
@allow(Role.ADMIN)
@freshly
def change_standing(id: int) -> AnyResponse:
    """Whether she is a speaker of K'iche' or has a licence, and which answers she looks after."""
    form = request.form
    try:
        desk().people.change_standing(viewer(), id, form.get("speaker-of", ""), form.get("licence", ""))
    except WorkRefused:
        return _person_page(
            id,
            {
                "licence": words(
                    "people.no-standing", "Write the town and the licence as they are, or leave them empty."
                )
            },
            422,
        )
    if not change_work(id):
        return _person_page(id, {"state": no_state()}, 422)
    flash(words("account.saved", "Saved."))
    return redirect(url_for("console.one_person", id=id))


@console.post("/people/<int:id>/deactivate")
@allow(Role.ADMIN)
@freshly
def deactivate(id: int) -> AnyResponse:
    """She cannot log in any more; what she did stays, whom she had taken waits again."""
    try:
        desk().people.deactivate(viewer(), id)
    except LastAdmin:
        return _person_page(id, {"": _last_admin()}, 422)
    flash(
        words(
            "people.deactivated",
            "The account is closed and all its logins have ended. Conversations that were taken wait again.",
        )
    )
    return redirect(url_for("console.people"))


@console.post("/people/<int:id>/activate")
@allow(Role.ADMIN)
@freshly
def activate(id: int) -> AnyResponse:
    """She may log in again."""
    desk().people.activate(viewer(), id)
    flash(words("people.activated", "The account is open again, with the password and second step that it had."))
    return redirect(url_for("console.one_person", id=id))


@console.post("/people/<int:id>/password-link")
@allow(Role.ADMIN)
@freshly
def password_link(id: int) -> AnyResponse:
    """A link with which she chooses another password."""
    person = desk().people.one(viewer(), id)
    return hand_over(desk().invitations.renew_password(viewer(), id), person.email, person.name, password=True)


@console.post("/people/invitations/<id>/again")
@allow(Role.ADMIN)
@freshly
def invite_again(id: str) -> AnyResponse:
    """Another link in place of the first."""
    word, invited = desk().invitations.again(viewer(), id)
    return hand_over(word, invited.email, invited.name)


@console.post("/people/invitations/<id>/back")
@allow(Role.ADMIN)
@freshly
def take_back(id: str) -> AnyResponse:
    """The link is good for nothing any more."""
    desk().invitations.take_back(viewer(), id)
    flash(words("people.taken-back", "The invitation is taken back: its link opens nothing any more."))
    return redirect(url_for("console.people"))


def _last_admin() -> str:
    return words(
        "people.last-admin",
        "This is the last admin of the network: nobody could let anybody in any more. Make another one first.",
    )


def _names() -> dict[str | None, str]:
    return {each.id: each.name for each in desk().organizations.all()}


def _organizations() -> tuple[DeskOrganization, ...]:
    """Those for which she may invite."""
    mine = viewer().organization
    return tuple(each for each in desk().organizations.all() if mine in (None, each.id) and each.active)


def _organization() -> str | None:
    """The one that was chosen; None for the whole network. An admin of an organization has no choice."""
    mine, chosen = viewer().organization, request.form.get("organization", "")
    if mine is not None:
        return mine
    return chosen if chosen in [each.id for each in _organizations()] else None


def _invite_page(errors: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    page = render_template(
        "invite.html",
        errors=errors or {},
        email=request.form.get("email", ""),
        name=request.form.get("name", ""),
        organizations=_organizations(),
        organization=request.form.get("organization", ""),
        roles={role: ROLES[role] for role in Role},
        chosen=chosen_roles(request.form.getlist("role")),
        mails=desk().mail is not None,
    )
    return make_response(page, status)


def _person_page(id: int, errors: dict[str, str] | None = None, status: int = 200) -> AnyResponse:
    person = desk().people.one(viewer(), id)
    page = render_template(
        "person.html",
        one=person,
        errors=errors or {},
        organizations=_names(),
        roles={role: ROLES[role] for role in may_be_given(viewer(), person.organization)},
        chosen=chosen_roles(request.form.getlist("role")) or person.roles,
        myself=person.id == viewer().user,
    )
    return make_response(page, status)
