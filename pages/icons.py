"""The icons: paths on a grid of 24, drawn with a stroke of the text's colour. A page carries only those that it shows."""

ICONS: dict[str, str] = {
    "ask": '<path d="M4 4h16v13h-9l-5 4v-4H4z"/><path d="M10 8.8a2 2 0 1 1 2.8 1.8c-.6.3-.8.6-.8 1.2m0 2.2v0"/>',
    "cal": '<path d="M4 6h16v14H4zM4 10.5h16M8 3.5V7m8-3.5V7"/>',
    "cash": '<path d="M2.5 6h19v12h-19z"/><circle cx="12" cy="12" r="3"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
    "copy": '<path d="M8 8h12v12H8zM16 8V4H4v12h4"/>',
    "edit": '<path d="m4 20 1-4.5L16 4.5l3.5 3.5-11 11z"/>',
    "feed": '<path d="M5 19v0m0-6a6 6 0 0 1 6 6M5 6a13 13 0 0 1 13 13"/>',
    "find": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
    "go": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "hand": '<path d="M12 20C5 15 3 12 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5C21 12 19 15 12 20z"/>',
    "id": '<path d="M3 5h18v14H3z"/><circle cx="8.5" cy="11" r="2"/><path d="M5.5 16c.5-2 5.5-2 6 0M14.5 10H18m-3.5 4H18"/>',
    "lock": '<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>',
    "mail": '<path d="M3 6h18v12H3zM3.5 7 12 13l8.5-6"/>',
    "med": '<path d="M9 3h6v6h6v6h-6v6H9v-6H3V9h6z"/>',
    "no": '<path d="M6 6l12 12M18 6 6 18"/>',
    "off": '<path d="M3 9.5 12 4l9 5.5zM6 13v5m6-5v5m6-5v5M3.5 21h17"/>',
    "ok": '<path d="m4 12.5 5 5L20 6.5"/>',
    "old": '<path d="M6 3h12M6 21h12M8 3c0 5 4 6 4 9s-4 4-4 9m8-18c0 5-4 6-4 9s4 4 4 9"/>',
    "one": '<circle cx="12" cy="8" r="4"/><path d="M4.5 21c.5-4.5 3.5-6 7.5-6s7 1.5 7.5 6"/>',
    "pin": '<path d="M12 21s7-6.5 7-12a7 7 0 1 0-14 0c0 5.5 7 12 7 12z"/><circle cx="12" cy="9" r="2.2"/>',
    "plane": '<path d="M10 14 3 12v-2l7-1V4.5a2 2 0 0 1 4 0V9l7 1v2l-7 2v4l2 2v1l-4-1-4 1v-1l2-2z"/>',
    "road": '<path d="M7 21 9.5 3M17 21 14.5 3M12 4v3m0 4v3m0 4v3"/>',
    "save": '<path d="M12 4v11m-5-5 5 5 5-5M4 20h16"/>',
    "talk": '<path d="M4 4h16v13h-9l-5 4v-4H4z"/>',
    "tel": '<path d="M5 3h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4c0 1-1 2-2 2C10 21 3 14 3 5c0-1 1-2 2-2z"/>',
    "tr": '<path d="M3 5h10M8 3v2c0 4-2 7-5 8.5M5 9c1 2.5 4 4.5 7 5m0 7 4.5-10L21 21m-7.5-3.5h6"/>',
    "warn": '<path d="M12 3.5 22 20.5H2zM12 10v4.5m0 3v0"/>',
}


def symbol(name: str) -> str:
    """Return one icon as a symbol of the page's sprite. Raises KeyError for an unknown name."""
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{ICONS[name]}</symbol>'
