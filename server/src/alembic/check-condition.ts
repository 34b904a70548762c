import type { DatabaseKind } from '../base/target.ts';
import type { Constraint } from '../schema/schema.ts';
import { tokensOf } from '../sql/token.ts';
import { nameAt, symbolAt, type Words } from '../sql/words.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { type ColumnSetting, calledName, sqlOf, textOf } from './columns.ts';
import { keyName } from './naming.ts';

type CheckFacts = Pick<Constraint, 'condition' | 'provesNotNull' | 'alsoNotNull'>;

/** What a check asks for: SQL, or `sa.column("name").is_not(None)`. */
export function checkFactsOf(value: Value | undefined): CheckFacts {
  const condition = sqlOf(value) ?? notNullTest(value);
  const columns = condition === undefined ? [] : columnsKeptFromNull(condition);
  const [only] = columns;
  if (only !== undefined && isWhole(condition)) return { condition, provesNotNull: only };
  return { condition, provesNotNull: undefined, ...(columns.length > 0 ? { alsoNotNull: columns } : {}) };
}

/** PostgreSQL reads names without quotes in lower case. */
const notNull = /^(?:"(?<exact>[^"]+)"|(?<plain>[\w$]+))\s+is\s+not\s+null$/i;

function isWhole(condition: string | undefined): boolean {
  return notNull.test(withoutBrackets(condition ?? ''));
}

/** The columns of `a IS NOT NULL AND …`; nothing is concluded from brackets and OR. */
function columnsKeptFromNull(condition: string): readonly string[] {
  const plain = withoutBrackets(condition);
  if (/[()']|\bor\b|\bbetween\b|\bcase\b/i.test(plain)) return [];
  return plain.split(/\s+and\s+/i).flatMap((part) => {
    const { exact, plain: name } = notNull.exec(part.trim())?.groups ?? {};
    return exact ?? name?.toLowerCase() ?? [];
  });
}

function withoutBrackets(condition: string): string {
  const text = condition.trim();
  const inside = /^\(([^()]*)\)$/.exec(text)?.[1];
  return inside === undefined ? text : inside.trim();
}

function notNullTest(value: Value | undefined): string | undefined {
  if (value?.kind !== 'call' || !['is_not', 'isnot'].includes(calledName(value))) return undefined;
  const [operand] = value.positional;
  const isNone = operand?.kind === 'constant' && operand.value === null;
  const { receiver } = value;
  const column =
    receiver?.kind === 'call' && calledName(receiver) === 'column' ? textOf(receiver.positional[0]) : undefined;
  return isNone && column !== undefined ? `${column} IS NOT NULL` : undefined;
}

/** Which of a table's columns a condition reads, in the order of the table: PostgreSQL drops the check with any of them. */
export function columnsReadBy(
  condition: Value | undefined,
  there: Iterable<string>,
  database: DatabaseKind,
): readonly string[] {
  if (condition === undefined) return [];
  const names = new Set(
    condition.kind === 'string' ? namesInSql(condition.value, database) : namesIn(condition, database),
  );
  // Elsewhere the case of a column's name does not count.
  if (database === 'postgresql') return [...there].filter((column) => names.has(column));
  const folded = new Set([...names].map((name) => name.toLowerCase()));
  return [...there].filter((column) => folded.has(column.toLowerCase()));
}

/** The names in SQL that may be columns: no functions, no types behind `::`. */
function namesInSql(text: string, database: DatabaseKind): readonly string[] {
  const words: Words = { text, tokens: tokensOf(text, database).filter(({ kind }) => kind !== 'comment') };
  return words.tokens.flatMap(({ kind }, index) => {
    if (kind === 'quoted') return [nameAt(words, index)];
    const isCalled = symbolAt(words, index + 1) === '(';
    const isType = symbolAt(words, index - 1) === ':' && symbolAt(words, index - 2) === ':';
    if (kind !== 'word' || isCalled || isType) return [];
    const name = nameAt(words, index);
    return [database === 'postgresql' ? name.toLowerCase() : name];
  });
}

/**
 * The columns that a construct names: `sa.column("total") > 0`, `sa.and_(orders.c.total > 0, …)`. Undefined where a part
 * of it is only known at run time, which may name others.
 */
function namesIn(value: Value, database: DatabaseKind): readonly string[] | undefined {
  if (value.kind === 'unknown') {
    return value.operands === undefined ? attributeOfTable(value) : namesInAll(value.operands, database);
  }
  if (isSequence(value)) return value.partial ? undefined : namesInAll(value.items, database);
  if (value.kind !== 'call') return [];
  const called = calledName(value);
  const [first] = value.positional;
  if (called === 'column' || called === 'Column') {
    const name = textOf(first);
    return name === undefined ? undefined : [name];
  }
  const isText = called === 'literal_column' || called === 'text';
  if (isText) return first?.kind === 'string' ? namesInSql(first.value, database) : undefined;
  const receiver = value.receiver === undefined ? [] : [value.receiver];
  const parts = [...receiver, ...value.positional, ...value.keywords.values()];
  return value.partial || parts.length === 0 ? undefined : namesInAll(parts, database);
}

function namesInAll(values: readonly Value[], database: DatabaseKind): readonly string[] | undefined {
  const names = values.map((each) => namesIn(each, database));
  return names.every((each) => each !== undefined) ? names.flat() : undefined;
}

/** `orders.c.total`, `orders.c["total"]` */
function attributeOfTable({ at }: Value): readonly string[] | undefined {
  if (at.kind !== 'attribute' && at.kind !== 'subscript') return undefined;
  const { object } = at;
  if (object.kind !== 'attribute' || !['c', 'columns'].includes(object.name)) return undefined;
  if (at.kind === 'attribute') return [at.name];
  const [index] = at.index;
  return index?.kind === 'string' && index.value !== undefined ? [index.value] : undefined;
}

/** The checks among what stands in a table or in a column of it, with what their conditions tell; the rest as it is. */
export function withConditions(
  constraints: readonly Constraint[],
  there: readonly string[],
  { table, database, naming }: ColumnSetting,
): readonly Constraint[] {
  const taken = new Set(constraints.flatMap(({ name, kind }) => (kind === 'check' ? [] : [name])));
  return constraints.map((constraint) => {
    if (constraint.kind !== 'check') return constraint;
    const condition = constraint.written?.get('condition');
    const { provesNotNull, alsoNotNull } = checkFactsOf(condition);
    const read = columnsReadBy(condition, there, database);
    const columns = read.length === 0 ? constraint.columns : read;
    const thing = { kind: 'check', written: undefined, table, columns } as const;
    const isNamed = constraint.unnamed !== 'named-by-database';
    const named = isNamed ? {} : keyName(thing, naming, database, (name) => taken.has(name));
    const check = { ...constraint, ...named, columns, provesNotNull, ...(alsoNotNull && { alsoNotNull }) };
    taken.add(check.name);
    return check;
  });
}
