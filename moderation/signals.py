"""`decision_made(sender, decision, item, statement)`: a decision was written; sent inside its transaction.

`decision` is a Decision; for an undo `decision.reverts` is the one taken back. `statement` says whether the author must be told.
"""

from django.dispatch import Signal

decision_made = Signal()
