import type { CallExpression, Expression } from '../../syntax/module.ts';
import { type Held, isKeyField, listOf, loadedRow, type RowSet, rowSetOf, rowsOf, unknown } from './held.ts';
import type { Arguments, Reading } from './reading.ts';

/** Queryset methods that return the same rows. */
const sameRows: ReadonlySet<string> = new Set(
  'all order_by select_related prefetch_related annotate alias defer only using select_for_update reverse distinct db_manager get_queryset'.split(
    ' ',
  ),
);

const oneRow: ReadonlySet<string> = new Set('get first last earliest latest aget afirst alast'.split(' '));

const answers: ReadonlySet<string> = new Set('exists count aggregate contains aexists acount explain'.split(' '));

/** What a method of a manager or queryset returns, for those that write nothing; undefined for all others. */
export function readingMethod(
  rows: RowSet,
  method: string,
  call: CallExpression,
  args: Arguments,
  reading: Reading,
): Held | undefined {
  const isSame = sameRows.has(method) || /^a?iterator$/.test(method) || isEmptyCall(args);
  const result: RowSet = { ...rows, source: call, whereNull: isSame ? rows.whereNull : undefined };
  if (sameRows.has(method)) return rowsOf(result);
  if (oneRow.has(method)) return loadedRow({ ...result, selection: 'filtered' });
  if (answers.has(method)) return { kind: 'answer' };
  switch (method) {
    case 'iterator':
    case 'aiterator':
      return rowsOf({ ...result, batched: true });
    case 'filter':
    case 'complex_filter':
      return rowsOf({ ...result, ...narrowed(rows, args, reading) });
    case 'exclude':
      return rowsOf({ ...result, selection: isEmptyCall(args) ? rows.selection : narrowerThan(rows) });
    case 'none':
      return rowsOf({ ...result, selection: 'filtered' });
    case 'union':
    case 'intersection':
    case 'difference':
      return rowsOf({ ...result, selection: 'unknown' });
    case 'values':
      return { kind: 'values', rows: result, isKeys: false };
    case 'values_list':
      return { kind: 'values', rows: result, isKeys: args.positional.length === 1 && isKeyName(args.positional[0]) };
    case 'dates':
    case 'datetimes':
      return { kind: 'values', rows: result, isKeys: false };
    case 'in_bulk': {
      const selection = isEmptyCall(args) ? rows.selection : narrowerThan(rows);
      return listOf([loadedRow({ ...result, selection })], false);
    }
    default:
      return undefined;
  }
}

/** `rows[0]`, `rows[:1000]`: a slice inside a loop is one of many, another one is a few rows. */
export function sliceOf(rows: RowSet, slice: Expression, isSlice: boolean, inLoop: boolean): Held {
  const sliced: RowSet = { ...rows, source: slice, whereNull: undefined };
  if (!isSlice) return loadedRow({ ...sliced, selection: 'filtered' });
  if (inLoop) return rowsOf({ ...sliced, batched: true });
  return rowsOf({ ...sliced, selection: narrowerThan(rows) });
}

type Narrowed = Pick<RowSet, 'selection' | 'batched' | 'whereNull'>;

function narrowed(rows: RowSet, args: Arguments, reading: Reading): Narrowed {
  const kept = { selection: rows.selection, batched: rows.batched };
  if (isEmptyCall(args)) return kept;
  const [entry, ...others] = args.keywords;
  if (entry === undefined || others.length > 0 || args.positional.length > 0 || args.isPartial) {
    return { ...kept, selection: narrowerThan(rows) };
  }
  const [name, value] = entry;
  const [, key, lookup] = /^(pk|id)__(in|gt|gte|lt|lte|range|isnull)$/.exec(name) ?? [];
  if (key === undefined)
    return { ...kept, selection: narrowerThan(rows), whereNull: fieldAskedForNull(name, value, rows) };
  // The primary key is never NULL: the filter says nothing.
  if (lookup === 'isnull') return kept;
  if (lookup === 'in') return keyedBy(rows, value) ?? { ...kept, selection: narrowerThan(rows) };
  // A range of keys that moves with a loop covers all rows, part by part.
  return reading.moment.inLoop ? { ...kept, batched: true } : { ...kept, selection: narrowerThan(rows) };
}

/** `filter(color=None)`, `filter(color__isnull=True)` of all rows. */
function fieldAskedForNull(name: string, value: Held, rows: RowSet): string | undefined {
  if (rows.selection !== 'all' || value.kind !== 'constant') return undefined;
  const [, field, lookup] = /^([^_]\w*?)(?:__(\w+))?$/.exec(name) ?? [];
  if (lookup === undefined) return value.value === null ? field : undefined;
  return lookup === 'isnull' && value.value === true ? field : undefined;
}

/** `filter(pk__in=keys)` with keys that were read from the same table selects the rows that they were read from. */
function keyedBy(rows: RowSet, keys: Held): Pick<RowSet, 'selection' | 'batched'> | undefined {
  const holdsKeys = keys.kind === 'rows' || (keys.kind === 'values' && keys.isKeys) || keys.kind === 'list';
  const from = holdsKeys ? rowSetOf(keys) : undefined;
  if (from?.model.label !== rows.model.label || rows.selection !== 'all') return undefined;
  return { selection: from.selection, batched: from.batched };
}

function narrowerThan(rows: RowSet): RowSet['selection'] {
  return rows.selection === 'unknown' ? 'unknown' : 'filtered';
}

function isEmptyCall(args: Arguments): boolean {
  return args.positional.length === 0 && args.keywords.size === 0 && !args.isPartial;
}

function isKeyName(held: Held | undefined): boolean {
  return held?.kind === 'text' && isKeyField(held.text);
}

/** What a loop gets from something, one after the other; undefined where that is not known. */
export function elementOf(held: Held): Held {
  switch (held.kind) {
    case 'rows':
      return loadedRow(held.rows);
    case 'pages':
      return rowsOf({ ...held.rows, batched: true });
    case 'answer':
      return held;
    case 'list': {
      const [first = unknown, ...rest] = held.items;
      return rest.find((item) => rowSetOf(item) !== undefined && rowSetOf(first) === undefined) ?? first;
    }
    default:
      return unknown;
  }
}
