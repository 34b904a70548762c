from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        # Renamed before the merge, but not here.
        ("returns", "0002_return_recieved_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="inspected_at",
            field=models.DateTimeField(null=True),
        ),
    ]
