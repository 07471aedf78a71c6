"""Makes a session without a browser, for the operator's command and for tests."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User
from accounts.second_factor import mark_shown


def new_session(user: User) -> SessionBase:
    """Return a saved session in which `user` is signed in and has shown a second factor."""
    session: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    mark_shown(session, user)
    session.create()
    return session
