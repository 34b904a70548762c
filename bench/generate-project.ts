import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { initialMigration, laterMigration, type MigrationParts } from './migration-text.ts';
import type { ModelState } from './model-state.ts';
import { type Random, randomOf } from './random.ts';

/** A Django project made up for measuring, in the shapes and proportions of public ones. */
export interface GeneratedProject {
  readonly files: ReadonlyMap<string, string>;
  /** The paths of its migrations, in the order in which they were written. */
  readonly migrations: readonly string[];
}

interface App {
  readonly name: string;
  readonly models: ModelState[];
  /** Names of its migrations so far. */
  readonly history: string[];
}

const appNames = [
  'catalog accounts orders billing shipping inventory search reports messaging media pages support loyalty',
  'payments channels discounts webhooks exports imports audit',
]
  .join(' ')
  .split(' ');

const seed = 1400;

/** @param count how many migrations */
export function generateProject(count: number): GeneratedProject {
  const random = randomOf(seed);
  const files = new Map([
    ['manage.py', 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")\n'],
    ['config/__init__.py', ''],
    ['config/settings.py', settingsText()],
  ]);
  const apps = appNames.map((name): App => ({ name, models: [], history: [] }));
  const all: ModelState[] = [];
  const migrations: string[] = [];
  for (let index = 0; index < count; index++) {
    const app = apps[index % apps.length] ?? random.pick(apps);
    const [path, text] = nextMigration(random, app, apps, all);
    files.set(path, text);
    migrations.push(path);
  }
  for (const { name } of apps) {
    for (const file of ['__init__.py', 'migrations/__init__.py']) files.set(`${name}/${file}`, '');
  }
  return { files, migrations };
}

/** One more migration of about `lines` lines, as the last of an app. */
export function longMigration(project: GeneratedProject, lines: number): readonly [path: string, text: string] {
  const random = randomOf(seed + 1);
  const app: App = { name: 'catalog', models: [], history: [] };
  const last = project.migrations.findLast((path) => path.startsWith('catalog/'));
  const parent = last?.replace(/^.*\//, '').replace(/\.py$/, '') ?? '';
  initialMigration(random, app.name, app.models, app.models);
  const parts: MigrationParts[] = [];
  for (let length = 0; length < lines; ) {
    const part = laterMigration(random, app.name, app.models, app.models, 3);
    if (!part.atomic) continue;
    parts.push(part);
    length += [...part.operations, ...part.functions].join('\n').split('\n').length;
  }
  const merged: MigrationParts = {
    operations: parts.flatMap(({ operations }) => operations),
    functions: parts.flatMap(({ functions }) => functions),
    atomic: true,
  };
  return ['catalog/migrations/9999_long.py', migrationText(merged, [['catalog', parent]], false)];
}

export function writeProject(folder: string, files: Iterable<readonly [path: string, text: string]>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function nextMigration(random: Random, app: App, apps: readonly App[], all: ModelState[]): readonly [string, string] {
  const isInitial = app.history.length === 0;
  const operations = random.weighted([
    [7, 0],
    [28, 1],
    [20, 2],
    [22, 3 + random.below(4)],
    [20, 8 + random.below(14)],
  ]);
  const parts = isInitial
    ? initialMigration(random, app.name, app.models, all)
    : laterMigration(random, app.name, app.models, all, operations);
  const parents: (readonly [string, string])[] = app.history.slice(-1).map((name) => [app.name, name]);
  // Whatever refers to another app has to come after it.
  for (const other of referredApps(parts, app, apps)) {
    const last = other.history.at(-1);
    if (last !== undefined) parents.push([other.name, last]);
  }
  const number = String(app.history.length + 1).padStart(4, '0');
  const name = isInitial
    ? `${number}_initial`
    : `${number}_${random.pick(['add', 'alter', 'fill', 'clean'])}_${random.below(9999)}`;
  app.history.push(name);
  return [`${app.name}/migrations/${name}.py`, migrationText(parts, parents, isInitial)];
}

function referredApps({ operations }: MigrationParts, app: App, apps: readonly App[]): readonly App[] {
  const text = operations.join('\n');
  return apps.filter((other) => other !== app && text.includes(`to="${other.name}.`));
}

function migrationText(
  { operations, functions, atomic }: MigrationParts,
  parents: readonly (readonly [string, string])[],
  isInitial: boolean,
): string {
  const body = operations.join('\n');
  const imports = [
    ...(body.includes('uuid.') ? ['import uuid', ''] : []),
    ...(body.includes('django.db.models.deletion') ? ['import django.db.models.deletion'] : []),
    ...(atomic ? [] : ['from django.contrib.postgres.operations import AddIndexConcurrently']),
    'from django.db import migrations, models',
  ];
  return [
    '# Generated by Django 5.2 on 2026-01-01 12:00',
    '',
    ...imports,
    ...functions.flatMap((text) => ['', '', text]),
    '',
    '',
    'class Migration(migrations.Migration):',
    ...(atomic ? [] : ['    atomic = False', '']),
    ...(isInitial ? ['    initial = True', ''] : []),
    '    dependencies = [',
    ...parents.map(([app, name]) => `        ("${app}", "${name}"),`),
    '    ]',
    '',
    '    operations = [',
    ...(body === '' ? [] : [body]),
    '    ]',
    '',
  ].join('\n');
}

function settingsText(): string {
  const apps = appNames.map((name) => `    "${name}",`).join('\n');
  return `INSTALLED_APPS = [\n${apps}\n]\n\nDATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}\n`;
}
