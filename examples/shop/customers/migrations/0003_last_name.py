from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("customers", "0002_contact_details"),
    ]

    operations = [
        # Spelled like first_name from now on.
        migrations.RemoveField(
            model_name="customer",
            name="lastname",
        ),
        migrations.AddField(
            model_name="customer",
            name="last_name",
            field=models.CharField(default="", max_length=80),
        ),
    ]
