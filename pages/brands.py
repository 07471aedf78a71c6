"""The word mark in two lines, one for each language (PRODUCT.md)."""

BRANDS = {"fr": ("Belges", "Solidaires"), "nl": ("Belgen", "VoorElkaar"), "de": ("Belgier", "FürEinander"), "en": ("Belges", "Solidaires")}
