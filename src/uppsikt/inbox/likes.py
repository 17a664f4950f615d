"""Earlier answers to like questions: found by the rare words that two questions share. Search, no model.

Each published answer keeps its question's words (`Answer.asked_words`). Of a new question, the rarest words are asked
for; how rare a word is, the database's own statistics tell, so that nothing is counted and a million answers cost no
more than a thousand. Whoever reads a suggestion decides whether it still holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from django.db import connection
from django.db.backends.utils import CursorWrapper

from uppsikt.inbox import queries
from uppsikt.inbox.models import Answer, Case
from uppsikt.records import queries as records
from uppsikt.records import reading
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader

SHOWN = 3
# Of a question so many words are asked for, and of its text so much is read.
ASKED = 12
READ = 20_000
SHORTEST_WORD, LONGEST_WORD = 3, 40
# A word of which the database has no figures (it is rare, or there is nothing to count yet) is taken to be so common.
RARE = 0.0005
# Words are asked for, from the rarest on, until so many earlier questions may hold them: the price of a suggestion.
LOOKED_AT = 20_000
ALWAYS_ASKED = 3
# How much of the weight of a question's words an earlier one must share.
ENOUGH = 0.3
LEAST_SHARED = 2
# Words that are in every conversation with a municipality, stemmed as the search stems them.
EMPTY_WORDS = """
hej hejsan tjen tack snäll vänlig hälsning mvh undr fråg svar vet veta vill kan ska skull finn finns få får
gör göra går gå bra dålig mer mycket någon något annan sen sedan lite bara ock också även nog ju väl varför
när hur var vem vilk ni er era vår kommun kommunen någonsin idag igår år dag dagar veck alltid aldrig plats
ställ sak folk männ människ tyck tror känn se ser säg säger the and you for are is hello hi thank please
"""
EMPTY = frozenset(EMPTY_WORDS.split())
REMEMBER = """
UPDATE inbox_answer SET asked_words = to_tsvector('swedish', left(version.text, %s))
FROM records_item item JOIN records_version version ON version.id = item.version_id
WHERE item.id = inbox_answer.to_id AND inbox_answer.id = %s
"""
WORDS = "SELECT lexeme FROM unnest(to_tsvector('swedish', %s))"
# How large a share of the questions holds each of the words, and how many questions there are, as the planner knows it.
SHARES = """
SELECT word, share FROM (
    SELECT unnest(most_common_elems::text::text[]) AS word, unnest(most_common_elem_freqs) AS share FROM pg_stats
    WHERE schemaname = current_schema() AND tablename = 'inbox_answer' AND attname = 'asked_words'
) known WHERE word = ANY(%s)
"""
HOW_MANY = "SELECT reltuples FROM pg_class WHERE oid = 'inbox_answer'::regclass"
CANDIDATE = """
SELECT id, {weights} AS weight FROM inbox_answer
WHERE asked_words @@ %s::tsquery AND state = 'published' AND case_id <> %s
ORDER BY weight DESC, id DESC LIMIT %s
"""
HEAVY = [f"to__version__{name}" for name in records.UNSEEN]


def remember(answer: Answer) -> None:
    """Keep the words of the question that a published answer answers; a holding answer answers nothing."""
    if answer.sort == "full":
        with connection.cursor() as cursor:
            cursor.execute(REMEMBER, [READ, answer.pk])


def telling_words(text: str, names: str) -> dict[str, float]:
    """The words that tell what a question is about, stemmed, with their weights: the rarer, the heavier.

    `names` are left out (who asks says nothing of what is asked), and so are numbers, addresses and empty words.
    """
    with connection.cursor() as cursor:
        found = stemmed(cursor, text) - stemmed(cursor, names)
        words = [word for word in found if is_telling(word)]
        cursor.execute(SHARES, [words])
        shares = dict(cursor.fetchall())
        cursor.execute(HOW_MANY)
        questions = max(cursor.fetchone()[0], 0)
    share = {word: shares.get(word, RARE) for word in words}
    chosen, held = dict[str, float](), 0.0
    for word in sorted(words, key=lambda each: (share[each], -len(each), each))[:ASKED]:
        held += share[word] * questions
        if held > LOOKED_AT and len(chosen) >= ALWAYS_ASKED:
            break
        chosen[word] = -math.log(min(max(share[word], 1e-6), 0.9))
    return chosen


def stemmed(cursor: CursorWrapper, text: str) -> set[str]:
    """A text's words as the search knows them."""
    cursor.execute(WORDS, [text.replace("\0", "")[:READ]])
    return {word for (word,) in cursor.fetchall()}


def is_telling(word: str) -> bool:
    """Whether a stemmed word can tell what a question is about."""
    return SHORTEST_WORD <= len(word) <= LONGEST_WORD and word not in EMPTY and word.isalpha()


def find(case: Case, reader: Reader) -> list[Answer]:
    """Published answers to the most alike earlier questions. What the reader may not read is not among them (D20)."""
    text = case.last_item.version.text if case.last_item.version else ""
    words = telling_words(text, f"{case.last_item.actor} {case.channel.name}")
    if len(words) < LEAST_SHARED:
        return []
    alike = candidates(words, case)
    rows = Answer.objects.filter(pk__in=list(alike), to__in=reading.readable(Item.objects.all(), reader))
    # A case in which anything is kept from the reader is kept whole, and so is the one that answers for it.
    answered = Case.objects.filter(pk__in=Answer.objects.filter(pk__in=list(alike)).values("case_id"))
    rows = rows.filter(case__in=queries.open_to(answered, reader))
    rows = rows.select_related("case__channel", "to__version").defer(*HEAVY)
    likes = dict[str, Answer]()
    for row in sorted(rows, key=lambda row: (alike[row.pk], row.pk), reverse=True):
        # The same answer given to many is one suggestion, in its newest form.
        likes.setdefault(row.text.strip(), row)
    return list(likes.values())[:SHOWN]


def candidates(words: Mapping[str, float], case: Case) -> dict[int, float]:
    """Answers whose questions share enough of the words' weight, with that weight."""
    weights = " + ".join("(CASE WHEN asked_words @@ %s::tsquery THEN %s ELSE 0 END)" for _word in words)
    values: list[str | float] = [part for word, weight in words.items() for part in (f"'{word}'", weight)]
    any_of = " | ".join(f"'{word}'" for word in words)
    with connection.cursor() as cursor:
        cursor.execute(CANDIDATE.format(weights=weights), [*values, any_of, case.pk, SHOWN * 10])
        found = dict(cursor.fetchall())
    # One shared word, however rare, is chance; of a long question a fair part must be shared.
    least = max(sum(words.values()) * ENOUGH, max(words.values()) + min(words.values()) * 0.5)
    return {pk: weight for pk, weight in found.items() if weight >= least}
