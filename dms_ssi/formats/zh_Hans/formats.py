"""Thousands are parted by commas: 29,370 km. Django groups Chinese numbers by four, unseen."""

THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
