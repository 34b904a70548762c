from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("suppliers", "0001_initial"),
        ("pricing", "0002_price_list_supplier"),
    ]

    operations = [
        migrations.AddField(
            model_name="supplier",
            name="discount_percent",
            field=models.IntegerField(null=True),
        ),
    ]
