from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("orders", "0003_fill_order_totals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="total",
            field=models.DecimalField(decimal_places=2, max_digits=12),
        ),
    ]
