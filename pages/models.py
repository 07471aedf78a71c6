"""Tables of the front of house."""

from pages.demo.mark import DemoMark

__all__ = ["DemoMark"]
