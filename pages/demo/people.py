"""Loads people and staff of the demonstration: accounts, profiles through review, grants, sign-ins."""

from datetime import datetime, timedelta
from typing import Any

from accounts.enums import STAFF_ROLES, Realm, Role, Trust
from accounts.models import User
from accounts.second_factor import set_up_authenticator
from accounts.services import confirm_address, grant_role, submit_profile
from moderation.enums import SubjectKind
from moderation.models import ReviewItem
from pages.demo.clock import happening
from pages.demo.content import Content, person_email
from pages.demo.deciding import Desk
from pages.demo.signins import SignIn, new_password, new_totp_secret, read_sign_ins, write_sign_ins

REASON = "demonstration"
MEMBER_SINCE = timedelta(days=400)
# Who can be tried out among the citizens: one with the community's trust, one without.
OPEN_TO_VISITORS = {"lieve-cusco": Role.TRUSTED, "hanne-puno": Role.MEMBER}


def _account(email: str, *, language: str, country: str | None = None, is_minor: bool = False, trust: str = Trust.NEW) -> User:
    user: User = User.objects.create_user(email, language=language, country_id=country, is_minor=is_minor, trust=trust)
    confirm_address(user)
    return user


def _grant_staff(user: User, row: dict[str, Any]) -> None:
    """Give a role; moderators get one grant for each language they read, as the desks are."""
    for language in row["languages"] if row["role"] == Role.MODERATOR else [""]:
        grant_role(user=user, role=row["role"], actor=None, reason=REASON, country=row["country"], language=language)


def load_staff(content: Content, *, now: datetime) -> dict[str, User]:
    """Make an account for every row of staff.json; return them by key."""
    staff = {}
    with happening(now - MEMBER_SINCE):
        for row in content.staff:
            staff[row["key"]] = _account(row["email"], language=row["language"], country=row["country"])
            _grant_staff(staff[row["key"]], row)
    return staff


def load_people(content: Content, desk: Desk, *, now: datetime) -> dict[str, User]:
    """Make the citizens; each proposed name goes through review, and waits there when the file says so."""
    people = {}
    for number, row in enumerate(content.people):
        since = now - MEMBER_SINCE + timedelta(hours=number)
        with happening(since):
            trust = Trust.TRUSTED if row["trusted"] else Trust.NEW
            country = (row["countries"] or [None])[0]
            user = _account(person_email(row["key"]), language=row["language"], country=country, is_minor=row["is_minor"], trust=trust)
            for code in row["resident_of"]:
                grant_role(user=user, role=Role.RESIDENT, actor=None, reason=REASON, country=code)
        proposed_at = since if row["review"] == "approved" else now - timedelta(hours=2, minutes=number)
        with happening(proposed_at):
            submit_profile(actor=user, pseudonym=row["pseudonym"], about=row["about"])
        _review_profile(user, desk, approve=row["review"] == "approved", at=proposed_at + timedelta(minutes=40))
        people[row["key"]] = User.objects.get(pk=user.pk)
    return people


def _review_profile(user: User, desk: Desk, *, approve: bool, at: datetime) -> None:
    """Put the item in the demonstration's realm (a person has none) and decide."""
    ReviewItem.objects.filter(subject=SubjectKind.PROFILE, author=user).update(realm=Realm.DEMO)
    if approve:
        desk.approve(ReviewItem.objects.get(subject=SubjectKind.PROFILE, author=user), at=at)


def _sign_in(user: User, *, role: str, name: str, known: SignIn | None) -> SignIn:
    password = known.password if known else new_password()
    secret = (known.totp_secret if known else new_totp_secret()) if role in STAFF_ROLES else ""
    user.set_password(password)
    user.save(update_fields=["password"])
    if secret:
        set_up_authenticator(user, secret)
    return SignIn(role=role, email=user.email, password=password, totp_secret=secret, language=user.language, name=name)


def sign_ins_missing(content: Content) -> bool:
    """Say whether the file lacks somebody (it was deleted, or the release brought a new role)."""
    return not {row["email"] for row in content.staff} | {person_email(key) for key in OPEN_TO_VISITORS} <= set(read_sign_ins())


def give_sign_ins(content: Content) -> list[SignIn]:
    """Set passwords and second factors and write them to the file; those that the file has already stay as they are."""
    known = read_sign_ins()
    wanted = [(person_email(key), str(role), "") for key, role in OPEN_TO_VISITORS.items()]
    wanted += [(row["email"], row["role"], row["name"]) for row in content.staff]
    users = {user.email: user for user in User.objects.filter(email__in=[email for email, _role, _name in wanted])}
    sign_ins = []
    for email, role, names in wanted:
        if user := users.get(email):
            name = names[user.language] if isinstance(names, dict) else user.display_name
            sign_ins.append(_sign_in(user, role=role, name=name, known=known.get(email)))
    write_sign_ins(sign_ins)
    return sign_ins
