from django.db import migrations

from uppsikt.kernel.append_only import append_only, function

# Of no value after a crash, so it is left out of the write-ahead log.
CACHE = """
CREATE UNLOGGED TABLE kernel_cache (
  cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL
);
CREATE INDEX kernel_cache_expires ON kernel_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [
        function(),
        append_only("kernel_step"),
        append_only("kernel_blob"),
        migrations.RunSQL(CACHE, "DROP TABLE kernel_cache"),
    ]
