from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("parcels", "0004_parcel_carrier"),
        ("parcels", "0004_parcel_zone"),
    ]

    operations = []
