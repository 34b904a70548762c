import type { FilePath } from '../base/file-path.ts';
import { folderOf, joinPath } from '../base/file-path.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import { sectionOf } from './edits/imports.ts';
import { lineBreakOf, quoted, quoteOf } from './edits/layout.ts';
import type { ChangeFile, CreateFile } from './fix.ts';

/** A migration that a fix writes: everything but its number, its dependencies and its place. */
export interface FollowUp {
  /** The file name without its number: `order_code_check`. */
  readonly slug: string;
  /** Says what the migration does and what must be true before it runs; lines without indentation. */
  readonly docstring: string;
  /** Whole import lines besides `from django.db import migrations`. */
  readonly imports: readonly string[];
  /** Top-level code between the imports and the class, blank lines included; `''` for none. */
  readonly code: string;
  /** False for work that must not run in one transaction. */
  readonly atomic: boolean;
  /** Operations, indented as if they stood in column 0. */
  readonly operations: readonly string[];
}

/** New files in a row, and the edits that hang what came after the migration behind the last of them. */
export interface Chain {
  readonly created: readonly CreateFile[];
  readonly repointed: readonly ChangeFile[];
  readonly lastName: string;
}

/**
 * Writes migrations that run directly after `source`, one behind the other, with the next free numbers of the app.
 * Migrations of the app that depended on `source` depend on the last new one afterwards.
 */
export function chainAfter(project: Project, source: DjangoMigration, followUps: readonly FollowUp[]): Chain {
  const folder = folderOf(source.file);
  const created: CreateFile[] = [];
  let number = nextNumber(project, source);
  let parent = source.name;
  for (const followUp of followUps) {
    const name = unusedMigrationName(project, folder, number, followUp.slug);
    created.push({
      kind: 'create',
      file: joinPath(folder, `${name}.py`),
      text: migrationText(source, parent, followUp),
    });
    parent = name;
    number++;
  }
  return { created, repointed: repoint(project, source, parent), lastName: parent };
}

/** Makes the app's migrations that depend on `source` depend on `name` instead. */
export function repoint(project: Project, source: DjangoMigration, name: string): readonly ChangeFile[] {
  if (name === source.name) return [];
  const changes: ChangeFile[] = [];
  for (const id of project.graph.childrenOf(`${source.app}.${source.name}`)) {
    const child = project.source(id);
    if (child === undefined || child.app !== source.app) continue;
    const quote = quoteOf(child.text);
    const edits = child.dependencies
      .filter((dependency) => dependency.app === source.app && dependency.name === source.name)
      .map(({ at }) => ({ span: at, newText: dependencyText(source.app, name, quote) }));
    if (edits.length > 0) changes.push({ kind: 'change', file: child.file, edits });
  }
  return changes;
}

export function dependencyText(app: string, name: string, quote: '"' | "'"): string {
  return `(${quoted(app, quote)}, ${quoted(name, quote)})`;
}

/** A name with the next free number of the app. */
export function nextMigrationName(project: Project, source: DjangoMigration, slug: string): string {
  return unusedMigrationName(project, folderOf(source.file), nextNumber(project, source), slug);
}

/** One more than the highest number among the app's migrations, as Django counts: the digits before the first `_`. */
function nextNumber(project: Project, source: DjangoMigration): number {
  const group = project.graph.groups.get(source.app);
  const numbers = (group?.members ?? []).map((id) => numberOf(id.slice(source.app.length + 1)));
  return Math.max(0, numberOf(source.name), ...numbers) + 1;
}

function numberOf(name: string): number {
  return Number(/^\d+/.exec(name)?.[0] ?? 0);
}

function unusedMigrationName(project: Project, folder: FilePath, number: number, slug: string): string {
  const base = `${String(number).padStart(4, '0')}_${slug}`.slice(0, 90);
  let name = base;
  for (let suffix = 2; project.exists(joinPath(folder, `${name}.py`)); suffix++) name = `${base}_${suffix}`;
  return name;
}

function migrationText(source: DjangoMigration, parent: string, followUp: FollowUp): string {
  const quote = quoteOf(source.text);
  const dependencies = [`        ${dependencyText(source.app, parent, quote)},`];
  const operations = followUp.operations.map((operation) => `        ${operation.replaceAll('\n', '\n        ')},`);
  const lines = [
    `"""${followUp.docstring}"""`,
    '',
    ...importLines(followUp.imports),
    '',
    '',
    ...(followUp.code === '' ? [] : [followUp.code, '', '']),
    'class Migration(migrations.Migration):',
    ...(followUp.atomic ? [] : ['    atomic = False', '']),
    '    dependencies = [',
    ...dependencies,
    '    ]',
    '',
    '    operations = [',
    ...operations,
    '    ]',
    '',
  ];
  const text = lines.join('\n').replace(/[ \t]+$/gm, '');
  return text.replaceAll('\n', lineBreakOf(source.text));
}

/** Section by section as isort has them: plain imports first, then `from` imports, each once, names of one module on one line. */
export function importLines(imports: readonly string[]): readonly string[] {
  const plain = new Set<string>();
  const names = new Map<string, Set<string>>();
  for (const line of ['from django.db import migrations', ...imports]) {
    const match = /^from (\S+) import (.+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) {
      plain.add(line);
      continue;
    }
    const known = names.get(match[1]) ?? new Set();
    for (const name of match[2].split(', ')) known.add(name);
    names.set(match[1], known);
  }
  const modules = [...names].sort(([one], [other]) => compareModules(one, other));
  const lines = [
    ...[...plain].sort(),
    ...modules.map(([module, set]) => `from ${module} import ${[...set].sort().join(', ')}`),
  ];
  const inSection = (section: number) => lines.filter((line) => sectionOf(line.split(/\s+/, 2)[1] ?? '') === section);
  const sections = [0, 1, 2, 3, 4].map(inSection).filter(({ length }) => length > 0);
  return sections.flatMap((section, index) => (index === 0 ? section : ['', ...section]));
}

function compareModules(one: string, other: string): number {
  const isRelative = (module: string): number => (module.startsWith('.') ? 1 : 0);
  return isRelative(one) - isRelative(other) || (one < other ? -1 : 1);
}
