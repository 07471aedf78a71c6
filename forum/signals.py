"""What happened to content, in the past participle; sent inside the transaction that wrote it.

`content_submitted(sender, post, version)`: a text waits for review (new, resubmitted, or an edit of a published post).
`content_published(sender, post, version)`: `version` is live from now on.
`content_edited(sender, post)`: something shown about a published post changed without a new text (confirmation, answer, mark).
`content_withdrawn(sender, post)`: the author's act only.
`content_hidden(sender, post)`: it left the public pages by a decision.
`content_restored(sender, post)`: a decision brought it back.
"""

from django.dispatch import Signal

content_submitted = Signal()
content_published = Signal()
content_edited = Signal()
content_withdrawn = Signal()
content_hidden = Signal()
content_restored = Signal()
