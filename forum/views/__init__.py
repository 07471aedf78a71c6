"""Pages of the forum: load through an access function, ask one permission, build one form, call one service, answer."""

from forum.views.confirming import confirm
from forum.views.own import account_post, account_posts, choose_answer, post_withdraw
from forum.views.reading import short_topic, topic, topic_list
from forum.views.writing import post_edit, reply, write

__all__ = [
    "account_post",
    "account_posts",
    "choose_answer",
    "confirm",
    "post_edit",
    "post_withdraw",
    "reply",
    "short_topic",
    "topic",
    "topic_list",
    "write",
]
