import type { ColumnDefault } from '../schema/column.ts';
import { isKnownFunction, isVolatile } from '../sql/postgresql/expressions.ts';
import { tokensOf } from '../sql/token.ts';
import type { CallValue, Value } from '../syntax/value.ts';

/** What `server_default=` says: a default, or none (`None`). */
export type ServerDefault = { readonly kind: 'set'; readonly default: ColumnDefault } | { readonly kind: 'dropped' };

const unknown: ColumnDefault = { kind: 'unknown', sql: undefined };

/** SQLAlchemy quotes a plain string; `text`, `func` and the constants are SQL. `Identity` and `Computed` are no defaults. */
export function serverDefaultOf(value: Value | undefined): ServerDefault | undefined {
  if (value === undefined) return undefined;
  switch (value.kind) {
    case 'constant':
      return value.value === null || value.value === false ? { kind: 'dropped' } : { kind: 'set', default: unknown };
    case 'string':
      return { kind: 'set', default: { kind: 'constant', sql: quoted(value.value) } };
    case 'call':
      return isGenerator(value) ? undefined : { kind: 'set', default: defaultOfCall(value) };
    default:
      return { kind: 'set', default: unknown };
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function isGenerator({ callee }: CallValue): boolean {
  return callee !== undefined && /\.(Identity|Computed|FetchedValue)$/.test(callee);
}

function defaultOfCall({ callee = '', positional }: CallValue): ColumnDefault {
  const name = callee.slice(callee.lastIndexOf('.') + 1);
  const [first] = positional;
  if (/\.func\.\w+$/.test(callee)) return defaultOfSql(`${name}()`);
  switch (name) {
    case 'text':
    case 'literal_column':
      return first?.kind === 'string' ? defaultOfSql(first.value) : unknown;
    case 'true':
    case 'false':
      return { kind: 'constant', sql: name };
    case 'null':
      return { kind: 'constant', sql: 'NULL' };
    case 'literal':
      return defaultOfLiteral(first);
    default:
      return unknown;
  }
}

function defaultOfLiteral(value: Value | undefined): ColumnDefault {
  if (value?.kind === 'string') return { kind: 'constant', sql: quoted(value.value) };
  return value?.kind === 'number'
    ? { kind: 'constant', sql: String(value.value) }
    : { kind: 'constant', sql: undefined };
}

const clocks = /^(current_(date|time|timestamp|user|role|schema|catalog)|localtime|localtimestamp|session_user|user)$/i;

/** How often an SQL expression is evaluated when a column is added, by the functions that it calls. */
function defaultOfSql(sql: string): ColumnDefault {
  const isWhole = true;
  const tokens = tokensOf(sql, 'postgresql');
  let kind: ColumnDefault['kind'] = 'constant';
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' && token.kind !== 'quoted') continue;
    const name = sql.slice(token.start, token.end).replaceAll('"', '').toLowerCase();
    const next = tokens[index + 1];
    const isCall = next !== undefined && sql.charAt(next.start) === '(';
    if (isCall && isVolatile(name)) return { kind: 'volatile', sql, isWhole };
    if (isCall && !isKnownFunction(name)) kind = 'unknown';
    else if ((isCall || clocks.test(name)) && kind === 'constant') kind = 'stable';
  }
  return { kind, sql, isWhole };
}
