import type { DatabaseKind } from '../base/target.ts';
import type { Column, ColumnType, ForeignKeyReference } from '../schema/column.ts';
import { columnType, unknownType } from '../schema/column.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { truthOf } from '../syntax/truth.ts';
import { databaseDefault, isGenerated } from './column-defaults.ts';
import { checkOf, fieldTypeOf, isAutomatic, referencingTypeOf } from './column-types.ts';
import { contribKeyOf } from './contrib-models.ts';
import { columnNameOf, type Field, hasColumn } from './field.ts';
import { concreteRefOf, findModel, type ModelState, type ProjectState } from './project-state.ts';
import { primaryKeyFieldsOf, tableOfRef } from './tables.ts';
import { textOf } from './values.ts';

/** The column of a field; `undefined` for fields that have none (many-to-many, generic relations). */
export function columnOfField(
  field: Field,
  state: ProjectState,
  database: DatabaseKind,
  bornIn: MigrationId | undefined,
): Column | undefined {
  if (!hasColumn(field)) return undefined;
  const name = columnNameOf(field);
  const target = field.relation ? targetOf(field, state, database, 0) : undefined;
  const generated = generatedOf(field);
  return {
    name,
    type: target ? target.type : fieldTypeOf(field, database),
    // Django writes no NOT NULL for a generated column, whatever its field says.
    nullable: (field.null || generated !== undefined) && !field.primaryKey,
    default: databaseDefault(field, database),
    primaryKey: field.primaryKey,
    unique: field.unique && !field.primaryKey,
    autoIncrement: isAutomatic(field),
    generated,
    check: checkOf(field, name, database),
    references: target?.reference,
    collation: textOf(field.arguments.get('db_collation')) ?? target?.collation,
    bornIn,
    ...writtenWith(field),
  };
}

/** What the column's definition says beside its facts. */
function writtenWith(field: Field): Pick<Column, 'comment' | 'tablespace'> {
  const comment = textOf(field.arguments.get('db_comment'));
  const tablespace = textOf(field.arguments.get('db_tablespace'));
  return { ...(comment && { comment }), ...(tablespace && { tablespace }) };
}

interface RelationTarget {
  readonly type: ColumnType;
  readonly reference: ForeignKeyReference | undefined;
  readonly collation: string | undefined;
}

/** What a foreign key points to: the type that its column takes from there, table and column. */
function targetOf(field: Field, state: ProjectState, database: DatabaseKind, depth: number): RelationTarget {
  const relation = field.relation;
  if (!relation?.to) return { type: unknownType, reference: undefined, collation: undefined };
  const table = tableOfRef(state, relation.to, database);
  const concrete = concreteRefOf(state, relation.to);
  const found = findModel(state, concrete);
  const key = found && targetFieldOf(field, found);
  // Django's foreign keys are DEFERRABLE INITIALLY DEFERRED.
  const enforced = relation.dbConstraint;
  const checked = enforced && database === 'postgresql' ? { enforced, deferred: true as const } : { enforced };
  if (!key) {
    const known = contribKeyOf(concrete) !== undefined && relation.toField === undefined;
    return {
      type: known ? columnType('integer') : unknownType,
      reference: { table, column: known ? 'id' : undefined, ...checked },
      collation: undefined,
    };
  }
  // A key that is itself a foreign key (a child model's link to its parent) takes its type from further up.
  const further = key.relation && depth < 10 ? targetOf(key, state, database, depth + 1) : undefined;
  return {
    type: further ? further.type : referencingTypeOf(key, database),
    reference: { table, column: columnNameOf(key), ...checked },
    collation: textOf(key.arguments.get('db_collation')) ?? further?.collation,
  };
}

/** The field that a foreign key points to. */
export function targetFieldOf(field: Field, target: ModelState): Field | undefined {
  const name = field.relation?.toField;
  if (name !== undefined) return target.fields.get(name);
  const keys = primaryKeyFieldsOf(target);
  return keys.length === 1 ? keys[0] : undefined;
}

function generatedOf(field: Field): Column['generated'] {
  if (!isGenerated(field)) return undefined;
  const persisted = field.arguments.get('db_persist');
  return persisted && truthOf(persisted) === false ? 'virtual' : 'stored';
}
