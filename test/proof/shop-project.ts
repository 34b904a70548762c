/** A project with one app, `shop`, one model, `Product`, and the migration that a case is about. */
interface ShopProject {
  /** Fields of `Product` as `0001_initial` creates it, one a line, besides its id. */
  readonly created: string;
  /** The body of `class Product` after the migration. */
  readonly model: string;
  /** Imports of the migration besides `migrations` and `models`, and what stands between imports and class. */
  readonly head?: string;
  /** Attributes of the class before its dependencies. */
  readonly attributes?: string;
  readonly operations: string;
  /** Whole further files, with their headers. */
  readonly more?: string;
}

export const MIGRATION = 'shop/migrations/0002_change.py';

/** Writes the project that most cases share, so that they show only what they are about. */
export function shopProject(parts: ShopProject): string {
  const { created, model, head = '', attributes = '', operations, more = '' } = parts;
  return `# file: shop/models.py
from django.db import models


class Product(models.Model):
${indented(model, 4)}
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
${indented(created, 16)}
            ],
        ),
    ]
# file: ${MIGRATION}
from django.db import migrations, models
${head === '' ? '' : `${unindented(head)}\n`}

class Migration(migrations.Migration):
${attributes === '' ? '' : `${indented(attributes, 4)}\n`}
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
${indented(operations, 8)}
    ]
${more}`;
}

function indented(text: string, width: number): string {
  return unindented(text)
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(width) + line))
    .join('\n');
}

/** Text as it would be with its first line in column 0, without blank lines around it. */
function unindented(text: string): string {
  const lines = text.replace(/^\s*\n|\s+$/g, '').split('\n');
  const width = (lines[0] ?? '').search(/\S|$/);
  return lines.map((line) => line.slice(Math.min(width, line.search(/\S|$/)))).join('\n');
}
