"""Moments in Dutch, as people in Belgium write them."""

DATE_FORMAT = r"j F Y"
DATETIME_FORMAT = r"j F Y, G.i \u\u\r"
TIME_FORMAT = r"G.i \u\u\r"
SHORT_DATE_FORMAT = r"d/m/Y"
SHORT_DATETIME_FORMAT = r"d/m/Y, G.i \u\u\r"
