"""The queue inside Wagtail's admin: list, one item, history. Each view loads, asks one permission, calls one service."""
