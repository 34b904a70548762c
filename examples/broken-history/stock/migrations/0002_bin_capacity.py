from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("stock", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="bin",
            name="capacity",
            field=models.IntegerField(null=True),
        ),
    ]
