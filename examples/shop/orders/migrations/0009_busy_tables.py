from django.db import migrations, models

from orders.operations import TuneAutovacuum


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0008_new_checkout"),
    ]

    operations = [
        # Black Friday changes these two tables faster than the defaults expect.
        TuneAutovacuum("orders_orderline", scale_factor=0.02),
        migrations.RunSQL(
            "ALTER TABLE orders_order SET (autovacuum_vacuum_scale_factor = 0.02)",
            reverse_sql="ALTER TABLE orders_order RESET (autovacuum_vacuum_scale_factor)",
        ),
        # stepwise: ignore[blocking-index] built at night while the shop is closed
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["placed_at"], name="orders_order_placed_at_idx"),
        ),
        # stepwise: ignore[set-not-null] there are only a few refunds
        migrations.AlterField(
            model_name="refund",
            name="approved_by",
            field=models.CharField(help_text="Initials", max_length=80, null=True),
        ),
        # stepwise: ignore[blocking-indx] orders_order_note_idx
        migrations.AlterField(
            model_name="order",
            name="note",
            field=models.TextField(blank=True, help_text="Printed on the parcel."),
        ),
    ]
