"""Addresses of the forum under each language; `short_topic` stands without one in `pages.addresses`."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.translation import gettext_lazy as _

from forum import feeds, views


class TopicIdConverter:
    """The six characters of a topic, also as a person may have typed them."""

    regex = "[0-9A-Za-z]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class PostIdConverter(TopicIdConverter):
    """The ten characters of a post."""

    regex = "[0-9A-Za-z]{10}"


register_converter(TopicIdConverter, "topic_id")
register_converter(PostIdConverter, "post_id")

of_topics: list[URLPattern | URLResolver] = [
    path("", views.topic_list, name="topic_list"),
    path("feed/", feeds.topic_feed, name="topic_feed"),
    path("<topic_id:public_id>/", views.topic, name="topic_bare"),
    path(
        "<topic_id:public_id>/",
        include(
            [
                path(_("reply/"), views.reply, name="topic_reply"),
                path(_("confirm/"), views.confirm, name="topic_confirm"),
                path(_("answer/"), views.choose_answer, name="topic_answer"),
            ]
        ),
    ),
    path("<topic_id:public_id>-<str:slug>/", views.topic, name="topic"),
]

of_own_posts: list[URLPattern | URLResolver] = [
    path("", views.account_posts, name="account_posts"),
    path("<post_id:public_id>/", views.account_post, name="account_post"),
    path("<post_id:public_id>/", include([path(_("edit/"), views.post_edit, name="post_edit")])),
    path("<post_id:public_id>/", include([path(_("withdraw/"), views.post_withdraw, name="post_withdraw")])),
]

urlpatterns = [
    path(_("topics/"), include(of_topics)),
    path(_("write/"), views.write, name="write"),
    path(_("account/"), include([path(_("posts/"), include(of_own_posts))])),
]
