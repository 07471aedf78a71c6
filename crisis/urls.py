"""Addresses of the crisis desk under `/admin/`."""

from django.urls import path

from crisis import views

urlpatterns = [
    path("crises/", views.crisis_list, name="crisis_list"),
    path("crises/open/", views.crisis_open, name="crisis_open"),
    path("crises/<slug:public_id>/close/", views.crisis_close, name="crisis_close"),
    path("notices/", views.notice_list, name="notice_list"),
    path("notices/new/", views.notice_edit, name="notice_new"),
    path("notices/<slug:public_id>/", views.notice_edit, name="notice_edit"),
    path("notices/<slug:public_id>/submit/", views.notice_submit, name="notice_submit"),
    path("notices/<slug:public_id>/approve/", views.notice_approve, name="notice_approve"),
    path("notices/<slug:public_id>/withdraw/", views.notice_withdraw, name="notice_withdraw"),
]
