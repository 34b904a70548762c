/** A small Django project with one finding: what tests of the faces begin with. */
export const shop = `
# file: manage.py
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# file: config/__init__.py
# file: config/settings.py
INSTALLED_APPS = ["shop"]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"options": "-c lock_timeout=5s"}},
}
# file: shop/__init__.py
# file: shop/migrations/__init__.py
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("placed_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["placed_at"], name="shop_order_placed_idx"),
        ),
    ]
`;

export const initial = 'shop/migrations/0001_initial.py';
export const indexMigration = 'shop/migrations/0002_order_placed_at.py';
