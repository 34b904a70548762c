from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("parcels", "0001_initial"),
    ]

    operations = [
        # The packing stations scan barcodes all day.
        AddIndexConcurrently(
            model_name="parcel",
            index=models.Index(fields=["barcode"], name="parcels_parcel_barcode_idx"),
        ),
    ]
