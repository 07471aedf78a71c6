"""Shared by the tests of what measures: an index of this test alone."""

from tests.search.conftest import fresh_engines

__all__ = ["fresh_engines"]
