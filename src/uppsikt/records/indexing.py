"""What is searched: for each item a row with the words of all its wordings, kept beside the records by year.

The row's other columns follow the item by a trigger of the database (migration 0007), so that nothing can be made
secret and still be found; its words are written here, by whoever has written new wordings, in the same transaction.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from django.db import connection, transaction

from uppsikt.records.models import Item, Walk

# Between these signs and its neighbours PostgreSQL would see one word: a file's path in "barn/ungdom", a host in
# "nu.Sedan", a number below zero in "2024-05-01", a tag in "x<y och z>w". To us each is a space.
JOINTS = "./@-+<&~"
# These are not seen, and part no words: the soft hyphen, and two of no width.
UNSEEN = "\u00ad\u200b\ufeff"
# Words that are not indexed but counted, so that no phrase goes from the end of one text to the beginning of another.
PARTED = " och och och och och och och och "
TITLE, TEXT, ALL = 2_000, 100_000, 200_000
BITE = 2_000


def plain(expression: str) -> str:
    """SQL for a text as words and spaces; `signs` does the same in Python."""
    # Most texts are composed already, which is seen fast.
    composed = f"CASE WHEN {expression} IS NFC NORMALIZED THEN {expression} ELSE normalize({expression}) END"
    for sign in JOINTS:
        composed = f"replace({composed}, '{sign}', ' ')"
    for sign in UNSEEN:
        composed = f"replace({composed}, '{sign}', '')"
    return composed


SIGNS = str.maketrans({**dict.fromkeys(JOINTS, " "), **dict.fromkeys(UNSEEN, None)})


def signs(text: str) -> str:
    """A text as the index reads it."""
    return unicodedata.normalize("NFC", text).translate(SIGNS)


# An author's names stand in the index as "@maria": found by the index of words, and not mistaken for what was said.
# A tsvector holds a megabyte, and somebody will write more than that: of what an item has said, the newest is kept.
INDEX = f"""
INSERT INTO records_searchable (at, item_id, channel_id, actor_id, secret, kind, direction, state, words)
SELECT i.at, i.id, i.channel_id, i.actor_id, i.secret, i.kind, i.direction, i.state,
    to_tsvector('swedish', {plain("w.said")})
    || array_to_tsvector(array_remove(string_to_array(
        '@' || regexp_replace(lower(normalize(concat_ws(' ', w.names, a.name, a.handle))), '[^[:alnum:]]+', ' @', 'g'),
        ' '), '@'))
FROM records_item i
JOIN records_actor a ON a.id = i.actor_id
CROSS JOIN LATERAL (
    SELECT coalesce(left(string_agg(
            CASE WHEN v.title = '' THEN '' ELSE left(v.title, {TITLE}) || '{PARTED}' END || left(v.text, {TEXT}),
            '{PARTED}' ORDER BY v.number DESC), {ALL}), '') AS said,
        string_agg(DISTINCT v.author_name, ' ') FILTER (WHERE v.author_name <> a.name) AS names
    FROM records_version v WHERE v.item_id = i.id
) w
WHERE i.id = ANY(%s)
"""  # noqa: S608 only our own constants are put together
AGAIN = """
ON CONFLICT (at, item_id) DO UPDATE SET words = EXCLUDED.words
WHERE records_searchable.words IS DISTINCT FROM EXCLUDED.words
"""


def index(item_ids: Sequence[int], *, fresh: bool = False) -> None:
    """Make these items found by the words that they have now: one statement for a comment or for thousands.

    `fresh` says that they were written in this transaction: nobody then has to look whether they are there (a fifth).

    Call it after their wordings are written and in the same transaction. What an item has beside words (how it is
    shown, whether it is secret) the database brings up to date by itself.
    """
    if not item_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(INDEX if fresh else INDEX + AGAIN, [list(item_ids)])


def rebuild() -> Iterator[tuple[int, int]]:
    """Index every item anew, some at a time, each lot in a transaction of its own; yields how far it is: (done, of).

    Goes on where it was broken off. Both numbers are keys of items.
    """
    walk, _new = Walk.objects.get_or_create(name="index")
    if walk.goal is None:
        walk.goal = Item.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        walk.save()
    while walk.through < walk.goal:
        with transaction.atomic():
            rows = Item.objects.filter(pk__gt=walk.through, pk__lte=walk.goal).order_by("pk")
            lot = list(rows.values_list("pk", flat=True)[:BITE])
            index(lot)
            walk.through = lot[-1] if lot else walk.goal
            walk.save(update_fields=["through"])
        yield walk.through, walk.goal
