"""What must hold between content and its review items (`check_data`): nothing waits unseen, nobody waits for what is over."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef

from forum.enums import PostStatus
from forum.models import Post
from moderation.enums import ItemState, SubjectKind
from moderation.models import ReviewItem

# A post that is decided about, or that its author is asked to change, has an item that is not decided.
NEEDS_ITEM = [PostStatus.PENDING, PostStatus.CHANGES_REQUESTED]
OVER = [PostStatus.WITHDRAWN, PostStatus.REJECTED, PostStatus.SPAM, PostStatus.MERGED, PostStatus.ARCHIVED]


def review_faults() -> Iterator[str]:
    """Yield one line for each thing that does not hold."""
    undecided = ReviewItem.objects.exclude(state=ItemState.DECIDED)
    waiting = Post.objects.filter(status__in=NEEDS_ITEM).exclude(Exists(undecided.filter(post=OuterRef("pk"))))
    for public_id in waiting.order_by("pk").values_list("public_id", flat=True).iterator():
        yield f"post {public_id}: waits without a review item"
    for public_id in undecided.filter(post__status__in=OVER).order_by("pk").values_list("public_id", flat=True).iterator():
        yield f"item {public_id}: waits for a decision about something that is over"
    strays = ReviewItem.objects.filter(subject=SubjectKind.POST).exclude(realm=F("post__topic__realm"))
    for public_id in strays.order_by("pk").values_list("public_id", flat=True).iterator():
        yield f"item {public_id}: lies in another realm than its topic"
    others = ReviewItem.objects.filter(subject=SubjectKind.POST).exclude(version__post=F("post"))
    for public_id in others.order_by("pk").values_list("public_id", flat=True).iterator():
        yield f"item {public_id}: points at a text of another post"
