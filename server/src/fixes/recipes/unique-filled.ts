import { uniqueConstraintOf } from '../../django/indexes.ts';
import { calleeNameOf } from '../../django/values.ts';
import type { AddColumn } from '../../schema/change.ts';
import { unknownType } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import { tableText } from '../../schema/table-name.ts';
import { findKeyword } from '../edits/arguments.ts';
import { importLines } from '../edits/imports.ts';
import { itemIndentation, replaceItem } from '../edits/list-items.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { type Answer, type Fix, isRefused, type Refused, refusal } from '../fix.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import { changesOfOperation } from '../operation-site.ts';
import { concurrencyRefusal, doesMore, unknownField } from '../refusals.ts';
import { backfillMigration, backfillOf, type FillValue } from './backfill.ts';
import { type BuiltKey, constraintOperation, indexMigration, keyMigration } from './built-keys.ts';
import {
  defaultValueOf,
  type FieldDefinition,
  fieldOperation,
  type RecipeContext,
  readFieldDefinition,
} from './field-definition.ts';
import { postponementRefusal } from './key-steps.ts';
import { type PlainField, plainField } from './plain-field.ts';
import { separated } from './separated.ts';
import { isLike } from './unique-field.ts';
import {
  addCheckOperation,
  notNullColumnOf,
  notValidImports,
  proveAndSetNotNull,
  setNotNullOperation,
} from './validated-not-null.ts';

/** A unique column, what it begins as, and what makes it unique. */
interface Filled {
  readonly change: AddColumn;
  readonly of: FieldDefinition;
  readonly plain: PlainField;
  readonly key: BuiltKey;
  readonly told: { readonly slug: string; readonly what: string };
  readonly fill: FollowUp;
}

/**
 * Adds a unique column empty, gives each row a value of its own in batches, and makes it unique after that by an index
 * that is built while the table is in use.
 *
 * NOT NULL comes last. While an old release still writes rows without the column, it is left for a later one.
 */
export function uniqueFilled(change: AddColumn, migration: Migration, context: RecipeContext): readonly Answer[] {
  if (context.target.database !== 'postgresql') return [];
  const filled = readFilled(change, migration, context);
  if (isRefused(filled)) return filled;
  const isLeft = context.target.deploys === 'rolling' || change.column.nullable;
  return [isLeft ? forRolling(filled, context) : forStopped(filled, context)];
}

function readFilled(change: AddColumn, migration: Migration, context: RecipeContext): Filled | Refused {
  const { column, table } = change;
  const of = readFieldDefinition(change, column.name, migration, context, 'top level');
  if (isRefused(of)) return of;
  const plain = plainField(of.definition);
  if (plain === undefined || column.type === unknownType) return unknownField;
  if (column.primaryKey || column.default !== undefined) return doesMore;
  if (['auto_now', 'auto_now_add'].some((name) => findKeyword(of.definition.call, name))) {
    return refusal('The field is given the time of each save, which is no value to tell rows apart by.');
  }
  const refused =
    postponementRefusal(change, [column.name], of.site, of.model, [of.field], migration) ??
    concurrencyRefusal(change, migration, context.project);
  if (refused !== undefined) return refused;
  const named = { name: table.name, database: 'postgresql', bornIn: migration.id } as const;
  const { name, columns } = uniqueConstraintOf([column.name], named);
  const beside = changesOfOperation(change, migration).flatMap((each) =>
    isLike(each, column.name) ? [each.index] : [],
  );
  return {
    change,
    of,
    plain,
    key: { table, constraint: { kind: 'unique', name, columns }, nulls: '', timing: '', beside },
    told: { slug: `${of.modelName.toLowerCase()}_${of.field}`, what: `"${column.name}" of ${tableText(table)}` },
    fill: backfillMigration(backfillOf(of), valueOfEachRow(of)),
  };
}

/** The state has the field as it is meant from the start, and agrees with the model; the database follows. */
function forRolling({ change, of, plain, key, told, fill }: Filled, { project }: RecipeContext): Fix {
  const { source, call, list, index } = of.site;
  const column = fieldOperation('AddField', of, emptyColumn(plain), plain.className);
  const operation = separated({ database: [column], state: [rewritten(source.text, call.span, [])] }, 'migrations');
  const chain = chainAfter(project, source, [
    fill,
    indexMigration([key], told, 'the rows are filled', of.quote),
    keyMigration([key], told, [constraintOperation([key], of.quote)], []),
  ]);
  const left = change.column.nullable ? '' : '; set NOT NULL in a later release';
  return {
    title: `Add "${of.column}" empty, give each row a value of its own, then make it unique${left}`,
    safety: 'review',
    edits: [
      {
        kind: 'change',
        file: source.file,
        edits: [replaceItem(list, index, indented(operation, itemIndentation(list)))],
      },
      ...chain.repointed,
      ...chain.created,
    ],
  };
}

function forStopped({ change, of, plain, key, told, fill }: Filled, { project, target }: RecipeContext): Fix {
  const { source, list, index } = of.site;
  const depth = itemIndentation(list);
  const column = fieldOperation('AddField', of, emptyColumn(plain), plain.className);
  const unique = separated(
    { database: [constraintOperation([key], of.quote)], state: [fieldOperation('AlterField', of, { null: 'True' })] },
    'migrations',
  );
  const isForeignKey = change.column.references?.enforced === true;
  const setNotNull = setNotNullOperation(of, isForeignKey);
  const chain = chainAfter(project, source, [
    fill,
    indexMigration([key], told, 'the rows are filled', of.quote),
    keyMigration([key], told, [unique], of.imports),
    proveAndSetNotNull(notNullColumnOf(of), setNotNull, source.name, of.imports),
  ]);
  const operations = [column, addCheckOperation(notNullColumnOf(of), target)];
  return {
    title: `Add "${of.column}" empty, give each row a value of its own, then make it unique and NOT NULL`,
    safety: 'review',
    edits: [
      {
        kind: 'change',
        file: source.file,
        edits: [
          ...importLines(source.text, source.module, notValidImports),
          replaceItem(list, index, operations.map((operation) => indented(operation, depth)).join(`,\n${depth}`)),
        ],
      },
      ...chain.repointed,
      ...chain.created,
    ],
  };
}

function emptyColumn({ changes }: PlainField) {
  return { ...changes, null: 'True', default: undefined };
}

/** A default that is a function is called for each row; what is the same for all rows cannot be unique. */
function valueOfEachRow(of: FieldDefinition): FillValue | undefined {
  const value = of.site.operation.arguments.get('field');
  const written = value?.kind === 'call' ? value.keywords.get('default') : undefined;
  if (written === undefined || (written.kind === 'call' && calleeNameOf(written) !== '')) return undefined;
  const code = defaultValueOf(of);
  if (code === undefined || code === 'none' || !code.code.endsWith('()') || isAlike(code.code)) return undefined;
  return { ...code, perRow: true };
}

/** Functions that give the next row what they gave the last one. */
function isAlike(code: string): boolean {
  return /(^|\.)(bool|bytes|date|dict|float|frozenset|int|list|now|set|str|time|today|tuple|utcnow)\(\)$/.test(code);
}
