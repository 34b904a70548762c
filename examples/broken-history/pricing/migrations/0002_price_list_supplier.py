from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("pricing", "0001_initial"),
        ("suppliers", "0002_supplier_discount"),
    ]

    operations = [
        migrations.AddField(
            model_name="pricelist",
            name="supplier_name",
            field=models.CharField(max_length=120, null=True),
        ),
    ]
