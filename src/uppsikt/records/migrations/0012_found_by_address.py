from django.contrib.postgres.indexes import HashIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built beside the running system
    dependencies = [("records", "0011_years_together")]

    operations = [
        AddIndexConcurrently(
            "item", HashIndex(fields=["address"], name="item_address", condition=~models.Q(address=""))
        ),
    ]
