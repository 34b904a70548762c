import type { RowAssignment, WriteRows } from '../../schema/change.ts';
import type { CallExpression, Expression } from '../../syntax/module.ts';
import type { SourceModule } from '../data-function-context.ts';
import {
  type Held,
  type HeldModel,
  isKeyField,
  listOf,
  loadedRow,
  newRow,
  type Row,
  type RowSet,
  rowSetOf,
  unknown,
} from './held.ts';
import type { Arguments, Reading } from './reading.ts';
import { noteUnsteadyArguments } from './unsteady.ts';

/** Where a call that may write stands. */
export interface CallPlace {
  readonly call: CallExpression;
  readonly inside: SourceModule;
}

/** What a method of a manager or queryset that writes returns; the write is noted. Undefined for all other methods. */
export function writingMethod(
  rows: RowSet,
  method: string,
  args: Arguments,
  place: CallPlace,
  reading: Reading,
): Held | undefined {
  switch (method) {
    case 'delete':
    case 'adelete':
    case '_raw_delete':
      note(reading, place, rows, { operation: 'delete', method: 'set', assignments: [] });
      return unknown;
    case 'update':
    case 'aupdate':
      noteUnsteadyArguments('existing', args, place, reading);
      note(reading, place, rows, {
        operation: 'update',
        method: 'set',
        assignments: updateAssignments(rows, args, reading),
        strings: stringsIn(rows, args, reading),
      });
      return { kind: 'answer' };
    case 'bulk_update':
    case 'abulk_update':
      noteBulkUpdate(rows, args, place, reading);
      return unknown;
    case 'bulk_create':
    case 'abulk_create':
      note(reading, place, rows, { operation: 'insert', method: 'bulk', assignments: [] });
      return args.positional[0] ?? listOf([newRow(rows.model)], false);
    case 'create':
    case 'acreate':
      noteUnsteadyArguments('new', args, place, reading);
      note(reading, place, rows, {
        operation: 'insert',
        method: 'each',
        assignments: [],
        strings: stringsIn(rows, args, reading),
      });
      return newRow(rows.model);
    case 'get_or_create':
    case 'aget_or_create':
      noteUnsteadyArguments('new', args, place, reading);
      note(reading, place, rows, { operation: 'insert', method: 'each', assignments: [] });
      return listOf([loadedRow({ ...rows, selection: 'filtered' }), unknown], true);
    case 'update_or_create':
    case 'aupdate_or_create': {
      noteUnsteadyArguments('existing', args, place, reading);
      const one: RowSet = { ...rows, selection: 'filtered' };
      note(reading, place, one, { operation: 'update', method: 'each', assignments: [] });
      return listOf([loadedRow(one), unknown], true);
    }
    default:
      return undefined;
  }
}

/** `row.save()` and `row.delete()`: true when it was one of them. */
export function writesRow(row: Row, method: string, place: CallPlace, reading: Reading): boolean {
  const { from } = row;
  if (method === 'save' || method === 'asave') {
    const isCopy = [...row.assigned].some(([name]) => isKeyField(name));
    if (from === undefined || isCopy) {
      const into: RowSet = { model: row.model, selection: 'all', batched: false, source: place.call };
      note(reading, place, into, { operation: 'insert', method: 'each', assignments: [] });
      return true;
    }
    note(reading, place, from, { operation: 'update', method: 'each', assignments: rowAssignments(row, reading) });
    return true;
  }
  if (method !== 'delete' && method !== 'adelete') return false;
  if (from === undefined) return true;
  const isPicked = row.isPicked || (reading.moment.picks && from.selection === 'all');
  const rows: RowSet = isPicked ? { ...from, selection: 'filtered' } : from;
  note(reading, place, rows, { operation: 'delete', method: 'each', assignments: [] });
  return true;
}

function noteBulkUpdate(rows: RowSet, args: Arguments, place: CallPlace, reading: Reading): void {
  const objects = args.positional[0] ?? args.keywords.get('objs') ?? unknown;
  const fields = args.positional[1] ?? args.keywords.get('fields');
  const from = rowSetOf(objects);
  const names =
    fields?.kind === 'list' ? fields.items.flatMap((item) => (item.kind === 'text' ? [item.text] : [])) : [];
  const row = objects.kind === 'list' ? objects.items.find((item) => item.kind === 'row')?.row : undefined;
  const assignments = names.map((name) => ({
    column: columnOf(rows.model, name, reading),
    value: row?.assigned.get(name) ?? ('unknown' as const),
  }));
  const source = from ?? { ...rows, selection: 'unknown' as const };
  note(reading, place, { ...source, model: rows.model }, { operation: 'update', method: 'bulk', assignments });
}

function updateAssignments(rows: RowSet, args: Arguments, reading: Reading): readonly RowAssignment[] {
  return [...args.keywords].map(([name, held]) => ({
    column: columnOf(rows.model, name, reading),
    value: valueForAll(held),
  }));
}

/** The strings among the values of `update(column=value)` and `create(column=value)`. */
function stringsIn(rows: RowSet, args: Arguments, reading: Reading): NonNullable<WriteRows['strings']> {
  return [...args.keywords].flatMap(([name, held]) =>
    held.kind === 'text' ? [{ column: columnOf(rows.model, name, reading), value: held.text }] : [],
  );
}

/** What `update(column=value)` gives the rows: anything that Python computes is one value for all of them. */
function valueForAll(held: Held): RowAssignment['value'] {
  switch (held.kind) {
    case 'query-expression':
      return 'expression';
    case 'unknown':
    case 'row-attribute':
      return 'unknown';
    default:
      return 'constant';
  }
}

function rowAssignments(row: Row, reading: Reading): readonly RowAssignment[] {
  return [...row.assigned].map(([name, value]) => ({ column: columnOf(row.model, name, reading), value }));
}

function columnOf(model: HeldModel, field: string, reading: Reading): string {
  return model.app === undefined ? field : reading.context.columnOf(model.app, model.label, field);
}

interface Write {
  readonly operation: WriteRows['operation'];
  readonly method: WriteRows['method'];
  readonly assignments: readonly RowAssignment[];
  readonly strings?: NonNullable<WriteRows['strings']>;
}

function note(reading: Reading, { call, inside }: CallPlace, rows: RowSet, write: Write): void {
  reading.found.done.push({
    kind: 'rows',
    ...write,
    model: rows.model,
    rows: write.operation === 'insert' ? 'all' : rows.selection,
    whereNull: rows.whereNull === undefined ? undefined : columnOf(rows.model, rows.whereNull, reading),
    batched: rows.batched,
    call,
    source: sourceOf(rows, call),
    inside,
    moment: reading.moment,
    functions: [...reading.functions],
  });
}

/** What stands before the writing method; the loop's rows for a row that is written on its own. */
function sourceOf(rows: RowSet, call: CallExpression): Expression | undefined {
  return rows.source === call && call.callee.kind === 'attribute' ? call.callee.object : rows.source;
}
