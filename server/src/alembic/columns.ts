import type { DatabaseKind } from '../base/target.ts';
import type { Column, ForeignKeyReference } from '../schema/column.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Constraint, ConstraintOptions, Index } from '../schema/schema.ts';
import { type TableName, tableName } from '../schema/table-name.ts';
import type { WrittenColumn } from '../schema/written.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { columnTypeOf, writtenTypeOf } from './column-types.ts';
import { type KeyName, keyName, type Named, type Naming, type WrittenName } from './naming.ts';
import { serverDefaultOf } from './server-default.ts';

/** What a `sa.Column(…)` builds. */
export interface ReadColumn {
  readonly call: CallValue;
  readonly column: Column;
  /** `sa.ForeignKey`, `sa.CheckConstraint`, `unique=True` inside it. */
  readonly constraints: readonly Constraint[];
  /** Of `index=True`. */
  readonly index: Index | undefined;
  /** The value of its type, wherever it stands. */
  readonly type: Value | undefined;
}

export interface ColumnSetting {
  readonly table: TableName;
  readonly database: DatabaseKind;
  readonly bornIn: MigrationId;
  readonly naming: Naming;
}

/** Undefined for what is no column, or one whose name is not known. */
export function readColumn(value: Value | undefined, setting: ColumnSetting): ReadColumn | undefined {
  if (value?.kind !== 'call' || calledName(value) !== 'Column') return undefined;
  const [first, second] = value.positional;
  const name = first?.kind === 'string' ? first.value : textOf(value.keywords.get('name'));
  if (name === undefined) return undefined;
  const type = columnTypeArgument(value);
  const items = value.positional.slice(type === second ? 2 : 1);
  const references = referenceOf(items);
  const primaryKey = isTrue(value.keywords.get('primary_key'));
  const generated = generatedOf(items);
  const written = serverDefaultOf(value.keywords.get('server_default'));
  const column: Column = {
    name,
    type: columnTypeOf(type, setting.database),
    nullable: nullableOf(value, primaryKey, items),
    default: written?.kind === 'set' ? written.default : undefined,
    primaryKey,
    unique: isTrue(value.keywords.get('unique')),
    autoIncrement:
      itemNamed(items, 'Identity') !== undefined || (primaryKey && countsAsKey(value, { references }, type)),
    ...counterOf(items),
    generated,
    ...(generated === undefined ? {} : { expression: () => sqlOf(itemNamed(items, 'Computed')?.positional[0]) }),
    check: checkOf(items),
    references,
    collation: collationOf(type),
    ...commentOf(value),
    bornIn: setting.bornIn,
    written: writtenColumn(value, type, items),
    // SQLAlchemy's NullType; behind `**options` there may be one.
    ...(type === undefined && !value.partial
      ? { untyped: references === undefined ? 'without a key' : 'with a key' }
      : {}),
  };
  const index = indexOf(column, value, setting);
  return {
    call: value,
    column,
    // With both, SQLAlchemy builds a unique index in the place of the constraint.
    constraints: constraintsOf(index === undefined ? column : { ...column, unique: false }, items, setting),
    index,
    type,
  };
}

/** The type that a `sa.Column(…)` is given, wherever it stands. */
export function columnTypeArgument({ positional, keywords }: CallValue): Value | undefined {
  const [, second] = positional;
  return keywords.get('type_') ?? (isType(second) ? second : undefined);
}

/** Keys and indexes are told apart from the column. */
const toldElsewhere: ReadonlySet<string> = new Set([
  'default',
  'index',
  'name',
  'nullable',
  'onupdate',
  'primary_key',
  'server_default',
  'type_',
  'unique',
]);

function writtenColumn({ keywords }: CallValue, type: Value | undefined, items: readonly Value[]): WrittenColumn {
  return {
    type,
    default: keywords.get('server_default'),
    items: items.filter((item) => !(item.kind === 'call' && /^(CheckConstraint|ForeignKey)$/.test(calledName(item)))),
    options: new Map([...keywords].filter(([name]) => !toldElsewhere.has(name))),
  };
}

export function calledName({ callee, at }: CallValue): string {
  if (callee !== undefined) return callee.slice(callee.lastIndexOf('.') + 1);
  return at.callee.kind === 'attribute' || at.callee.kind === 'name' ? at.callee.name : '';
}

export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'string' ? value.value : undefined;
}

/** A name as it is written, or in `op.f("…")`, `quoted_name(…)`. */
export function writtenNameOf(value: Value | undefined): WrittenName | undefined {
  const isFinal = value?.kind === 'call' && ['conv', 'f', 'quoted_name'].includes(calledName(value));
  const text = textOf(isFinal ? value.positional[0] : value);
  return text === undefined ? undefined : { text, isFinal };
}

export function isTrue(value: Value | undefined): boolean {
  return value?.kind === 'constant' && value.value === true;
}

export function isFalse(value: Value | undefined): boolean {
  return value?.kind === 'constant' && value.value === false;
}

const schemaItems: ReadonlySet<string> = new Set([
  'CheckConstraint',
  'Computed',
  'FetchedValue',
  'ForeignKey',
  'Identity',
  'Sequence',
]);

function isType(value: Value | undefined): boolean {
  const written = writtenTypeOf(value);
  return written === undefined ? value !== undefined : !schemaItems.has(written.name);
}

function itemNamed(items: readonly Value[], name: string): CallValue | undefined {
  return items.find((item): item is CallValue => item.kind === 'call' && calledName(item) === name);
}

function nullableOf({ keywords }: CallValue, primaryKey: boolean, items: readonly Value[]): boolean {
  const written = keywords.get('nullable');
  if (written === undefined) return !primaryKey && itemNamed(items, 'Identity') === undefined;
  return !isFalse(written);
}

function generatedOf(items: readonly Value[]): Column['generated'] {
  const computed = itemNamed(items, 'Computed');
  if (computed === undefined) return undefined;
  const persisted = computed.keywords.get('persisted') ?? computed.positional[1];
  // PostgreSQL before 18 has stored ones only, and SQLAlchemy writes STORED where nothing is said.
  return isFalse(persisted) ? 'virtual' : 'stored';
}

/** SQLAlchemy writes a serial type where it is not told to use an identity. */
function counterOf(items: readonly Value[]): Pick<Column, 'counter'> {
  const identity = itemNamed(items, 'Identity');
  return { counter: identity === undefined ? 'serial' : { identity: identitySql(identity) } };
}

function identitySql({ positional, keywords }: CallValue): string {
  const number = (name: string, value = keywords.get(name)) => (value?.kind === 'number' ? [value.value] : []);
  const isAlways = isTrue(keywords.get('always') ?? positional[0]);
  const options = [
    ...number('increment', keywords.get('increment') ?? positional[3]).map((each) => `INCREMENT BY ${each}`),
    ...number('start', keywords.get('start') ?? positional[2]).map((each) => `START WITH ${each}`),
    ...number('minvalue').map((each) => `MINVALUE ${each}`),
    ...number('maxvalue').map((each) => `MAXVALUE ${each}`),
    ...number('cache').map((each) => `CACHE ${each}`),
    ...(isTrue(keywords.get('cycle')) ? ['CYCLE'] : []),
  ];
  const how = options.length === 0 ? '' : ` (${options.join(' ')})`;
  return `GENERATED ${isAlways ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${how}`;
}

/** `sa.String(20, collation="C")` */
function collationOf(type: Value | undefined): string | undefined {
  return textOf(writtenTypeOf(type)?.keywords.get('collation'));
}

function commentOf({ keywords }: CallValue): Pick<Column, 'comment'> {
  const comment = textOf(keywords.get('comment'));
  return comment === undefined ? {} : { comment };
}

/** Whether an integer column that is the primary key counts by itself: unless something else fills it. */
export function countsAsKey(
  { keywords, positional }: CallValue,
  { references }: Pick<Column, 'references'>,
  type: Value | undefined,
): boolean {
  if (isFalse(keywords.get('autoincrement')) || itemNamed(positional, 'Sequence') !== undefined) return false;
  const isInteger = /integer$|^(BIGINT|INTEGER|SMALLINT)$/i.test(writtenTypeOf(type)?.name ?? '');
  return isInteger && references === undefined && keywords.get('server_default') === undefined;
}

function checkOf(items: readonly Value[]): string | undefined {
  const check = itemNamed(items, 'CheckConstraint');
  return check === undefined ? undefined : (sqlOf(conditionOf(check)[0]?.[1]) ?? '');
}

/** The SQL of a condition that is written as a string or in `sa.text`. */
export function sqlOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'string') return value.value;
  return value?.kind === 'call' && calledName(value) === 'text' ? textOf(value.positional[0]) : undefined;
}

/** `ondelete="CASCADE"`, `deferrable=True`, `initially="DEFERRED"` of a key, in whatever form that is written. */
export function optionsOf(argument: (name: string) => Value | undefined): Pick<Constraint, 'options'> {
  const words = (name: string, word: string) => {
    const text = textOf(argument(word));
    return text === undefined ? {} : { [name]: text.toUpperCase() };
  };
  const deferrable = argument('deferrable');
  const options: ConstraintOptions = {
    ...words('match', 'match'),
    ...words('onDelete', 'ondelete'),
    ...words('onUpdate', 'onupdate'),
    ...(isTrue(deferrable) || isFalse(deferrable) ? { deferrable: isTrue(deferrable) } : {}),
    ...words('initially', 'initially'),
  };
  return Object.keys(options).length === 0 ? {} : { options };
}

function referenceOf(items: readonly Value[]): ForeignKeyReference | undefined {
  const key = itemNamed(items, 'ForeignKey');
  const target = textOf(key?.positional[0] ?? key?.keywords.get('column'));
  const parts = target?.split('.') ?? [];
  const column = parts.at(-1);
  const table = parts.at(-2);
  if (key === undefined || column === undefined || table === undefined) return undefined;
  return { table: tableName(table, parts.at(-3)), column, enforced: true, ...deferral(key.keywords) };
}

/** `initially="DEFERRED"`: a foreign key is checked when the transaction ends. */
export function deferral(keywords: ReadonlyMap<string, Value>): { readonly deferred?: true } {
  return /^deferred$/i.test(textOf(keywords.get('initially')) ?? '') ? { deferred: true } : {};
}

function constraintsOf(column: Column, items: readonly Value[], setting: ColumnSetting): readonly Constraint[] {
  const { naming, table, bornIn, database } = setting;
  const columns = [column.name];
  const base = { columns, condition: undefined, provesNotNull: undefined, validated: true, bornIn };
  const nameFor = (kind: Named, item: CallValue | undefined, key?: ForeignKeyReference): KeyName => {
    const written = writtenNameOf(item?.keywords.get('name'));
    const referenced = key && {
      references: key.table,
      referencedColumns: key.column === undefined ? undefined : [key.column],
    };
    return keyName({ kind, written, table, columns, ...referenced }, naming, database);
  };
  const all: Constraint[] = [];
  if (column.unique) {
    all.push({ ...base, ...nameFor('unique', undefined), kind: 'unique', references: undefined });
  }
  if (column.references !== undefined) {
    const { table: references, column: referenced, deferred } = column.references;
    const key = itemNamed(items, 'ForeignKey');
    const name = nameFor('foreign-key', key, column.references);
    all.push({
      ...base,
      ...name,
      kind: 'foreign-key',
      references,
      ...(referenced === undefined ? {} : { referencedColumns: [referenced] }),
      ...(deferred ? { deferred } : {}),
      ...optionsOf((option) => key?.keywords.get(option)),
      ...(key === undefined ? {} : { written: key.keywords }),
    });
  }
  if (column.check !== undefined) {
    const item = itemNamed(items, 'CheckConstraint');
    const written = new Map([...(item?.keywords ?? []), ...conditionOf(item)]);
    all.push({
      ...base,
      ...nameFor('check', item),
      written,
      kind: 'check',
      condition: column.check || undefined,
      references: undefined,
    });
  }
  return all;
}

/** The condition of a check, by the name that directives have for it. */
export function conditionOf(item: CallValue | undefined): readonly (readonly [string, Value])[] {
  const condition = item?.positional[0] ?? item?.keywords.get('sqltext');
  return condition === undefined ? [] : [['condition', condition]];
}

function indexOf(column: Column, { keywords }: CallValue, setting: ColumnSetting): Index | undefined {
  if (!isTrue(keywords.get('index'))) return undefined;
  const { table, naming, bornIn, database } = setting;
  const columns = [column.name];
  return {
    ...keyName({ kind: 'index', written: undefined, table, columns }, naming, database),
    columns,
    unique: column.unique,
    method: 'btree',
    partial: false,
    expressions: false,
    operatorClass: undefined,
    ownedBy: undefined,
    bornIn,
  };
}
