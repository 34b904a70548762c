import type { Project } from '../../project/project.ts';
import type { Index, Table } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import type { Value } from '../../syntax/value.ts';
import { isRefused, type Refused } from '../fix.ts';
import { swappedIndexNames, temporaryIndexName } from '../recipes/carried-indexes.ts';
import { unknownDefinition } from '../refusals.ts';
import { executeText } from './executed-sql.ts';
import { finalName } from './final-name.ts';
import { codeAround } from './moved-code.ts';
import type { NewRevision } from './new-revision.ts';
import type { DirectivePlace } from './revision-site.ts';
import { createdIndex, droppedIndex } from './written-constraint.ts';
import { statementsText } from './written-directive.ts';
import type { TypeSetting } from './written-type.ts';
import { newWriting, text } from './written-value.ts';

/** The indexes of a column that are to be built on the one that takes its place. */
export interface CarriedIndexes {
  readonly table: TableName;
  readonly column: string;
  /** The column that takes its place, as it is called while they are built. */
  readonly to: string;
  readonly indexes: readonly Index[];
  /** All that the table has. */
  readonly known: Table['indexes'];
  readonly place: DirectivePlace;
  readonly project: Project;
  readonly setting: Omit<TypeSetting, 'writing'>;
}

/** The indexes that a column is in; undefined where one, or one that might be, is more than an index of plain columns. */
export function plainIndexesOn(column: string, { indexes }: Table): readonly Index[] | undefined {
  const found = [...indexes.values()].filter((index) => index.columns.includes(column) || mayMention(column, index));
  return found.every(isPlain) ? found : undefined;
}

function mayMention(column: string, { expressions, partial, definition }: Index): boolean {
  if (!expressions && !partial && definition === undefined) return false;
  const { keys, include, condition } = definition?.() ?? { keys: [undefined], include: [], condition: undefined };
  if (keys.includes(undefined) || condition === 'unknown') return expressions || partial;
  const words: readonly string[] = [...keys, ...include, condition?.sql ?? ''].join(' ').match(/\w+/g) ?? [];
  return words.includes(column);
}

/** What `op.create_index` may say of one besides its columns. */
const plainOptions = ['columns', 'if_not_exists', 'index_name', 'schema', 'table_name', 'unique'];

function isPlain(index: Index): boolean {
  const { columns, partial, expressions, method, operatorClass, ownedBy, nameIsExact, written, definition } = index;
  if (columns.length === 0 || partial || expressions || method !== 'btree' || operatorClass !== undefined) return false;
  if (ownedBy !== undefined || !nameIsExact || index.nullsDistinct === false) return false;
  const { keys = columns, include = [], condition, parameters, tablespace } = definition?.() ?? {};
  const isBare =
    include.length === 0 && condition === undefined && parameters === undefined && tablespace === undefined;
  const isOfColumns =
    keys.length === columns.length &&
    keys.every((key, place) => key === columns[place] || key === `"${columns[place]}"`);
  return (
    isBare &&
    isOfColumns &&
    [...(written ?? [])].every(
      ([name, value]) => plainOptions.includes(name) || isNone(value) || name === 'postgresql_concurrently',
    )
  );
}

function isNone(value: Value): boolean {
  return value.kind === 'constant' && (value.value === null || value.value === false);
}

/** Builds them on the new column while the table is in use; each begins with what a failed build has left. */
export function indexRevision(carried: CarriedIndexes): NewRevision | Refused {
  const { table, column, to, indexes, place, project } = carried;
  const { source, op } = place;
  const writing = newWriting(source);
  const style = {
    isBatch: false,
    isAutocommit: true,
    concurrently: true,
    nameText: (name: string) => finalName(text(name, writing), 'index', { project, op }),
  };
  const temporary = indexes.map((index) => ({
    ...index,
    name: temporaryIndexName(index),
    columns: index.columns.map((each) => (each === column ? to : each)),
  }));
  const built = temporary.map((index) => createdIndex(index, table, style, { ...carried.setting, writing }));
  if (!built.every((each) => each !== undefined)) return unknownDefinition;
  const upgrade = statementsText(built.flat(), op, writing);
  const dropped = temporary.toReversed().map(({ name }) => droppedIndex(name, table, style));
  const downgrade = statementsText(dropped, op, writing);
  const around = codeAround(source, [], [...upgrade, ...downgrade]);
  if (isRefused(around)) return around;
  const names = indexes.map(({ name }) => `"${name}"`).join(', ');
  return {
    slug: `index_${table.name}_${to}`.toLowerCase().replaceAll(/\W+/g, '_'),
    docstring: (after) =>
      [
        `Builds the ${indexes.length === 1 ? 'index' : 'indexes'} ${names} of "${table.name}" for "${to}", without blocking writes.`,
        '',
        `Runs after ${after}, in the same deploy. It may be interrupted and run again.`,
        '',
      ].join('\n'),
    ...around,
    imports: [...new Set([...around.imports, ...writing.imports])],
    upgrade,
    downgrade,
  };
}

/** The statements that give the new indexes the names of the old ones, and those that take that back. */
export function swapIndexes({ indexes, known, table, place: { source } }: CarriedIndexes): {
  readonly forward: readonly string[];
  readonly backward: readonly string[];
} {
  const { forward, backward } = swappedIndexNames(indexes, table, known);
  const sent = (sql: readonly string[]): readonly string[] => sql.map((each) => executeText(each, source, 4));
  return { forward: sent(forward), backward: sent(backward) };
}
