import type { DatabaseKind } from '../base/target.ts';
import { quotedText } from '../database/quoted-names.ts';
import type { ColumnDefault } from '../schema/column.ts';
import { truthOf } from '../syntax/truth.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { databaseDefaultOf, defaultOf, type Field } from './field.ts';
import { calleeNameOf, numberOf, textOf } from './values.ts';

/**
 * What Django fills the existing rows of a new column with: the Python-side default, evaluated once; '' where `blank`
 * allows it; now for `auto_now`. `undefined` where there is nothing to fill with.
 */
export function effectiveDefaultOf(field: Field, database: DatabaseKind): ColumnDefault | undefined {
  const written = defaultOf(field);
  if (written) return constant(literalOf(written, field, database));
  if (field.arguments.get('default')?.kind === 'constant' || isGenerated(field)) return undefined;
  if (!field.null && field.blank && field.class.emptyStrings) return constant("''");
  if (!field.null && field.blank && field.class.internalType === undefined && field.class.form === 'column') {
    return { kind: 'unknown', sql: undefined };
  }
  const setsNow = ['auto_now', 'auto_now_add'].some((name) => isTrue(field.arguments.get(name)));
  return setsNow ? constant(undefined) : undefined;
}

/** The default that stays in the database: `db_default=`. */
export function databaseDefault(field: Field, database: DatabaseKind): ColumnDefault | undefined {
  const written = databaseDefaultOf(field);
  if (!written) return undefined;
  if (written.kind !== 'call') return constant(literalOf(written, field, database));
  return expressionDefault(written, field, database);
}

export function isGenerated(field: Field): boolean {
  return field.class.internalType === 'GeneratedField';
}

/** How often the database evaluates Django's functions; those that are not here depend on their arguments alone. */
const functionKinds: Readonly<Record<string, ColumnDefault>> = {
  Now: { kind: 'stable', sql: 'STATEMENT_TIMESTAMP()' },
  TransactionNow: { kind: 'stable', sql: 'CURRENT_TIMESTAMP' },
  Random: { kind: 'volatile', sql: 'RANDOM()' },
  RandomUUID: { kind: 'volatile', sql: 'GEN_RANDOM_UUID()' },
  UUID4: { kind: 'volatile', sql: undefined },
  UUID7: { kind: 'volatile', sql: undefined },
};

function expressionDefault(call: CallValue, field: Field, database: DatabaseKind): ColumnDefault {
  const name = calleeNameOf(call);
  if (name === 'Value') {
    const inner = call.positional[0] ?? call.keywords.get('value');
    return constant(inner && literalOf(inner, field, database));
  }
  const known = functionKinds[name];
  if (known) return name === 'Now' && database !== 'postgresql' ? { kind: 'stable', sql: 'CURRENT_TIMESTAMP' } : known;
  const isFunction = call.callee?.startsWith('django.db.models.functions.') ?? false;
  const inner = call.positional.filter((value): value is CallValue => value.kind === 'call');
  if (!isFunction) return isLiteralCall(name) ? constant(literalOf(call, field, database)) : unknownDefault;
  const kinds = inner.map((argument) => expressionDefault(argument, field, database).kind);
  if (kinds.includes('volatile')) return { kind: 'volatile', sql: undefined };
  return kinds.includes('unknown') ? unknownDefault : { kind: 'stable', sql: undefined };
}

const unknownDefault: ColumnDefault = { kind: 'unknown', sql: undefined };

function isLiteralCall(name: string): boolean {
  return ['Decimal', 'date', 'datetime', 'time', 'timedelta', 'UUID', 'dict', 'list', 'str'].includes(name);
}

function constant(sql: string | undefined): ColumnDefault {
  return { kind: 'constant', sql };
}

function isTrue(value: Value | undefined): boolean {
  return value !== undefined && truthOf(value) === true;
}

/** A Python literal as SQL, where it can be written; what a function returns cannot. */
export function literalOf(value: Value, field: Field, database: DatabaseKind): string | undefined {
  const type = field.class.internalType;
  if (type === 'JSONField') return jsonLiteral(value, database);
  if (type === 'ArrayField' && isEmptyList(value)) return "'{}'";
  if (type === 'HStoreField' && isEmptyDictionary(value)) return "''";
  switch (value.kind) {
    case 'string':
      return textLiteral(value.value, database);
    case 'number':
      return numberLiteral(value.value, field, database);
    case 'constant':
      return typeof value.value === 'boolean' ? booleanLiteral(value.value, database) : undefined;
    case 'call':
      return calleeNameOf(value) === 'Decimal' ? decimalLiteral(value) : undefined;
    default:
      return undefined;
  }
}

/** A text in quotes, in those of PostgreSQL with its backslashes. */
function textLiteral(text: string, database: DatabaseKind): string {
  return database === 'postgresql' ? quotedText(text) : `'${text.replaceAll("'", "''")}'`;
}

function numberLiteral(
  value: number,
  { class: { internalType, emptyStrings } }: Field,
  database: DatabaseKind,
): string {
  if (internalType === 'BooleanField') return booleanLiteral(value !== 0, database);
  if (internalType === 'FloatField' && Number.isInteger(value)) return `${value}.0`;
  return emptyStrings ? textLiteral(String(value), database) : String(value);
}

function booleanLiteral(value: boolean, database: DatabaseKind): string {
  if (database === 'postgresql') return value ? 'true' : 'false';
  return value ? '1' : '0';
}

function decimalLiteral(call: CallValue): string | undefined {
  const argument = call.positional[0];
  const text = textOf(argument) ?? numberOf(argument)?.toString();
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? text : undefined;
}

function isEmptyList(value: Value): boolean {
  if (value.kind === 'list' || value.kind === 'tuple') return value.items.length === 0 && !value.partial;
  return isBuiltin(value, 'list');
}

function isEmptyDictionary(value: Value): boolean {
  if (value.kind === 'dictionary') return value.entries.length === 0 && !value.partial;
  return isBuiltin(value, 'dict');
}

function isBuiltin(value: Value, name: string): boolean {
  return value.kind === 'reference' && (value.name === name || value.name === `builtins.${name}`);
}

function jsonLiteral(value: Value, database: DatabaseKind): string | undefined {
  if (isEmptyList(value)) return "'[]'";
  if (isEmptyDictionary(value)) return "'{}'";
  const text = jsonText(value);
  return text === undefined ? undefined : textLiteral(text, database);
}

function jsonText(value: Value): string | undefined {
  if (value.kind === 'string' || value.kind === 'number') return JSON.stringify(value.value);
  if (value.kind === 'constant' && value.value !== '...') return JSON.stringify(value.value);
  if (value.kind === 'list' && !value.partial) {
    const items = value.items.map(jsonText);
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }
  if (value.kind !== 'dictionary' || value.partial) return undefined;
  const entries = value.entries.map(({ key, value: item }) => {
    const text = jsonText(item);
    return key.kind === 'string' && text !== undefined ? `${JSON.stringify(key.value)}: ${text}` : undefined;
  });
  return entries.includes(undefined) ? undefined : `{${entries.join(', ')}}`;
}
