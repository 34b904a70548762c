import type { FilePath } from '../base/file-path.ts';
import { folderOf, joinPath } from '../base/file-path.ts';
import { containsSpan } from '../base/span.ts';
import type { DjangoDependency, DjangoMigration } from '../django/migration-file.ts';
import type { MigrationGroup, Project } from '../project/project.ts';
import { importBlock, packagesApart } from './edits/import-block.ts';
import { lineBreakOf, quoted, quoteOf } from './edits/layout.ts';
import { indented, indentedCode } from './edits/rewritten.ts';
import { type ChangeFile, type CreateFile, createdFile } from './fix.ts';

/** A migration that a fix writes: everything but its number, its dependencies and its place. */
export interface FollowUp {
  /** The file name without its number: `order_code_check`. */
  readonly slug: string;
  /** Says what the migration does and what must be true before it runs; lines without indentation. */
  readonly docstring: string | ((previous: string) => string);
  /** Whole import lines besides `from django.db import migrations`. */
  readonly imports: readonly string[];
  /** Top-level code between the imports and the class, blank lines included; `''` for none. */
  readonly code: string;
  /** False for work that must not run in one transaction. */
  readonly atomic: boolean;
  /** Indented as if they stood in column 0. */
  readonly operations: readonly (string | MovedLines)[];
  /** Dependencies besides the one on the migration before, as they are written. */
  readonly dependencies?: readonly string[];
  /** Statements of the class besides its own, as they are written: marks of packages. */
  readonly attributes?: readonly string[];
}

/** Operations of another file, with their commas, their comments and what stands between them. */
export interface MovedLines {
  readonly lines: string;
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
    const behind = parent;
    created.push(createdFile(joinPath(folder, `${name}.py`), () => migrationText(source, behind, followUp)));
    parent = name;
    number++;
  }
  return { created, repointed: repoint(project, source, parent), lastName: parent };
}

/** Makes the app's migrations that depend on `source` depend on `name` instead. */
export function repoint(project: Project, source: DjangoMigration, name: string): readonly ChangeFile[] {
  if (name === source.name) return [];
  const own = childrenOf(project, source).filter(({ app }) => app === source.app);
  return own.flatMap((child) => repointed(child, source, name) ?? []);
}

/**
 * As {@link chainAfter}, for migrations that do a part of what `source` does: migrations of all apps that depended on it
 * depend on the last new one afterwards.
 *
 * @returns undefined where one of them does not write its dependency in a way that can be changed
 */
export function chainInstead(
  project: Project,
  source: DjangoMigration,
  followUps: readonly FollowUp[],
): Chain | undefined {
  const chain = chainAfter(project, source, followUps);
  const repointed = repointAll(project, source, chain.lastName);
  return repointed && { ...chain, repointed };
}

/**
 * Makes the migrations of all apps that depend on `source` depend on `name` instead.
 *
 * @returns undefined where one of them does not write its dependency in a way that can be changed
 */
export function repointAll(project: Project, source: DjangoMigration, name: string): readonly ChangeFile[] | undefined {
  const changes = childrenOf(project, source).map((child) => repointed(child, source, name));
  const known = changes.filter((change) => change !== undefined);
  return known.length === changes.length ? known : undefined;
}

/** The migrations that name `source` among their dependencies. */
function childrenOf(project: Project, source: DjangoMigration): readonly DjangoMigration[] {
  return project.graph
    .childrenOf(`${source.app}.${source.name}`)
    .map((id) => project.source(id))
    .filter((child) => child?.dependencies.some((dependency) => isOn(dependency, source)) === true)
    .filter((child) => child !== undefined);
}

function isOn({ kind, app, name }: DjangoDependency, source: DjangoMigration): boolean {
  return kind === 'plain' && app === source.app && name === source.name;
}

function repointed(child: DjangoMigration, source: DjangoMigration, name: string): ChangeFile | undefined {
  const quote = quoteOf(child.text);
  const places = child.dependencies.filter((dependency) => isOn(dependency, source)).map(({ at }) => at);
  // One that comes from elsewhere has no place in the list.
  const list = child.dependenciesList?.span;
  if (!places.every((at) => list !== undefined && containsSpan(list, at))) return undefined;
  const edits = places.map((span) => ({ span, newText: dependencyText(source.app, name, quote) }));
  return { kind: 'change', file: child.file, edits };
}

export function dependencyText(app: string, name: string, quote: '"' | "'"): string {
  return `(${quoted(app, quote)}, ${quoted(name, quote)})`;
}

/** A name with the number of `source`, or with as many digits. */
export function renamedMigrationName(project: Project, source: DjangoMigration, slug: string): string {
  return unusedMigrationName(project, folderOf(source.file), numberOf(source.name), slug);
}

/** A name with the next free number of the app. */
export function nextMigrationName(project: Project, source: DjangoMigration, slug: string): string {
  return unusedMigrationName(project, folderOf(source.file), nextNumber(project, source), slug);
}

/** One more than the highest number among the app's migrations, as Django counts: the digits before the first `_`. */
function nextNumber({ graph }: Project, { app, name }: DjangoMigration): number {
  const group = graph.groups.get(app);
  return Math.max(numberOf(name), group === undefined ? 0 : highestNumberIn(group, app)) + 1;
}

/** Every new migration asks. */
const highestNumbers = new WeakMap<MigrationGroup, number>();

function highestNumberIn(group: MigrationGroup, app: string): number {
  const known = highestNumbers.get(group);
  if (known !== undefined) return known;
  const highest = group.members.reduce((most, id) => Math.max(most, numberOf(id.slice(app.length + 1))), 0);
  highestNumbers.set(group, highest);
  return highest;
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
  const parents = [dependencyText(source.app, parent, quote), ...(followUp.dependencies ?? [])];
  const attributes = [...(followUp.atomic ? [] : ['atomic = False']), ...(followUp.attributes ?? [])];
  const lines = [
    `"""${typeof followUp.docstring === 'string' ? followUp.docstring : followUp.docstring(parent)}"""`,
    '',
    ...importBlock(
      ['from django.db import migrations', ...followUp.imports],
      packagesApart(source.text, source.module),
    ),
    '',
    '',
    ...(followUp.code === '' ? [] : [followUp.code, '', '']),
    'class Migration(migrations.Migration):',
    ...attributes.flatMap((attribute) => [`    ${indentedCode(attribute, '    ')}`, '']),
    '    dependencies = [',
    ...parents.map((each) => `        ${indentedCode(each, '        ')},`),
    '    ]',
    '',
    '    operations = [',
    ...followUp.operations.map(operationText),
    '    ]',
    '',
  ];
  return lines.join('\n').replaceAll('\n', lineBreakOf(source.text));
}

function operationText(operation: string | MovedLines): string {
  if (typeof operation !== 'string') return `        ${indentedCode(operation.lines, '        ')}`;
  return `        ${indented(operation, '        ')},`;
}
