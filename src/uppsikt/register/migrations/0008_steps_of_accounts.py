"""The feed reads the accounts' steps among millions that are of no account: a small index holds those alone.

It stands on the kernel's table, and here because only this room knows which kinds are an account's.
"""

from django.db import migrations

FORWARD = (
    "CREATE INDEX CONCURRENTLY IF NOT EXISTS step_of_accounts ON kernel_step (at DESC, id DESC)"
    " WHERE kind::text LIKE 'register.%' OR kind::text LIKE 'channels.%'"
)


class Migration(migrations.Migration):
    # An index that nobody waits for is built outside a transaction.
    atomic = False
    dependencies = [("register", "0007_public_list"), ("kernel", "0004_backup_runs")]
    operations = [migrations.RunSQL(FORWARD, "DROP INDEX CONCURRENTLY IF EXISTS step_of_accounts")]
