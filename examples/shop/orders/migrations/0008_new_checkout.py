import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # The new checkout keeps the cart in the browser.

    dependencies = [
        ("orders", "0007_order_placed_at_required"),
    ]

    operations = [
        migrations.DeleteModel(name="CartLine"),
        # The running release still saves carts; the table goes with the next one.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Cart"),
            ],
        ),
        # Parcels get a proper tracking number and the day they were sent.
        migrations.DeleteModel(name="Shipment"),
        migrations.CreateModel(
            name="Shipment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("carrier", models.CharField(max_length=40)),
                ("tracking_number", models.CharField(blank=True, max_length=60)),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shipments",
                        to="orders.order",
                    ),
                ),
            ],
        ),
        # Refunds change too, in place: every row is still there afterwards.
        migrations.AddField(
            model_name="refund",
            name="approved_by",
            field=models.CharField(max_length=80, null=True),
        ),
        migrations.AlterField(
            model_name="refund",
            name="reason",
            field=models.CharField(max_length=400),
        ),
    ]
