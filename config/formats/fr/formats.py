"""Moments in French, as people in Belgium write them."""

DATE_FORMAT = r"j F Y"
DATETIME_FORMAT = r"j F Y, G\hi"
TIME_FORMAT = r"G\hi"
SHORT_DATE_FORMAT = r"d/m/Y"
SHORT_DATETIME_FORMAT = r"d/m/Y, G\hi"
