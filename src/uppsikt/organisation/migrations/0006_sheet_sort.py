from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organisation', '0005_person_politician'),
    ]

    operations = [
        migrations.AddField(
            model_name='sheetin',
            name='sort',
            field=models.CharField(db_default='people', default='people', max_length=20),
        ),
    ]
