"""The tag that writes options escapes and selects."""

from forum.templatetags.choices import options


def test_options() -> None:
    html = options([("", "All"), ("PE", "Pérou"), ('"><script>', "<b>")], "PE")
    assert html == (
        '<option value="">All</option><option value="PE" selected>Pérou</option><option value="&quot;&gt;&lt;script&gt;">&lt;b&gt;</option>'
    )


def test_nothing_chosen() -> None:
    assert "selected" not in options([("PE", "Pérou")], None)
