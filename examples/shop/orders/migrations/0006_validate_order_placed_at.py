from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    # Reads the whole table, and blocks neither reads nor writes while it does.

    dependencies = [
        ("orders", "0005_order_placed_at_check"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="orders_order_placed_at_not_null"),
    ]
