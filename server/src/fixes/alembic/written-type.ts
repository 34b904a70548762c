import { columnTypeOf, enumValuesOf, isEnum, writtenTypeOf } from '../../alembic/column-types.ts';
import { enumIn, typeNameOf } from '../../alembic/enums.ts';
import type { DatabaseKind } from '../../base/target.ts';
import { type Column, type ColumnType, isSameType } from '../../schema/column.ts';
import type { Schema } from '../../schema/schema.ts';
import type { Value } from '../../syntax/value.ts';
import { nameText, text, valueText, type Writing } from './written-value.ts';

export interface TypeSetting {
  readonly writing: Writing;
  readonly database: DatabaseKind;
  /** Which enum types there are. */
  readonly schema: Schema;
}

/**
 * The type of a column for a directive: as the revision that gave it to the column spells it, else by what is known of it.
 * The type of an enum is never created on the way: whether it is there is for the code around to say.
 */
export function columnTypeText({ type, written }: Column, setting: TypeSetting): string | undefined {
  const value = written?.type;
  const isCurrent = value !== undefined && isSameType(columnTypeOf(value, setting.database), type);
  return (isCurrent ? typeValueText(value, setting) : undefined) ?? typeText(type, setting);
}

function typeValueText(value: Value, setting: TypeSetting): string | undefined {
  const { writing, database } = setting;
  const type = database === 'postgresql' ? enumIn(value) : undefined;
  if (type === undefined || !isEnum(type)) return valueText(value, writing);
  const name = typeNameOf(type);
  if (name === undefined) return valueText(value, writing);
  const item = enumText(name, setting.schema.enumTypes?.get(name)?.values ?? enumValuesOf(type), writing);
  const isArray = writtenTypeOf(value)?.name === 'ARRAY';
  return isArray ? `${nameText('sqlalchemy.dialects.postgresql.ARRAY', writing)}(${item})` : item;
}

/** As a type that is there already: only PostgreSQL's own class heeds `create_type` in SQLAlchemy 2.0. */
function enumText(name: string, values: readonly string[], writing: Writing): string {
  return `${nameText('sqlalchemy.dialects.postgresql.ENUM', writing)}(${[...enumArguments(name, values, writing), 'create_type=False'].join(', ')})`;
}

export function enumArguments(name: string, values: readonly string[], writing: Writing): readonly string[] {
  const [own = '', schema] = name.split('.').reverse();
  return [
    ...values.map((value) => text(value, writing)),
    `name=${text(own, writing)}`,
    ...(schema === undefined ? [] : [`schema=${text(schema, writing)}`]),
  ];
}

const plainTypes: ReadonlyMap<string, string> = new Map([
  ['bigint', 'BigInteger'],
  ['bool', 'Boolean'],
  ['boolean', 'Boolean'],
  ['bytea', 'LargeBinary'],
  ['blob', 'LargeBinary'],
  ['date', 'Date'],
  ['datetime', 'DateTime'],
  ['double precision', 'Double'],
  ['float', 'Float'],
  ['int', 'Integer'],
  ['integer', 'Integer'],
  ['interval', 'Interval'],
  ['json', 'JSON'],
  ['smallint', 'SmallInteger'],
  ['text', 'Text'],
  ['time', 'Time'],
  ['timestamp', 'DateTime'],
  ['timestamp without time zone', 'DateTime'],
  ['uuid', 'Uuid'],
]);

const dialectTypes: ReadonlySet<string> = new Set([
  'bit',
  'cidr',
  'citext',
  'daterange',
  'hstore',
  'inet',
  'int4range',
  'int8range',
  'jsonb',
  'macaddr',
  'macaddr8',
  'money',
  'numrange',
  'oid',
  'real',
  'regclass',
  'tsquery',
  'tsrange',
  'tstzrange',
  'tsvector',
]);

/** A type by what the database calls it. Undefined for one that is not known. */
function typeText(type: ColumnType, setting: TypeSetting): string | undefined {
  const { writing, schema, database } = setting;
  const item = itemText(type, setting) ?? (database === 'postgresql' ? knownEnum(type, schema, writing) : undefined);
  if (item === undefined || !type.isArray) return item;
  return `${nameText('sqlalchemy.dialects.postgresql.ARRAY', writing)}(${item})`;
}

function knownEnum({ name }: ColumnType, { enumTypes }: Schema, writing: Writing): string | undefined {
  const known = enumTypes?.get(name);
  return known && enumText(name, known.values, writing);
}

function itemText({ name, arguments: numbers }: ColumnType, { writing, database }: TypeSetting): string | undefined {
  const sa = (type: string, args = ''): string | undefined => {
    const named = nameText(`sqlalchemy.${type}`, writing);
    return named && `${named}(${args})`;
  };
  const [first, second] = numbers;
  switch (name) {
    case 'varchar':
      return sa('String', first === undefined ? '' : `length=${first}`);
    case 'char':
      return sa('CHAR', first === undefined ? '' : `length=${first}`);
    case 'numeric':
    case 'decimal':
      return sa(
        'Numeric',
        [
          ...(first === undefined ? [] : [`precision=${first}`]),
          ...(second === undefined ? [] : [`scale=${second}`]),
        ].join(', '),
      );
    case 'timestamp with time zone':
      return sa('DateTime', 'timezone=True');
    case 'time with time zone':
      return sa('Time', 'timezone=True');
    default: {
      const plain = plainTypes.get(name);
      if (plain !== undefined) return sa(plain);
      if (database !== 'postgresql' || !dialectTypes.has(name)) return undefined;
      const named = nameText(`sqlalchemy.dialects.postgresql.${name.toUpperCase()}`, writing);
      return named && `${named}(${numbers.join(', ')})`;
    }
  }
}
