from django.db import migrations
from django.db.models import F, Sum

BATCH_SIZE = 1000


def fill_totals(apps, schema_editor):
    Order = apps.get_model("orders", "Order")
    for order in Order.objects.all():
        order.total = order.lines.aggregate(
            total=Sum(F("quantity") * F("unit_price"), default=0)
        )["total"]
        order.save()


def fill_item_counts(apps, schema_editor):
    Order = apps.get_model("orders", "Order")
    batch = []
    missing = Order.objects.filter(item_count__isnull=True)
    for order in missing.iterator(chunk_size=BATCH_SIZE):
        order.item_count = order.lines.aggregate(items=Sum("quantity", default=0))[
            "items"
        ]
        batch.append(order)
        if len(batch) == BATCH_SIZE:
            Order.objects.bulk_update(batch, ["item_count"])
            batch.clear()
    Order.objects.bulk_update(batch, ["item_count"])


class Migration(migrations.Migration):
    # Each batch commits by itself: no order stays locked for long.
    atomic = False

    dependencies = [
        ("orders", "0002_invoice_numbers"),
    ]

    operations = [
        migrations.RunPython(fill_totals, migrations.RunPython.noop),
        migrations.RunPython(fill_item_counts, migrations.RunPython.noop),
    ]
