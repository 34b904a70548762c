import type { Constraint as ConstraintNode, Node } from 'libpg-query';
import { type Constraint, findTable } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { elementEnd, indexAt, sqlBetween, sqlInBrackets, wordAt } from '../words.ts';
import { columnsIn, notNullColumn, notNullColumns } from './expressions.ts';
import { generatedName, tableNameOf } from './names.ts';
import { allOf, asKind, namesIn } from './node.ts';
import type { Step } from './step.ts';

/**
 * A constraint of a table, or of a column of it; undefined for what is no constraint (DEFAULT, NULL, …).
 *
 * @param column the column that it stands behind
 * @param siblings the constraints before it in the same statement
 */
export function constraintOf(
  node: ConstraintNode,
  table: TableName,
  column: string | undefined,
  siblings: readonly Constraint[],
  step: Step,
): Constraint | undefined {
  const kind = kinds[node.contype ?? 'CONSTR_NULL'];
  if (kind === undefined) return undefined;
  const columns = constrainedColumns(node, column, table, step);
  return {
    kind,
    ...nameOf(node, kind, table, columns, siblings, step),
    columns,
    condition: kind === 'check' ? sqlInBrackets(step, indexAt(step, step.offsetOf(node.location))) : undefined,
    provesNotNull: kind === 'check' ? notNullColumn(node.raw_expr) : undefined,
    ...(kind === 'check' ? alsoNotNull(node) : {}),
    references: kind === 'foreign-key' ? tableNameOf(node.pktable) : undefined,
    ...(kind === 'foreign-key' ? keyFacts(node) : {}),
    // NOT ENFORCED keeps nothing and proves nothing: the parser takes it for NOT VALID as well.
    validated: node.skip_validation !== true,
    ...(isIntricate(node) ? { definition: () => definitionOf(node, step) } : {}),
    ...((kind === 'check' || kind === 'foreign-key') && node.is_enforced !== true ? { enforced: false } : {}),
    ...(node.nulls_not_distinct === true ? { nullsDistinct: false } : {}),
    bornIn: step.migration,
  };
}

/** Whether it says more than which columns it is about. */
function isIntricate({ contype, including, options, indexspace, deferrable }: ConstraintNode): boolean {
  if (contype === 'CONSTR_EXCLUSION') return true;
  const isKey = contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY';
  const more = (including?.length ?? 0) + (options?.length ?? 0);
  return isKey && (more > 0 || deferrable === true || (indexspace !== undefined && indexspace !== ''));
}

/** What is written behind its name, up to the next element of the table. */
function definitionOf(node: ConstraintNode, step: Step): string {
  const start = indexAt(step, step.offsetOf(node.location));
  const first = wordAt(step, start) === 'CONSTRAINT' ? start + 2 : start;
  return sqlBetween(step, first, elementEnd(step, first));
}

/** What a foreign key says behind its columns. */
function keyFacts(node: ConstraintNode): Pick<Constraint, 'deferred' | 'options' | 'referencedColumns'> {
  const remote = namesIn(node.pk_attrs);
  const [deleted, onUpdate] = [node.fk_del_action, node.fk_upd_action].map((letter) => actions.get(letter ?? ''));
  const only = namesIn(node.fk_del_set_cols);
  const onDelete = deleted === undefined || only.length === 0 ? deleted : `${deleted} (${only.join(', ')})`;
  const options = {
    ...(node.fk_matchtype === 'f' ? { match: 'FULL' } : {}),
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(node.deferrable === true ? { deferrable: true } : {}),
    ...(node.initdeferred === true ? { initially: 'DEFERRED' } : {}),
  };
  return {
    ...(node.initdeferred === true ? { deferred: true } : {}),
    // Without any the primary key is meant.
    ...(remote.length === 0 ? {} : { referencedColumns: remote }),
    options,
  };
}

/** Letters of the parser; what is done where nothing is said is left out. */
const actions: ReadonlyMap<string, string> = new Map([
  ['c', 'CASCADE'],
  ['d', 'SET DEFAULT'],
  ['n', 'SET NULL'],
  ['r', 'RESTRICT'],
]);

const kinds: Readonly<Partial<Record<NonNullable<ConstraintNode['contype']>, Constraint['kind']>>> = {
  CONSTR_CHECK: 'check',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_FOREIGN: 'foreign-key',
  CONSTR_NOTNULL: 'not-null',
  CONSTR_PRIMARY: 'primary-key',
  CONSTR_UNIQUE: 'unique',
};

function alsoNotNull({ raw_expr: condition }: ConstraintNode): Pick<Constraint, 'alsoNotNull'> {
  const columns = notNullColumn(condition) === undefined ? notNullColumns(condition) : [];
  return columns.length > 0 ? { alsoNotNull: columns } : {};
}

function constrainedColumns(
  node: ConstraintNode,
  column: string | undefined,
  table: TableName,
  step: Step,
): readonly string[] {
  if (node.contype === 'CONSTR_CHECK') return columnsIn(node.raw_expr);
  if (column !== undefined) return [column];
  if (node.contype === 'CONSTR_FOREIGN') return namesIn(node.fk_attrs);
  if (node.contype === 'CONSTR_EXCLUSION') return excludedColumns(node.exclusions);
  if (node.indexname === undefined || node.indexname === '') return namesIn(node.keys);
  return findTable(step.before, table)?.indexes.get(node.indexname)?.columns ?? [];
}

/** Each exclusion is a pair of a column or expression and an operator. */
function excludedColumns(exclusions: readonly Node[] | undefined): readonly string[] {
  return allOf(exclusions, 'List').flatMap(({ items }) => asKind(items?.[0], 'IndexElem')?.name ?? []);
}

/** What PostgreSQL calls a constraint without a name, behind the table's and the columns' names. */
const labels: Readonly<Record<Constraint['kind'], string>> = {
  check: 'check',
  exclusion: 'excl',
  'foreign-key': 'fkey',
  'not-null': 'not_null',
  'primary-key': 'pkey',
  unique: 'key',
};

function nameOf(
  node: ConstraintNode,
  kind: Constraint['kind'],
  table: TableName,
  columns: readonly string[],
  siblings: readonly Constraint[],
  step: Step,
): Pick<Constraint, 'name' | 'nameIsExact'> {
  const written = node.conname || node.indexname;
  if (written && !isStandIn(written)) return { name: written, nameIsExact: true };
  // A check is named after a column only where it reads no other.
  const isNamedByTable = kind === 'primary-key' || (kind === 'check' && columns.length !== 1);
  const known = findTable(step.before, table);
  const isTaken = (name: string): boolean =>
    known?.constraints.has(name) === true ||
    known?.indexes.has(name) === true ||
    siblings.some((sibling) => sibling.name === name);
  const name = generatedName(table.name, isNamedByTable ? undefined : columns.join('_'), labels[kind], isTaken);
  return { name, nameIsExact: !written && known?.complete !== false };
}
