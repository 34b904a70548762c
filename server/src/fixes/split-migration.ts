import { containsSpan } from '../base/span.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { namesIn } from '../syntax/names.ts';
import { type ClassAttributes, findMovableAttributes, neededDependencies } from './edits/migration-class.ts';
import type { FileEdit } from './fix.ts';
import { migrationSlug } from './migration-name.ts';
import { copyOperations, type MovedRun, moveOperations, type OperationRun } from './moved-operations.ts';
import { chainInstead, type FollowUp } from './new-migration.ts';
import { isTransactionSetting, type Step } from './split-points.ts';
import { cutOperation } from './sql/cut-operation.ts';
import { findRunSqlSite } from './sql/run-sql-site.ts';

/** How the new files are described. */
export interface SplitWords {
  /** The docstring of a new file: lines without indentation, the first one a sentence. */
  docstring(changes: readonly Change[], previous: string): string;
  /** The end of the name of a part that nothing in it gives a name: `part`. */
  readonly slug: string;
}

/**
 * Splits a migration: what stands before the first cut stays in its file, each of the other parts goes into a new one behind
 * it. Nothing changes places, so that the models and the database end up the same, and the way back is the same.
 *
 * @param cuts indices of the steps with which a new migration begins, ascending, none of them the first
 * @returns undefined where the file is not written so that it can be taken apart
 */
export function splitMigration(
  migration: Migration,
  steps: readonly Step[],
  cuts: readonly number[],
  words: SplitWords,
  project: Project,
): readonly FileEdit[] | undefined {
  const source = project.source(migration.id);
  const attributes = source && findMovableAttributes(source);
  if (source === undefined || attributes === undefined || !isPlain(source)) return undefined;
  const parts = cuts.map((cut, index) => partOf(steps, cut, cuts[index + 1]));
  const inside = cutOperations(migration, steps, cuts, project);
  if (inside === undefined) return undefined;
  const runs = parts.map(({ run }) => run && withEdits(run, inside.edits, source)).filter((run) => run !== undefined);
  const kept = inside.edits.filter((edit) => !runs.some(({ edits = [] }) => edits.includes(edit)));
  const moving = moveOperations(source, runs, kept);
  if (moving === undefined) return undefined;
  const moved = [...moving.runs];
  const pieces = parts.map((part): Piece => {
    const settings = settingsBefore(steps, part.cut);
    const copied = settings === undefined ? undefined : copyOperations(source, settings);
    const run = part.run === undefined ? undefined : moved.shift();
    return { part, copied, statements: inside.operations.get(part.cut), run };
  });
  if (pieces.some(({ copied }) => copied === undefined)) return undefined;
  const followUps = pieces.map((piece) => followUpOf(source, piece, attributes, words));
  const chain = chainInstead(project, source, followUps);
  return chain && [moving.change, ...chain.repointed, ...chain.created];
}

/** Written by hand or by Django, operation by operation, and named by no other migration but as a dependency. */
function isPlain(source: DjangoMigration): boolean {
  const { complete, runBefore, operations, operationsList } = source;
  if (!complete || runBefore.length > 0 || operationsList === undefined) return false;
  const isWritten = operationsList.items.every(
    ({ span }, index) =>
      operations[index]?.call?.span.start === span.start && operations[index].certainty === 'certain',
  );
  const rest = source.text.slice(0, source.class.span.start) + source.text.slice(source.class.span.end);
  const isAlone = !isNamedIn(rest, source.class.name);
  return isAlone && isWritten && operations.length === operationsList.items.length;
}

function isNamedIn(text: string, name: string): boolean {
  return text.includes(name) && namesIn(text).has(name);
}

interface Part {
  readonly cut: number;
  readonly steps: readonly Step[];
  /** The operations that it has as a whole. */
  readonly run: OperationRun | undefined;
}

function partOf(steps: readonly Step[], cut: number, next: number | undefined): Part {
  const own = steps.slice(cut, next);
  const whole = own
    .filter(({ statement, operation }) => statement === 0 && !isBefore(own[0], operation))
    .map(({ operation }) => operation);
  const [first, last] = [whole[0], whole.at(-1)];
  return { cut, steps: own, run: first === undefined || last === undefined ? undefined : { first, last } };
}

/** Statements of an operation that began in an earlier part. */
function isBefore(first: Step | undefined, operation: number): boolean {
  return first !== undefined && first.statement > 0 && first.operation === operation;
}

interface CutOperations {
  readonly edits: readonly TextEdit[];
  /** By the cut that they stand behind. */
  readonly operations: ReadonlyMap<number, string>;
}

/** The operations that are cut between their statements. */
function cutOperations(
  migration: Migration,
  steps: readonly Step[],
  cuts: readonly number[],
  project: Project,
): CutOperations | undefined {
  const edits: TextEdit[] = [];
  const operations = new Map<number, string>();
  const inside = cuts.filter((cut) => (steps[cut]?.statement ?? 0) > 0);
  for (const operation of new Set(inside.map((cut) => steps[cut]?.operation))) {
    const own = steps.filter((step) => step.operation === operation);
    const places = inside.filter((cut) => steps[cut]?.operation === operation);
    const change = own[0]?.changes[0];
    const site = change && findRunSqlSite(change, migration, project);
    const parts =
      site &&
      cutOperation(
        site,
        own.map(({ changes }) => changes),
        places.map((cut) => steps[cut]?.statement ?? 0),
      );
    if (parts === undefined) return undefined;
    edits.push(...parts.edits);
    for (const [index, cut] of places.entries()) operations.set(cut, parts.operations[index] ?? '');
  }
  return { edits, operations };
}

function withEdits(run: OperationRun, edits: readonly TextEdit[], { operationsList }: DjangoMigration): OperationRun {
  const [first, last] = [operationsList?.items[run.first], operationsList?.items[run.last]];
  if (first === undefined || last === undefined) return run;
  const span = { start: first.span.start, end: last.span.end };
  return { ...run, edits: edits.filter((edit) => containsSpan(span, edit.span)) };
}

/** What a new file is made of. */
interface Piece {
  readonly part: Part;
  /** Settings of the transaction that were made before. */
  readonly copied: Omit<MovedRun, 'code'> | undefined;
  readonly statements: string | undefined;
  readonly run: MovedRun | undefined;
}

/** The operations before a cut that set what holds until the transaction ends; undefined where they do other things as well. */
function settingsBefore(steps: readonly Step[], cut: number): readonly number[] | undefined {
  const before = steps.slice(0, cut).filter(({ changes }) => changes.some(isTransactionSetting));
  const isAlone = ({ operation }: Step): boolean =>
    steps
      .filter((each) => each.operation === operation)
      .every(({ changes }) => changes.every((change) => change.kind === 'RunSql' || isTransactionSetting(change)));
  return before.every(isAlone) ? [...new Set(before.map(({ operation }) => operation))] : undefined;
}

function followUpOf(
  source: DjangoMigration,
  { part, copied, statements, run }: Piece,
  attributes: ClassAttributes,
  words: SplitWords,
): FollowUp {
  const changes = part.steps.flatMap((step) => step.changes);
  const code = [run?.code ?? '', run?.operations.lines ?? ''];
  return {
    slug: slugOf(source, part) ?? `${source.name.replace(/^\d+_/, '')}_${words.slug}`,
    docstring: (previous) => words.docstring(changes, previous),
    imports: [...attributes.imports, ...(copied?.imports ?? []), ...(run?.imports ?? [])],
    code: run?.code ?? '',
    atomic: source.atomic,
    operations: [
      ...(copied?.operations.lines ? [copied.operations] : []),
      ...(statements === undefined ? [] : [statements]),
      ...(run === undefined ? [] : [run.operations]),
    ],
    dependencies: neededDependencies(source, code),
    attributes: attributes.statements,
  };
}

function slugOf({ operations }: DjangoMigration, { steps }: Part): string | undefined {
  const first = steps[0];
  return migrationSlug(
    steps
      .filter(({ operation }, index) => steps.findIndex((each) => each.operation === operation) === index)
      .map(({ operation }) => ({
        operation: first !== undefined && isBefore(first, operation) ? undefined : operations[operation],
        changes: steps.filter((each) => each.operation === operation).flatMap(({ changes }) => changes),
      })),
  );
}
