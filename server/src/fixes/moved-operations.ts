import { spanOf } from '../base/span.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import { type CarriedCode, carriedCode, codeOf, isShareable, removeUnneeded } from './carried-code.ts';
import { changedSource } from './changed-source.ts';
import { areOnLines, hasComma, itemsWithComments, type ListSite, removeItems } from './edits/list-items.ts';
import { rewrittenCode } from './edits/rewritten.ts';
import type { ChangeFile } from './fix.ts';
import type { MovedLines } from './new-migration.ts';
import type { OperationSite } from './operation-site.ts';

/** Items of `operations` side by side that leave their file. */
export interface OperationRun {
  readonly first: number;
  readonly last: number;
  /** Changes of the operations, in offsets of their file. */
  readonly edits?: readonly TextEdit[];
}

/** Operations as they are written in another migration, with all that is said about them and all that they need. */
export interface MovedRun {
  readonly operations: MovedLines;
  readonly imports: readonly string[];
  /** The functions and constants that they use; `''` for none. */
  readonly code: string;
}

export interface Moving {
  /** What takes the operations, and what only they used, out of their file. */
  readonly change: ChangeFile;
  readonly runs: readonly MovedRun[];
}

/**
 * Moves operations to other migrations, one for each run. Functions and constants go with them; those that are used in
 * several places stand in each.
 *
 * @param edits further changes of the file, outside of the runs
 * @returns undefined where what they use cannot be told, or would not be one thing any more
 */
export function moveOperations(
  source: DjangoMigration,
  runs: readonly OperationRun[],
  edits: readonly TextEdit[] = [],
): Moving | undefined {
  const list = listOf(source);
  if (list === undefined || hasStarImport(source)) return undefined;
  const cut = neighborsTogether(runs).map(({ first, last }) => removeItems(list, first, last));
  const pieces = runs.map((run) => linesOf(list, run));
  const carried = pieces.map((piece) => carriedCode(source, [piece]));
  const known = carried.filter((each) => each !== undefined);
  if (known.length < carried.length) return undefined;
  const all = [...new Set(known.flatMap(({ definitions }) => definitions))];
  const left = removeUnneeded(source, all, [...cut, ...edits]);
  const isSeveral = (each: (typeof all)[number]): boolean =>
    left.shared.includes(each) || known.filter(({ definitions }) => definitions.includes(each)).length > 1;
  if (all.some((each) => isSeveral(each) && !isShareable(each, source))) return undefined;
  const own = [...cut, ...left.edits, ...edits];
  return {
    change: changedSource(source, own),
    runs: known.map((each, index) => ({
      operations: { lines: pieces[index] ?? '' },
      imports: [...futureImports(source, each), ...each.imports],
      code: codeOf(source, each.definitions),
    })),
  };
}

/** One operation on its way to another migration, as {@link moveOperations} moves it. */
export function moveOperation(
  { source, index }: OperationSite,
  edits: readonly TextEdit[],
): (MovedRun & Pick<Moving, 'change'>) | undefined {
  const moving = moveOperations(source, [{ first: index, last: index, edits }]);
  const run = moving?.runs[0];
  return moving && run && { ...run, change: moving.change };
}

/** Operations that stay and are done elsewhere as well; undefined where they use what the file defines. */
export function copyOperations(
  source: DjangoMigration,
  indices: readonly number[],
): Omit<MovedRun, 'code'> | undefined {
  const list = listOf(source);
  if (list === undefined) return undefined;
  const lines = indices.map((index) => linesOf(list, { first: index, last: index })).join('\n');
  const carried = carriedCode(source, [lines]);
  return carried?.definitions.length === 0 ? { operations: { lines }, imports: carried.imports } : undefined;
}

/** What is said about an operation that becomes a part of another one: each comment on a line of its own, in column 0. */
export function commentsOf({ source, call, list, index }: OperationSite): string {
  const { start, end } = itemsWithComments(list, index, index);
  const above = rewrittenCode(source.text, { start, end: call.span.start }, []);
  const behind = source.text
    .slice(call.span.end, end)
    .replace(/^\s*,?/, '')
    .trim();
  return behind === '' ? above : `${above}${rewrittenCode(behind, { start: 0, end: behind.length }, [])}\n`;
}

/** The operations as a list to edit; undefined where they are not one literal list. */
function listOf({ text, module, operationsList }: DjangoMigration): ListSite | undefined {
  return operationsList && { text, module, span: operationsList.span, items: operationsList.items };
}

function neighborsTogether(runs: readonly OperationRun[]): readonly OperationRun[] {
  const together: OperationRun[] = [];
  for (const run of runs) {
    const before = together.at(-1);
    if (before?.last === run.first - 1) together[together.length - 1] = { first: before.first, last: run.last };
    else together.push(run);
  }
  return together;
}

function hasStarImport({ module }: DjangoMigration): boolean {
  return module.body.some((each) => each.kind === 'import-from' && each.names.some(({ name }) => name === '*'));
}

/** Annotations may rely on it. */
function futureImports({ module }: DjangoMigration, { definitions }: CarriedCode): readonly string[] {
  if (definitions.length === 0) return [];
  return module.body.flatMap((each) =>
    each.kind === 'import-from' && each.module === '__future__'
      ? each.names.map(({ name }) => `from __future__ import ${name}`)
      : [],
  );
}

/** The operations in column 0, each with a comma behind it. */
function linesOf(list: ListSite, { first, last, edits = [] }: OperationRun): string {
  if (areOnLines(list, first, last)) {
    const { end } = list.items[last]?.span ?? list.span;
    const comma = hasComma(list, last) ? [] : [{ span: spanOf(end, end), newText: ',' }];
    return rewrittenCode(list.text, itemsWithComments(list, first, last), [...edits, ...comma]);
  }
  const items = list.items.slice(first, last + 1).map(({ span }) => {
    const inside = edits.filter((edit) => span.start <= edit.span.start && edit.span.end <= span.end);
    return `${rewrittenCode(list.text, span, inside)},`;
  });
  return items.join('\n');
}
