from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0002_seed_categories"),
    ]

    operations = [
        # The search page sorts by title.
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["title"], name="catalog_product_title_idx"),
        ),
    ]
