"""What happened, in the past participle; sent inside the transaction that wrote it.

`crisis_opened(sender, crisis)`, `crisis_closed(sender, crisis)`,
`notice_published(sender, notice)`, `notice_withdrawn(sender, notice)`.
"""

from django.dispatch import Signal

crisis_opened = Signal()
crisis_closed = Signal()
notice_published = Signal()
notice_withdrawn = Signal()
