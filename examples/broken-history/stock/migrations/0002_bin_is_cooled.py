from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("stock", "0001_initial"),
    ]

    operations = [
        # Merged on the same day as 0002_bin_capacity: neither knows of the other.
        migrations.AddField(
            model_name="bin",
            name="is_cooled",
            field=models.BooleanField(null=True),
        ),
    ]
