from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models

# Partitions by year: what is new is found in a small index, and a list that is newest first stops at the year where
# it has enough. There is no default partition, since with one the planner could not take the years in order.
TABLE = """
CREATE TABLE records_searchable (
    at timestamptz NOT NULL,
    item_id bigint NOT NULL,
    channel_id bigint NOT NULL,
    actor_id bigint NOT NULL,
    secret boolean NOT NULL,
    kind varchar(10) NOT NULL,
    direction varchar(10) NOT NULL,
    state varchar(10) NOT NULL,
    words tsvector NOT NULL,
    PRIMARY KEY (at, item_id)
) PARTITION BY RANGE (at);
CREATE INDEX searchable_channel ON records_searchable (channel_id, at, item_id);
CREATE INDEX searchable_words ON records_searchable USING gin (words);

-- With the usual hundred the planner takes a rare word for a common one and reads the list from its top.
-- Words that wait in a list beside the index are read through by every search: only the years that grow have one.
CREATE FUNCTION records_add_partition(name text, since timestamptz, before timestamptz, grows boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE records_searchable_%s PARTITION OF records_searchable FOR VALUES FROM (%s) TO (%s)',
        name, coalesce(quote_literal(since), 'MINVALUE'), coalesce(quote_literal(before), 'MAXVALUE'));
    EXECUTE format('ALTER TABLE records_searchable_%s ALTER COLUMN words SET STATISTICS 1000', name);
    EXECUTE format('ALTER INDEX records_searchable_%s_words_idx SET (fastupdate = %s)', name, grows);
END $$;

DO $$
DECLARE
    now_year int := extract(year FROM now() AT TIME ZONE 'UTC');
BEGIN
    PERFORM records_add_partition('before', NULL, make_timestamptz(2006, 1, 1, 0, 0, 0, 'UTC'), false);
    FOR y IN 2006 .. now_year + 1 LOOP
        PERFORM records_add_partition(y::text, make_timestamptz(y, 1, 1, 0, 0, 0, 'UTC'),
            make_timestamptz(y + 1, 1, 1, 0, 0, 0, 'UTC'), y >= now_year);
    END LOOP;
    PERFORM records_add_partition('later', make_timestamptz(now_year + 2, 1, 1, 0, 0, 0, 'UTC'), NULL, true);
END $$;

-- Whatever changes an item, the copy that is searched follows in the same transaction: what has been made secret
-- cannot be found any more from the moment on when it is.
CREATE FUNCTION records_follow_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE records_searchable
    SET at = NEW.at, channel_id = NEW.channel_id, actor_id = NEW.actor_id, secret = NEW.secret, kind = NEW.kind,
        direction = NEW.direction, state = NEW.state
    WHERE at = OLD.at AND item_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_item
AFTER UPDATE OF at, channel_id, actor_id, secret, kind, direction, state ON records_item FOR EACH ROW
WHEN ((OLD.at, OLD.channel_id, OLD.actor_id, OLD.secret, OLD.kind, OLD.direction, OLD.state)
    IS DISTINCT FROM (NEW.at, NEW.channel_id, NEW.actor_id, NEW.secret, NEW.kind, NEW.direction, NEW.state))
EXECUTE FUNCTION records_follow_item();
CREATE FUNCTION records_forget_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM records_searchable WHERE at = OLD.at AND item_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_item AFTER DELETE ON records_item FOR EACH ROW EXECUTE FUNCTION records_forget_item();
CREATE FUNCTION records_forget_items() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE records_searchable;
    RETURN NULL;
END $$;
CREATE TRIGGER forget_items AFTER TRUNCATE ON records_item EXECUTE FUNCTION records_forget_items();

-- The words that there are, as they stand in the index, with the threes of letters in them: for parts of words, and
-- for words like one that was misspelt. A job keeps it up to date.
CREATE TABLE records_word (word text PRIMARY KEY, threes text[] NOT NULL);
CREATE INDEX word_threes ON records_word USING gin (threes);
"""

NO_TABLE = """
DROP TABLE records_word;
DROP TRIGGER forget_items ON records_item;
DROP FUNCTION records_forget_items();
DROP TRIGGER forget_item ON records_item;
DROP TRIGGER follow_item ON records_item;
DROP FUNCTION records_forget_item();
DROP FUNCTION records_follow_item();
DROP TABLE records_searchable;
DROP FUNCTION records_add_partition(text, timestamptz, timestamptz, boolean);
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0006_secrecy")]
    operations = [
        migrations.RunSQL(
            TABLE,
            NO_TABLE,
            state_operations=[
                migrations.CreateModel(
                    name="Searchable",
                    fields=[
                        ("item_id", models.BigIntegerField(primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("channel_id", models.BigIntegerField()),
                        ("actor_id", models.BigIntegerField()),
                        ("secret", models.BooleanField()),
                        ("kind", models.CharField(max_length=10)),
                        ("direction", models.CharField(max_length=10)),
                        ("state", models.CharField(max_length=10)),
                        ("words", SearchVectorField()),
                    ],
                    options={"managed": False, "db_table": "records_searchable"},
                ),
                migrations.CreateModel(
                    name="Word",
                    fields=[
                        ("word", models.TextField(primary_key=True, serialize=False)),
                        ("threes", ArrayField(models.TextField())),
                    ],
                    options={"managed": False, "db_table": "records_word"},
                ),
            ],
        ),
        migrations.CreateModel(
            name="Walk",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("through", models.BigIntegerField(default=0)),
                ("goal", models.BigIntegerField(null=True)),
            ],
        ),
    ]
