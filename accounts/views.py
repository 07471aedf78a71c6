"""Pages of a person's own account. Sign-up, sign-in and second factors are allauth's views behind our templates (`accounts.urls`)."""

from functools import wraps
from typing import Any, Protocol

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.totp.views import ActivateTOTPView
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.enrolment import EnrolmentLinkNotUsable, use_enrolment_link, user_of_link
from accounts.enums import ProfileStatus
from accounts.forms import EnrolForm, LanguageForm, ProfileForm
from accounts.models import ProfileVersion, User
from accounts.permissions import is_staff_member
from accounts.rates import seconds_to_wait
from accounts.second_factor import has_second_factor, mark_shown
from accounts.services import PseudonymTaken, set_language, submit_profile, withdraw_profile

RETRY_AFTER_SECONDS = 60
# In the session: a profile that was typed when its session had ended. What is too long comes back too, to be shortened.
KEPT_PROFILE = "kept_profile"
LONGEST_KEPT = 2_000


class View(Protocol):
    """A view function."""

    def __call__(self, request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - behind login_required
    return request.user


def in_our_house(view: View) -> View:
    """Fit a view of allauth in: a form that was refused answers 400 instead of 200, `site` in templates is ours, nothing is kept by caches."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and response.context_data is not None:
            response.context_data.pop("site", None)
            forms = (value for value in response.context_data.values() if isinstance(value, BaseForm))
            if request.method == "POST" and response.status_code == 200 and any(form.is_bound and form.errors for form in forms):
                response.status_code = 400
        return response

    return wrapper


class ActivateTotp(ActivateTOTPView):
    """allauth's set-up of an authenticator app; whoever finishes it has just shown a code, so this session need not ask again."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        """Store the app."""
        response: HttpResponse = super().form_valid(form)
        mark_shown(self.request.session, _person(self.request))
        return response


activate_totp = ActivateTotp.as_view()


def too_many_requests(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Handler of 429: when to try again. The words are added where every bare status gets its words (pages.middleware.problems)."""
    return HttpResponse(status=429, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})


def _proposal(user: User) -> ProfileVersion | None:
    """Return the last version that is not settled in the person's favour, to show its state."""
    last: ProfileVersion | None = user.profile_versions.order_by("-number").first()
    return last if last and last.status not in {ProfileStatus.PUBLISHED, ProfileStatus.WITHDRAWN} else None


@never_cache
@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everything about one's own account on one page."""
    user = _person(request)
    context = {
        "proposal": _proposal(user),
        "is_staff_member": is_staff_member(user),
        "second_factor": has_second_factor(user),
        "language_form": LanguageForm(initial={"language": user.language}),
    }
    return render(request, "accounts/home.html", context)


def _keep_profile(request: HttpRequest) -> HttpResponse:
    """Ask to sign in; what somebody whose session ended had typed comes back afterwards."""
    if request.method == "POST":
        if wait := seconds_to_wait(request, "keep"):
            return HttpResponse(status=429, headers={"Retry-After": str(wait)})
        request.session[KEPT_PROFILE] = {name: request.POST.get(name, "")[:LONGEST_KEPT] for name in ProfileForm.base_fields}
    return redirect_to_login(request.get_full_path())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Propose a name and a text; the proposal waits for review while the approved one stays."""
    if not request.user.is_authenticated:
        return _keep_profile(request)
    user = _person(request)
    proposal = _proposal(user)
    shown = proposal or ProfileVersion(pseudonym=user.pseudonym or "", about=user.about)
    initial = {"pseudonym": shown.pseudonym, "about": shown.about}
    if request.method == "GET" and KEPT_PROFILE in request.session:
        initial |= request.session.pop(KEPT_PROFILE)
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            submit_profile(actor=user, pseudonym=form.cleaned_data["pseudonym"], about=form.cleaned_data["about"])
        except PseudonymTaken:
            form.add_error("pseudonym", gettext("This name, or one that looks like it, is taken. Please choose another."))
        else:
            messages.success(request, gettext("Your profile waits for review. Until then others see what was approved before."))
            return redirect("account_profile")
    status = 400 if form.is_bound else 200
    return render(request, "accounts/profile.html", {"form": form, "proposal": proposal}, status=status)


@never_cache
@login_required
@require_POST
def profile_withdraw(request: HttpRequest) -> HttpResponse:
    """Take the waiting proposal back."""
    withdraw_profile(actor=_person(request))
    messages.success(request, gettext("Your proposal is withdrawn."))
    return redirect("account_profile")


@never_cache
@login_required
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the language of mails."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return render(request, "accounts/language.html", {"form": form}, status=400)
    set_language(user=_person(request), language=form.cleaned_data["language"])
    messages.success(request, gettext("We write to you in this language from now on."))
    return redirect("account_home")


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, secret: str) -> HttpResponseBase:
    """One-time link of staff: looking uses nothing up, sending the form does, and leads to the set-up of the second factor."""
    try:
        user = user_of_link(secret)
        form = EnrolForm(request.POST if request.method == "POST" else None, user=user)
        if not form.is_valid():
            status = 400 if form.is_bound else 200
            return render(request, "accounts/enrol.html", {"form": form, "person": user}, status=status)
        user = use_enrolment_link(secret=secret, password=form.cleaned_data["password"])
    except EnrolmentLinkNotUsable:
        return render(request, "accounts/enrol_expired.html", status=410)
    # Whoever was signed in here before is somebody else as far as this link knows.
    logout(request)
    record_authentication(request, user, method="enrolment")
    return perform_login(
        request, Login(user=user, email=user.email, redirect_url=reverse("account_home" if has_second_factor(user) else "mfa_activate_totp"))
    )
