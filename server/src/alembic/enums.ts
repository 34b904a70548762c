import type { Change } from '../schema/change.ts';
import type { AlterEnum } from '../schema/sql-change.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { enumNameOf, enumValuesOf, isEnum, type WrittenType, writtenTypeOf } from './column-types.ts';
import { isFalse, isTrue, textOf } from './columns.ts';
import { placeOf, type Step } from './step.ts';

/**
 * The types that creating a table creates with it, each once. Adding a column creates none (measured on Alembic 1.13 with
 * SQLAlchemy 2.0 and on 1.20 with 2.1), nor does a table in the wake of another one of the same run.
 */
export function createdEnums(types: readonly (Value | undefined)[], step: Step): readonly AlterEnum[] {
  const { base, before, context, source } = step;
  if (context.target.database !== 'postgresql') return [];
  const created = new Map<string, AlterEnum>();
  for (const type of types) {
    const written = enumIn(type);
    const name = written && typeNameOf(written);
    if (written === undefined || name === undefined || !isCreatedWithTable(written)) continue;
    const known = before.enumTypes?.get(name);
    if (known?.bornIn === source.revision && known.withTable === true) continue;
    created.set(name, { ...enumChange(name, written, false, step), ...base, at: placeOf(type, step), withTable: true });
  }
  return [...created.values()];
}

/** An enum, or an array of one. */
export function enumIn(type: Value | undefined): WrittenType | undefined {
  const written = writtenTypeOf(type);
  if (written === undefined || isEnum(written)) return written;
  return written.name === 'ARRAY' ? enumIn(written.positional[0] ?? written.keywords.get('item_type')) : undefined;
}

/** Its name in the database, with its schema where that is written. */
export function typeNameOf(written: WrittenType): string | undefined {
  const name = enumNameOf(written);
  const schema = textOf(written.keywords.get('schema'));
  return name === undefined || schema === undefined ? name : `${schema}.${name}`;
}

/** A type that belongs to a `MetaData` is created with that, or not at all: it depends on the version of SQLAlchemy. */
function isCreatedWithTable({ keywords }: WrittenType): boolean {
  return !isFalse(keywords.get('create_type')) && !keywords.has('metadata');
}

function enumChange(type: string, written: WrittenType, ifNotExists: boolean, { base }: Step): AlterEnum {
  return {
    ...base,
    kind: 'AlterEnum',
    type,
    action: 'create',
    values: enumValuesOf(written),
    to: undefined,
    ifNotExists,
    place: undefined,
  };
}

/** `sa.Enum(…).create(op.get_bind())` and `.drop(…)`; undefined for other calls. */
export function lowerEnumCall(call: CallValue, step: Step): readonly Change[] | undefined {
  const { callee } = call.at;
  if (callee.kind !== 'attribute' || (callee.name !== 'create' && callee.name !== 'drop')) return undefined;
  const written = writtenTypeOf(call.receiver);
  if (written === undefined || !isEnum(written) || call.receiver?.kind !== 'call') return undefined;
  const name = typeNameOf(written);
  if (step.context.target.database !== 'postgresql' || name === undefined) return [];
  const given = call.keywords.get('checkfirst') ?? call.positional[1];
  // `postgresql.ENUM` looks first where nothing is said, `sa.Enum` does not.
  const looksFirst = given === undefined ? written.name === 'ENUM' : isTrue(given);
  if (callee.name === 'create') return [enumChange(name, written, looksFirst, step)];
  return [{ ...step.base, kind: 'DropObject', objectKind: 'type', name, cascade: false }];
}
