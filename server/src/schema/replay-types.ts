import type { ChangeOf } from './change.ts';
import type { Column } from './column.ts';
import type { MigrationId } from './migration-id.ts';
import { withColumn } from './replay-columns.ts';
import type { EnumType, Schema } from './schema.ts';

/** What a change does to types, those of enums first of all. */
export function typesChanged(
  schema: Schema,
  change: ChangeOf<'AlterEnum' | 'DropObject' | 'OtherStatement' | 'RenameType'>,
  migration: MigrationId,
): Schema {
  if (change.kind === 'OtherStatement') return change.statement === 'ALTER TYPE' ? typesForgotten(schema) : schema;
  if (change.kind === 'RenameType') return typeRenamed(schema, change);
  if (change.kind === 'DropObject') return change.objectKind === 'type' ? typeDropped(schema, change.name) : schema;
  return change.action === 'create' ? enumCreated(schema, change, migration) : enumAltered(schema, change);
}

function enumCreated(schema: Schema, change: ChangeOf<'AlterEnum'>, bornIn: MigrationId): Schema {
  const { type, ifNotExists, values, withTable: isTables } = change;
  if (ifNotExists && schema.enumTypes?.has(type) === true) return schema;
  const created: EnumType = isTables === true ? { bornIn, values, withTable: true } : { bornIn, values };
  return { ...schema, enumTypes: new Map(schema.enumTypes).set(type, created) };
}

/** A value more, or another name for one. */
function enumAltered(schema: Schema, { action, type, values: [value], to, place }: ChangeOf<'AlterEnum'>): Schema {
  const known = schema.enumTypes?.get(type);
  if (known === undefined || value === undefined) return schema;
  const at =
    place === undefined ? known.values.length : known.values.indexOf(place.value) + (place.side === 'after' ? 1 : 0);
  const values =
    action === 'add-value'
      ? [...new Set(known.values.toSpliced(at, 0, value))]
      : known.values.map((each) => (each === value ? (to ?? each) : each));
  return { ...schema, enumTypes: new Map(schema.enumTypes).set(type, { ...known, values }) };
}

function typeDropped(schema: Schema, name: string): Schema {
  // The schema that it is in can be left out on either side.
  const own = ownName(name);
  const kept = [...(schema.enumTypes ?? [])].filter(([each]) => each !== name && ownName(each) !== own);
  return kept.length === (schema.enumTypes?.size ?? 0) ? schema : { ...schema, enumTypes: new Map(kept) };
}

/** Columns follow their type; the schema that it is in may be left out where they name it. */
function typeRenamed(schema: Schema, { type, to }: ChangeOf<'RenameType'>): Schema {
  const known = schema.enumTypes?.get(type);
  const enumTypes = new Map(schema.enumTypes);
  enumTypes.delete(type);
  if (known !== undefined) enumTypes.set(to, known);
  const tables = new Map(schema.tables);
  for (const [key, table] of schema.tables) {
    const using = [...table.columns.values()].filter((column) => isOfType(column, type));
    if (using.length === 0) continue;
    const renamed = using.map((column) => ({ ...column, type: { ...column.type, name: inSameWords(column, to) } }));
    tables.set(key, renamed.reduce(withColumn, table));
  }
  return { ...schema, tables, enumTypes };
}

function isOfType({ type: { name } }: Column, type: string): boolean {
  return name === type || (!name.includes('.') && name === ownName(type));
}

function inSameWords({ type: { name } }: Column, to: string): string {
  return name.includes('.') ? to : ownName(to);
}

function ownName(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** `ALTER TYPE` says more than is read of it: which types there are is not known any more. */
function typesForgotten({ enumTypes: _, ...schema }: Schema): Schema {
  return schema;
}
