"""What a session says of whose it is; and a session made without a browser, for the operator's command and for tests."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User
from accounts.second_factor import mark_shown

# Where a session keeps which grants the groups were last brought in line with: whoever has it passed the staff door.
ROLES_KEY = "roles_seen"


def new_session(user: User) -> SessionBase:
    """Return a saved session in which `user` is signed in and has shown a second factor."""
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    mark_shown(session, user)
    session.create()
    return session


def roles_seen(session: Mapping[str, Any]) -> frozenset[str]:
    """Return the roles that the session had when it last passed the staff door: for what a page offers, never for what somebody may do.

    No query: every page of somebody signed in has read its session.
    """
    return frozenset(str(grant).split(" ", 1)[0] for grant in session.get(ROLES_KEY, ()))
