"""What happened to people, in the past participle. Sent inside the transaction that wrote it.

`profile_submitted(sender, version)`: a person proposed a pseudonym or text; it waits for review.
`profile_withdrawn(sender, user)`: the person took the waiting proposal back.
`user_erased(sender, user)`: a person was anonymised; whoever holds more about them forgets it now.
"""

from django.dispatch import Signal

profile_submitted = Signal()
profile_withdrawn = Signal()
user_erased = Signal()
