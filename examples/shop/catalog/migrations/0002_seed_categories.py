from django.db import migrations

# The departments the shop opened with.
DEPARTMENTS = [
    ("Kitchen", "kitchen"),
    ("Garden", "garden"),
    ("Workshop", "workshop"),
]


def create_departments(apps, schema_editor):
    Category = apps.get_model("catalog", "Category")
    for name, slug in DEPARTMENTS:
        Category.objects.get_or_create(slug=slug, defaults={"name": name})


def remove_departments(apps, schema_editor):
    Category = apps.get_model("catalog", "Category")
    slugs = [slug for _, slug in DEPARTMENTS]
    # A department that already holds products stays.
    Category.objects.filter(slug__in=slugs, products__isnull=True).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(create_departments, remove_departments),
    ]
