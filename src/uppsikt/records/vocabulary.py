"""The words that there are: for parts of words, and for words like one that was misspelt.

A list of stems, each once, with the threes of letters in it under an index; a job adds what new wordings bring.
It holds words of secret records too, so nobody is shown anything from it that has not been found for them.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection
from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused
from uppsikt.records.models import Version, Walk

# A part of more words than this says too little.
MOST = 1_000
ALIKE = 40
BITE = 5_000

ADD = """
INSERT INTO records_word (word, threes)
SELECT word, ARRAY(SELECT DISTINCT substr('^' || word || '$', n, 3) FROM generate_series(1, length(word)) n)
FROM (
    SELECT DISTINCT word FROM records_version v
    JOIN records_item i ON i.id = v.item_id
    JOIN records_searchable s ON s.at = i.at AND s.item_id = i.id
    CROSS JOIN LATERAL unnest(tsvector_to_array(s.words)) AS word
    WHERE v.id > %s AND v.id <= %s AND length(word) BETWEEN 3 AND 100 AND left(word, 1) <> '@'
) w
ON CONFLICT DO NOTHING
"""
HOLDING = "SELECT word FROM records_word WHERE threes @> %s::text[] AND word LIKE %s LIMIT %s"
LIKE = """
SELECT word FROM records_word
WHERE (threes @> %s::text[] OR threes @> %s::text[]) AND length(word) BETWEEN %s AND %s
ORDER BY cardinality(ARRAY(SELECT unnest(threes) INTERSECT SELECT unnest(%s::text[]))) DESC, word LIMIT %s
"""


def threes(word: str) -> list[str]:
    """The threes of letters in a word, whose beginning and end are "^" and "$"."""
    return sorted({word[place : place + 3] for place in range(len(word) - 2)})


def holding(part: str, endings: Collection[str] = ()) -> list[str]:
    """The stems that hold the part anywhere, or end with one of the endings. Raises Refused when they are many."""
    asked = [(threes(part), f"%{escaped(part)}%")]
    asked += [(threes(f"{end}$"), f"%{escaped(end)}") for end in endings]
    found = set[str]()
    with connection.cursor() as cursor:
        for letters, like in asked:
            cursor.execute(HOLDING, [letters, like, MOST + 1])
            found |= {word for (word,) in cursor.fetchall()}
    if len(found) > MOST:
        raise Refused(
            "too_many_words", _("%(part)s finns i för många olika ord. Skriv fler bokstäver.") % {"part": f"*{part}*"}
        )
    return sorted(found)


def like(stem: str) -> list[str]:
    """Stems that look like this one, those that share most with it first.

    Of those that begin or end as it does: all that share three letters somewhere are half of a large list.
    """
    letters, begin, end = threes(f"^{stem}$"), f"^{stem}"[:3], f"{stem}$"[-3:]
    with connection.cursor() as cursor:
        cursor.execute(LIKE, [[begin], [end], len(stem) - 2, len(stem) + 2, letters, ALIKE])
        return [word for (word,) in cursor.fetchall()]


def escaped(text: str) -> str:
    """A text that stands for itself in LIKE, whatever signs it holds."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def bite_end(place: int, newest: int) -> int:
    """The key where a lot that begins after `place` ends.

    By wordings and not by keys: keys have gaps, and a sequence that was moved on far would else take days to walk.
    """
    rest = Version.objects.filter(pk__gt=place, pk__lte=newest).order_by("pk").values_list("pk", flat=True)
    return next(iter(rest[BITE - 1 : BITE]), newest)


def gather(*, most: int = 100) -> bool:
    """Add the words of wordings that are new since the last time, in at most so many lots; whether all are read.

    What was new the last time is read once more: of two who write at once, the one with the later key may be first.
    """
    walk, _new = Walk.objects.get_or_create(name="words", defaults={"goal": 0})
    newest = Version.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    place = walk.through
    for _lot in range(most):
        if place >= newest:
            break
        upto = bite_end(place, newest)
        with connection.cursor() as cursor:
            cursor.execute(ADD, [place, upto])
        place = upto
    done = place >= newest
    if done:
        walk.through, walk.goal = max(walk.through, walk.goal or 0), newest
    else:
        walk.through = place
    walk.save()
    return done
