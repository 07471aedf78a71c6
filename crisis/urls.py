"""Addresses of the crisis desk under `/admin/`."""

from django.urls import path

from crisis.views import crises, notices

urlpatterns = [
    path("crises/", crises.crisis_list, name="crisis_list"),
    path("crises/open/", crises.crisis_open, name="crisis_open"),
    path("crises/<slug:public_id>/close/", crises.crisis_close, name="crisis_close"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/new/", notices.notice_new, name="notice_new"),
    path("notices/<slug:public_id>/", notices.notice_edit, name="notice_edit"),
    path("notices/<slug:public_id>/submit/", notices.notice_submit, name="notice_submit"),
    path("notices/<slug:public_id>/return/", notices.notice_return, name="notice_return"),
    path("notices/<slug:public_id>/approve/", notices.notice_approve, name="notice_approve"),
    path("notices/<slug:public_id>/withdraw/", notices.notice_withdraw, name="notice_withdraw"),
]
