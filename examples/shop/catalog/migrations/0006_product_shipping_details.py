from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0005_drop_legacy_code"),
    ]

    operations = [
        # Carriers charge by weight from January on.
        migrations.AddField(
            model_name="product",
            name="weight_grams",
            field=models.IntegerField(),
        ),
        # The database fills this one in, also for the release that is still running.
        migrations.AddField(
            model_name="product",
            name="currency",
            field=models.CharField(db_default="EUR", max_length=3),
        ),
    ]
