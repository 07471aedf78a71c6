"""Moments in German, as people in Belgium write them."""

DATE_FORMAT = r"j. F Y"
DATETIME_FORMAT = r"j. F Y, G.i \U\h\r"
TIME_FORMAT = r"G.i \U\h\r"
SHORT_DATE_FORMAT = r"d.m.Y"
SHORT_DATETIME_FORMAT = r"d.m.Y, G.i \U\h\r"
