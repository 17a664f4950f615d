"""What keeps search whole by itself: the years ahead, the records that are not indexed yet, the list of words."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import connection, transaction

from uppsikt.records import indexing, vocabulary

# So long a turn lasts, so that nothing waits for it.
TURN = 30.0  # seconds

YEARS = """
SELECT substring(c.relname FROM 'records_searchable_([0-9]{4})$')::int
FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
WHERE inhparent = 'records_searchable'::regclass AND c.relname ~ '^records_searchable_[0-9]{4}$'
"""
# What has come in for a year that had no part of its own lies in the last one, and moves over with it.
MAKE_YEAR = """
ALTER TABLE records_searchable DETACH PARTITION records_searchable_later;
ALTER TABLE records_searchable_later RENAME TO records_searchable_was_later;
DO $$ BEGIN
    PERFORM records_add_partition('{year}', make_timestamptz({year}, 1, 1, 0, 0, 0, 'UTC'),
        make_timestamptz({next}, 1, 1, 0, 0, 0, 'UTC'), true);
END $$;
DROP INDEX IF EXISTS records_searchable_later_words_idx;
ALTER TABLE records_searchable_was_later RENAME CONSTRAINT records_searchable_later_pkey TO records_searchable_was_pkey;
ALTER INDEX records_searchable_later_channel_id_at_item_id_idx RENAME TO records_searchable_was_channel_idx;
DO $$ BEGIN
    PERFORM records_add_partition('later', make_timestamptz({next}, 1, 1, 0, 0, 0, 'UTC'), NULL, true);
END $$;
INSERT INTO records_searchable SELECT * FROM records_searchable_was_later;
DROP TABLE records_searchable_was_later;
"""


def look_ahead(*, now: datetime) -> list[int]:
    """See to it that this year and the next have a part of the index each; the years that were made.

    Years that are over are written to now and then at most, so their words no longer wait beside the index.
    """
    made = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(YEARS)
        years = {year for (year,) in cursor.fetchall()}
        for year in range(max(years) + 1, now.year + 2):
            cursor.execute("LOCK TABLE records_searchable IN ACCESS EXCLUSIVE MODE")
            cursor.execute(MAKE_YEAR.format(year=year, next=year + 1))
            made.append(year)
        if made:
            for year in years - {now.year, now.year + 1}:
                cursor.execute(f"ALTER INDEX records_searchable_{year}_words_idx SET (fastupdate = off)")
                cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [f"records_searchable_{year}_words_idx"])
    return made


def catch_up() -> bool:
    """Index what is not indexed since an upgrade, then gather new words, for one turn; whether all is done."""
    until = time.monotonic() + TURN
    for done, goal in indexing.rebuild():
        if done < goal and time.monotonic() > until:
            return False
    while time.monotonic() < until:
        if vocabulary.gather(most=1):
            return True
    return False
