from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0004_product_price_index"),
    ]

    operations = [
        # The code of the mail-order catalog, printed until 2019.
        migrations.RemoveField(
            model_name="product",
            name="legacy_code",
        ),
        # Redirects moved to the web server. The release before this one still
        # selects the column, so for now only Django forgets it.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(
                    model_name="product",
                    name="old_path",
                ),
            ],
        ),
    ]
