from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("returns", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="received_at",
            field=models.DateTimeField(null=True),
        ),
    ]
