import type { Constraint } from '../schema/schema.ts';
import type { Value } from '../syntax/value.ts';
import { calledName, sqlOf, textOf } from './columns.ts';

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
