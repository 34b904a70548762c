import { alteredField, fieldName, fieldText, type ModelState, modelName } from './model-state.ts';
import type { Random } from './random.ts';

/** What one generated migration is made of. */
export interface MigrationParts {
  readonly operations: readonly string[];
  readonly functions: readonly string[];
  readonly atomic: boolean;
}

interface Site {
  readonly random: Random;
  readonly app: string;
  readonly own: ModelState[];
  readonly all: ModelState[];
  readonly functions: string[];
}

type Writer = (site: Site, model: ModelState) => string;

/** Weights: how often each operation occurs in thousands of public migrations. */
const writers: readonly (readonly [number, Writer])[] = [
  [2551, addField],
  [2668, alterField],
  [200, createModel],
  [570, removeField],
  [184, renameField],
  [299, alterOptions],
  [270, alterUniqueTogether],
  [221, addIndex],
  [214, addConstraint],
  [606, runPython],
  [297, runSql],
  [59, stateOnlyRemoval],
];

export function initialMigration(random: Random, app: string, own: ModelState[], all: ModelState[]): MigrationParts {
  const site: Site = { random, app, own, all, functions: [] };
  const operations = Array.from({ length: 3 + random.below(3) }, () => createModel(site));
  return { operations, functions: [], atomic: true };
}

/** @param count how many operations */
export function laterMigration(
  random: Random,
  app: string,
  own: ModelState[],
  all: ModelState[],
  count: number,
): MigrationParts {
  const site: Site = { random, app, own, all, functions: [] };
  if (random.chance(0.05)) return { operations: [addIndexConcurrently(site)], functions: [], atomic: false };
  const operations = Array.from({ length: count }, () => random.weighted(writers)(site, random.pick(own)));
  return { operations, functions: site.functions, atomic: true };
}

function createModel({ random, app, own, all }: Site): string {
  const name = modelName(random, new Set(own.map((model) => model.name)));
  const fields = new Map([['id', 'models.BigAutoField(auto_created=True, primary_key=True, serialize=False)']]);
  const known = [...all, { app, name, fields, indexes: new Set<string>() }];
  for (let count = 6 + random.below(8); count > 0; count--) {
    fields.set(fieldName(random, fields), fieldText(random, known));
  }
  const model = { app, name, fields, indexes: new Set<string>() };
  own.push(model);
  all.push(model);
  const lines = Array.from(fields, ([field, text]) => `                ("${field}", ${text}),`);
  return [
    '        migrations.CreateModel(',
    `            name="${name}",`,
    '            fields=[',
    ...lines,
    '            ],',
    '            options={',
    '                "ordering": ("pk",),',
    '            },',
    '        ),',
  ].join('\n');
}

function addField({ random, all }: Site, model: ModelState): string {
  const name = fieldName(random, model.fields);
  model.fields.set(name, withFiller(random, fieldText(random, all)));
  return fieldOperation('AddField', model, name);
}

/** Practically no column is added without something to put into the rows that are there. */
function withFiller(random: Random, field: string): string {
  if (/default|null=True|auto_now|blank=True/.test(field)) return field;
  return field.replace('(', random.chance(0.6) ? '(null=True, ' : '(default="", ');
}

function alterField({ random }: Site, model: ModelState): string {
  const name = random.pick([...model.fields.keys()].filter((each) => each !== 'id'));
  model.fields.set(name, alteredField(random, model.fields.get(name) ?? ''));
  return fieldOperation('AlterField', model, name);
}

function fieldOperation(operation: string, model: ModelState, field: string): string {
  return [
    `        migrations.${operation}(`,
    `            model_name="${model.name.toLowerCase()}",`,
    `            name="${field}",`,
    `            field=${model.fields.get(field)},`,
    '        ),',
  ].join('\n');
}

function removeField(site: Site, model: ModelState): string {
  const names = [...model.fields.keys()].filter((each) => each !== 'id');
  if (names.length < 5) return addField(site, model);
  const name = site.random.pick(names);
  model.fields.delete(name);
  return `        migrations.RemoveField(model_name="${model.name.toLowerCase()}", name="${name}"),`;
}

function renameField({ random }: Site, model: ModelState): string {
  const name = random.pick([...model.fields.keys()].filter((each) => each !== 'id'));
  const renamed = fieldName(random, model.fields);
  model.fields.set(renamed, model.fields.get(name) ?? '');
  model.fields.delete(name);
  return [
    '        migrations.RenameField(',
    `            model_name="${model.name.toLowerCase()}",`,
    `            old_name="${name}",`,
    `            new_name="${renamed}",`,
    '        ),',
  ].join('\n');
}

function alterOptions({ random }: Site, model: ModelState): string {
  return `        migrations.AlterModelOptions(name="${model.name.toLowerCase()}", options={"ordering": ("-pk",), "verbose_name": "v${random.below(99)}"}),`;
}

function alterUniqueTogether({ random }: Site, model: ModelState): string {
  const fields = [...model.fields.keys()].slice(0, 2 + random.below(2));
  const names = fields.map((field) => `"${field}"`).join(', ');
  return `        migrations.AlterUniqueTogether(name="${model.name.toLowerCase()}", unique_together={(${names})}),`;
}

function indexText({ random, app }: Site, model: ModelState): string {
  const name = `${app}_${model.name.toLowerCase()}_${random.below(1_000_000).toString(36)}_idx`.slice(-30);
  model.indexes.add(name);
  return `models.Index(fields=["${random.pick([...model.fields.keys()])}"], name="${name}")`;
}

function addIndex(site: Site, model: ModelState): string {
  return [
    '        migrations.AddIndex(',
    `            model_name="${model.name.toLowerCase()}",`,
    `            index=${indexText(site, model)},`,
    '        ),',
  ].join('\n');
}

function addIndexConcurrently(site: Site): string {
  const model = site.random.pick(site.own);
  return [
    '        AddIndexConcurrently(',
    `            model_name="${model.name.toLowerCase()}",`,
    `            index=${indexText(site, model)},`,
    '        ),',
  ].join('\n');
}

function addConstraint({ random, app }: Site, model: ModelState): string {
  const name = `${app}_${model.name.toLowerCase()}_${random.below(1_000_000).toString(36)}`.slice(-30);
  const field = random.pick([...model.fields.keys()]);
  return [
    '        migrations.AddConstraint(',
    `            model_name="${model.name.toLowerCase()}",`,
    `            constraint=models.UniqueConstraint(fields=("${field}", "id"), name="${name}"),`,
    '        ),',
  ].join('\n');
}

function runPython({ random, app, functions }: Site, model: ModelState): string {
  const name = `fill_${model.name.toLowerCase()}_${functions.length + 1}`;
  const field = random.pick([...model.fields.keys()]);
  const body = random.weighted<readonly string[]>([
    [28, [`    ${model.name}.objects.filter(${field}__isnull=True).update(${field}=None)`]],
    [12, [`    for row in ${model.name}.objects.all():`, `        row.${field} = row.pk`, '        row.save()']],
    [
      13,
      [
        `    rows = ${model.name}.objects.filter(${field}__isnull=False)`,
        '    for row in rows.iterator(chunk_size=500):',
        `        row.${field} = None`,
        `        row.save(update_fields=["${field}"])`,
      ],
    ],
    [8, [`    ${model.name}.objects.filter(${field}__isnull=True).delete()`]],
    [20, [`    ${model.name}.objects.bulk_create([${model.name}(pk=number) for number in range(10)])`]],
  ]);
  functions.push(
    [
      `def ${name}(apps, schema_editor):`,
      `    ${model.name} = apps.get_model("${app}", "${model.name}")`,
      ...body,
    ].join('\n'),
  );
  const reverse = random.weighted([
    [35, ''],
    [65, ', migrations.RunPython.noop'],
  ]);
  return `        migrations.RunPython(${name}${reverse}),`;
}

function runSql({ random, app }: Site, model: ModelState): string {
  const table = `${app}_${model.name.toLowerCase()}`;
  const field = random.pick([...model.fields.keys()]);
  return [
    '        migrations.RunSQL(',
    `            sql="""`,
    `            ALTER TABLE ${table} ALTER COLUMN ${field} SET DEFAULT 0;`,
    `            """,`,
    '            reverse_sql=migrations.RunSQL.noop,',
    '        ),',
  ].join('\n');
}

function stateOnlyRemoval(site: Site, model: ModelState): string {
  const names = [...model.fields.keys()].filter((each) => each !== 'id');
  if (names.length < 5) return addField(site, model);
  const name = site.random.pick(names);
  model.fields.delete(name);
  return [
    '        migrations.SeparateDatabaseAndState(',
    '            state_operations=[',
    `                migrations.RemoveField(model_name="${model.name.toLowerCase()}", name="${name}"),`,
    '            ],',
    '        ),',
  ].join('\n');
}
