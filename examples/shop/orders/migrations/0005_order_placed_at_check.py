from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    # First of three steps that make placed_at NOT NULL while customers order:
    # from here on new rows are checked, the old ones are not read yet.

    dependencies = [
        ("orders", "0004_order_total_required"),
    ]

    operations = [
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(placed_at__isnull=False),
                name="orders_order_placed_at_not_null",
            ),
        ),
    ]
