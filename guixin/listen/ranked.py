"""What a ranking says: the mean place of each word, and how often it came first."""

from django.db import connection

from guixin.listen.models import Wave
from guixin.listen.questions import Asked

# An answer is a line for each place, "1. price": see several.py.
_COUNTED = r"""
SELECT regexp_replace(line, '^\d+\. ', '') AS word, avg(split_part(line, '. ', 1)::int) AS mean,
       count(*) FILTER (WHERE line LIKE '1. %%') AS first
FROM listen_answer a
JOIN listen_response r ON r.id = a.response_id
JOIN listen_question q ON q.id = a.question_id,
     string_to_table(a.words, E'\n') AS line
WHERE r.wave_id = %s AND r.completed_at IS NOT NULL AND r.struck_at IS NULL AND q.code = %s
    AND (NOT %s OR r.joined_figures)
GROUP BY word ORDER BY mean, word
"""


def places(wave: Wave, one: Asked) -> list[tuple[str, float, int]]:
    """(word, mean place, how often it was the first of all), the best first. Of responses given to the end."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [wave.pk, one.code, wave.is_anonymous])
        return [(word, float(mean), first) for word, mean, first in cursor.fetchall() if word in one.choices]
