from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # The price filter. Customers keep ordering while this index is built.
    atomic = False

    dependencies = [
        ("catalog", "0003_product_title_index"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(fields=["price"], name="catalog_product_price_idx"),
        ),
    ]
