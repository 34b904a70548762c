from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("parcels", "0003_parcel_packed_at_index"),
    ]

    operations = [
        migrations.AddField(
            model_name="parcel",
            name="carrier",
            field=models.CharField(max_length=40, null=True),
        ),
    ]
