"""Memory that the index writer leaves behind: each of its threads has a heap of its own, which the C library keeps."""

import ctypes


def give_back_memory() -> bool:
    """Return free memory of all heaps to the system; says whether the C library can (glibc). For long writings, not for one document."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return bool(trim and trim(0))
