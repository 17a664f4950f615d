"""What an account can be about, and in which languages its standing text is written. Plain Python."""

from __future__ import annotations

# For the public list and the info text; their words stand in `register.words` and in each language's file.
SUBJECTS = (
    "municipality",
    "democracy",
    "work",
    "building",
    "children",
    "business",
    "culture",
    "library",
    "environment",
    "emergency",
    "care",
    "sports",
    "streets",
    "tourism",
    "youth",
    "education",
    "other",
)

# The language that the law begins with comes first; a language is one file in `infotexts/` (språklagen, lag 2009:724).
LANGUAGES = ("sv", "sv-latt", "en", "fi")
