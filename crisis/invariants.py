"""What must hold for official notices (`check_data`), beyond the constraints of the table."""

from collections.abc import Iterator

from django.db.models import Q

from crisis.models import OfficialNotice


def notice_faults() -> Iterator[str]:
    """Yield one line for each notice whose French or Dutch pointer leads to a text of another notice or language."""
    for language in ("fr", "nl"):
        name = f"text_{language}"
        pointing = OfficialNotice.objects.filter(**{f"{name}__isnull": False}).select_related(name).order_by("pk")
        wrong = pointing.filter(~Q(**{f"{name}__language": language}))
        for notice in wrong:
            yield f"notice {notice.public_id}: its {language} text is in another language"
        for notice in pointing.iterator():
            if getattr(notice, name).notice_id != notice.pk:
                yield f"notice {notice.public_id}: its {language} text belongs to another notice"
