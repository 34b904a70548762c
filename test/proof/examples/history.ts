/** A migration that an example leaves out. */
interface History {
  /** `shop/migrations/0001_initial.py` */
  readonly file: string;
  /** Fields by model, one a line; each model gets an `id`. */
  readonly models: Readonly<Record<string, string>>;
  /** Further operations, in the notation of Python. */
  readonly operations?: string;
  /** The migration of the example, where it does not name this one among its dependencies. */
  readonly runsBefore?: readonly [app: string, name: string];
}

/** Writes it, under its header. */
export function historyOf({ file, models, operations, runsBefore }: History): string {
  const order = runsBefore === undefined ? '' : `    run_before = [("${runsBefore[0]}", "${runsBefore[1]}")]\n`;
  return `# file: ${file}
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
${order}    operations = [
${Object.entries(models)
  .map(([name, fields]) => createModel(name, fields))
  .join('')}${operations === undefined ? '' : `        ${operations},\n`}    ]
`;
}

function createModel(name: string, fields: string): string {
  const lines = ['("id", models.BigAutoField(primary_key=True)),', ...fields.trim().split('\n')];
  return `        migrations.CreateModel(
            name="${name}",
            fields=[
${lines.map((line) => `                ${line.trim()}\n`).join('')}            ],
        ),
`;
}
