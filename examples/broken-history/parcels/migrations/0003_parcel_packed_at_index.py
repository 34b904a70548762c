from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("parcels", "0002_parcel_barcode_index"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="parcel",
            index=models.Index(
                fields=["packed_at"], name="parcels_parcel_packed_at_idx"
            ),
        ),
    ]
