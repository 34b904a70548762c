from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("customers", "0002_contact_details"),
    ]

    operations = [
        # "Surname" confused half of our customers.
        migrations.RemoveField(
            model_name="customer",
            name="surname",
        ),
        migrations.AddField(
            model_name="customer",
            name="family_name",
            field=models.CharField(default="", max_length=80),
        ),
    ]
