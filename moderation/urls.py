"""Addresses under /admin/moderation/ (CONTRACT.md, Addresses)."""

from django.urls import path

from moderation.views import history, item, queue

app_name = "moderation"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.next_item, name="next"),
    path("history/", history.history, name="history"),
    path("post/<str:public_id>/", queue.of_post, name="of_post"),
    path("<str:public_id>/", item.item, name="item"),
    path("<str:public_id>/log/", item.log, name="log"),
]
