from django.db import migrations

# Each part costs every search a look into its statistics and its index. Of years long past there is less to find, and
# what is newest first seldom comes to them: they lie together, ten or more in a part, then five, then three.
JOIN = """
CREATE FUNCTION records_join_years(first int, last int) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    whole text := format('records_searchable_%s_%s', first, last);
BEGIN
    EXECUTE format('CREATE TABLE %s (LIKE records_searchable INCLUDING DEFAULTS)', whole);
    FOR y IN first .. last LOOP
        EXECUTE format('ALTER TABLE records_searchable DETACH PARTITION records_searchable_%s', y);
        EXECUTE format('INSERT INTO %s SELECT * FROM records_searchable_%s', whole, y);
        EXECUTE format('DROP TABLE records_searchable_%s', y);
    END LOOP;
    EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (at, item_id)', whole);
    EXECUTE format('CREATE INDEX %s_channel_id_at_item_id_idx ON %s (channel_id, at, item_id)', whole, whole);
    EXECUTE format('CREATE INDEX %s_words_idx ON %s USING gin (words) WITH (fastupdate = off)', whole, whole);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN words SET STATISTICS 1000', whole);
    EXECUTE format('ALTER TABLE records_searchable ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', whole,
        make_timestamptz(first, 1, 1, 0, 0, 0, 'UTC'), make_timestamptz(last + 1, 1, 1, 0, 0, 0, 'UTC'));
    EXECUTE format('ANALYZE %s', whole);
END $$;

-- Where there is much already this would hold up the system for minutes: then it is done by hand, when it suits.
DO $$
DECLARE
    this int := extract(year FROM now() AT TIME ZONE 'UTC');
    much int := (SELECT count(*) FROM (SELECT FROM records_searchable LIMIT 100001) AS held);
BEGIN
    IF much <= 100000 AND to_regclass('records_searchable_2006') IS NOT NULL AND this BETWEEN 2022 AND 2100 THEN
        PERFORM records_join_years(2006, this - 11);
        PERFORM records_join_years(this - 10, this - 6);
        PERFORM records_join_years(this - 5, this - 3);
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0010_one_search")]
    operations = [migrations.RunSQL(JOIN, "DROP FUNCTION records_join_years(int, int);")]
