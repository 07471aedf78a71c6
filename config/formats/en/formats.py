"""Moments in English, as people in Belgium write them."""

DATE_FORMAT = r"j F Y"
DATETIME_FORMAT = r"j F Y, H:i"
TIME_FORMAT = r"H:i"
SHORT_DATE_FORMAT = r"d/m/Y"
SHORT_DATETIME_FORMAT = r"d/m/Y, H:i"
