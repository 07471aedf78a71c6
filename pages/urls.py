"""Pages of the front of house with the language in their path."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path(_("countries/"), views.country_list, name="country_list"),
    path(_("countries/<slug:slug>/"), views.country, name="country"),
    path(_("notices/<slug:public_id>/"), views.notice, name="notice"),
]
