"""The one way to ask what a person may do: rows of RoleGrant, read once per user object."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Subquery
from django.utils.translation import gettext

from accounts.enums import STAFF_ROLES, Role, Trust
from accounts.models import RoleGrant, User

Actor = User | AnonymousUser


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes."""

    def __bool__(self) -> Literal[True]:
        return True


@dataclass(frozen=True, slots=True)
class Denied:
    """No, with a reason that a page can show (translated, or lazy)."""

    reason: Any

    def __bool__(self) -> Literal[False]:
        return False


Verdict = Allowed | Denied


def current_grants(user: Actor) -> tuple[RoleGrant, ...]:
    """Return the grants in force. One query per user object: a request loads its user once."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    cached: tuple[RoleGrant, ...] | None = getattr(user, "_current_grants", None)
    if cached is None:
        cached = tuple(user.grants.current())
        user._current_grants = cached  # type: ignore[attr-defined]
    return cached


def forget_grants(user: User) -> None:
    """Drop what `current_grants` remembers, after a grant was written."""
    if hasattr(user, "_current_grants"):
        del user._current_grants


def roles_of(user: Actor) -> frozenset[str]:
    """Return every role code that applies, scoped or not, computed ones included."""
    if not isinstance(user, User) or not user.is_active:
        return frozenset({Role.ANONYMOUS.value})
    roles = {Role.MEMBER.value} | {grant.role for grant in current_grants(user)}
    if user.trust == Trust.TRUSTED:
        roles.add(Role.TRUSTED.value)
    return frozenset(roles)


def has_role(user: Actor, *roles: str, country: str | None = None, language: str | None = None) -> bool:
    """Say whether one grant of `roles` covers the country and language. A grant without scope covers all; None asks for any scope."""
    wanted = {str(role) for role in roles}
    return any(
        grant.role in wanted
        and (country is None or grant.country_id is None or grant.country_id == country)
        and (language is None or not grant.language or grant.language == language)
        for grant in current_grants(user)
    )


def is_staff_member(user: Actor) -> bool:
    """Say whether the person works for the ministry (any staff grant): needs a second factor, may enter the admin."""
    return has_role(user, *STAFF_ROLES)


def scopes(user: Actor, roles: Iterable[str]) -> list[tuple[str | None, str]]:
    """Return (country or None, language or "") of each grant of `roles`: the queryset twin of `has_role` filters by them."""
    wanted = {str(role) for role in roles}
    return [(grant.country_id, grant.language) for grant in current_grants(user) if grant.role in wanted]


def first_role(**whose: Any) -> Subquery:
    """Return the oldest staff role in force of somebody, as a column of another query; `whose` leads to the person."""
    grants = RoleGrant.objects.current().staff_door().filter(**whose)
    return Subquery(grants.order_by("pk").values("role")[:1])


def colleague(name: str | None, role: str | None, code: str | None) -> str:
    """Return how staff see whoever did something: the approved name, else role and code; without a role (an author) a member."""
    short = (code or "?")[:4]
    if name or not role:
        return name or gettext("Member %(code)s") % {"code": short}
    return gettext("%(role)s %(code)s") % {"role": Role(role).label, "code": short}
