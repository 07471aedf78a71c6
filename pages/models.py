"""Editorial pages: one tree for each language, translations tied by Wagtail's translation key. What most readers open is not here."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from pages.demo.mark import DemoMark

__all__ = ["DemoMark", "HomePage", "NewsPage", "StandingPage"]

PUBLIC_SECONDS = 30
FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]


class ReaderPage(Page):
    """What readers' pages share: the frame knows their translations, the anonymous cache may keep them."""

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        """Render with the language switch leading to this page's own translations."""
        request.alternates = {page.locale.language_code: page.get_url(request) for page in self._translations()}  # type: ignore[attr-defined]
        response: TemplateResponse = super().serve(request, *args, **kwargs)
        response.public_for = PUBLIC_SECONDS  # type: ignore[attr-defined]
        response.public_parameters = frozenset()  # type: ignore[attr-defined]
        return response

    def _translations(self) -> "models.QuerySet[Page]":
        return self.get_translations(inclusive=True).live().select_related("locale")


class HomePage(Page):
    """Root of one language's tree. Its address is answered by the home view; it holds the editorial pages."""

    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["pages.StandingPage", "pages.NewsPage"]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")


class StandingPage(ReaderPage):
    """A page that stands: accessibility, privacy, charter, transparency, official channels, how it works."""

    key = models.SlugField(max_length=40, blank=True, default="", help_text=_("Same in all languages; the site's own links use it."))
    summary = models.CharField(max_length=300, blank=True, default="")
    body = RichTextField(features=FEATURES)
    in_footer = models.BooleanField(_("link in the footer"), default=True)
    position = models.PositiveSmallIntegerField(_("place in the footer"), default=100)
    prepared_date = models.DateField(_("prepared on"), null=True, blank=True)
    reviewed_date = models.DateField(_("last reviewed on"), null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("in_footer"),
        FieldPanel("position"),
        FieldPanel("prepared_date"),
        FieldPanel("reviewed_date"),
    ]
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    template = "pages/standing_page.html"

    class Meta:
        verbose_name = _("standing page")
        verbose_name_plural = _("standing pages")


class NewsPage(ReaderPage):
    """One news item of the ministry."""

    summary = models.CharField(max_length=300)
    body = RichTextField(features=FEATURES)
    published_date = models.DateField(_("date"))

    content_panels = [*Page.content_panels, FieldPanel("published_date"), FieldPanel("summary"), FieldPanel("body")]
    parent_page_types = ["pages.HomePage"]
    subpage_types: list[str] = []
    template = "pages/news_page.html"

    class Meta:
        verbose_name = _("news item")
        verbose_name_plural = _("news items")
