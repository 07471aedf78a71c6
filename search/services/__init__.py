"""What other parts of the site ask of the search: find, and keep the index true."""

from search.services.comparing import Comparison, compare, heal
from search.services.finding import Answer, Meaning, Result, find
from search.services.syncing import append, compare_or_rebuild, rebuild, searchable_documents, sync

__all__ = [
    "Answer",
    "Comparison",
    "Meaning",
    "Result",
    "append",
    "compare",
    "compare_or_rebuild",
    "find",
    "heal",
    "rebuild",
    "searchable_documents",
    "sync",
]
