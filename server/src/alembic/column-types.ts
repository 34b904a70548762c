import type { DatabaseKind } from '../base/target.ts';
import { type ColumnType, columnType, unknownType } from '../schema/column.ts';
import type { ClassValue, Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';

/** A type as SQLAlchemy spells it: `sa.String(length=50)`, `sa.Text`, `postgresql.ENUM("a", name="state")`. */
export interface WrittenType {
  /** The last part of its name. */
  readonly name: string;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
}

export function writtenTypeOf(value: Value | undefined): WrittenType | undefined {
  if (value?.kind === 'reference') return { name: lastName(value.name), positional: [], keywords: new Map() };
  if (value?.kind !== 'call' || value.callee === undefined) return undefined;
  const { callee, positional, keywords } = value;
  return { name: lastName(callee), positional, keywords };
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

type Types = Readonly<Record<string, string>>;

const postgresqlTypes: Types = {
  BigInteger: 'bigint',
  BIGINT: 'bigint',
  BIT: 'bit',
  BLOB: 'bytea',
  Boolean: 'boolean',
  BOOLEAN: 'boolean',
  BYTEA: 'bytea',
  CHAR: 'char',
  CIDR: 'cidr',
  CITEXT: 'citext',
  DATE: 'date',
  Date: 'date',
  DATERANGE: 'daterange',
  DateTime: 'timestamp',
  DATETIME: 'timestamp',
  DECIMAL: 'numeric',
  Double: 'double precision',
  DOUBLE: 'double precision',
  DOUBLE_PRECISION: 'double precision',
  FLOAT: 'double precision',
  Float: 'double precision',
  HSTORE: 'hstore',
  INET: 'inet',
  INT4RANGE: 'int4range',
  INT8RANGE: 'int8range',
  INTEGER: 'integer',
  Integer: 'integer',
  INTERVAL: 'interval',
  Interval: 'interval',
  JSON: 'json',
  JSONB: 'jsonb',
  LargeBinary: 'bytea',
  MACADDR: 'macaddr',
  MACADDR8: 'macaddr8',
  MONEY: 'money',
  NUMERIC: 'numeric',
  Numeric: 'numeric',
  NUMRANGE: 'numrange',
  OID: 'oid',
  PickleType: 'bytea',
  REAL: 'real',
  REGCLASS: 'regclass',
  SMALLINT: 'smallint',
  SmallInteger: 'smallint',
  String: 'varchar',
  Text: 'text',
  TEXT: 'text',
  TIME: 'time',
  Time: 'time',
  TIMESTAMP: 'timestamp',
  TSQUERY: 'tsquery',
  TSRANGE: 'tsrange',
  TSTZRANGE: 'tstzrange',
  TSVECTOR: 'tsvector',
  Unicode: 'varchar',
  UnicodeText: 'text',
  Uuid: 'uuid',
  UUID: 'uuid',
  VARCHAR: 'varchar',
};

const mysqlTypes: Types = {
  BigInteger: 'bigint',
  BIGINT: 'bigint',
  BLOB: 'blob',
  Boolean: 'bool',
  BOOLEAN: 'bool',
  CHAR: 'char',
  DATE: 'date',
  Date: 'date',
  DateTime: 'datetime',
  DATETIME: 'datetime',
  DECIMAL: 'numeric',
  Double: 'double precision',
  DOUBLE: 'double precision',
  Enum: 'enum',
  ENUM: 'enum',
  FLOAT: 'float',
  Float: 'float',
  INTEGER: 'integer',
  Integer: 'integer',
  Interval: 'datetime',
  JSON: 'json',
  LargeBinary: 'blob',
  LONGBLOB: 'longblob',
  LONGTEXT: 'longtext',
  MEDIUMBLOB: 'mediumblob',
  MEDIUMINT: 'mediumint',
  MEDIUMTEXT: 'mediumtext',
  NUMERIC: 'numeric',
  Numeric: 'numeric',
  PickleType: 'blob',
  SMALLINT: 'smallint',
  SmallInteger: 'smallint',
  String: 'varchar',
  TEXT: 'text',
  Text: 'text',
  TIME: 'time',
  Time: 'time',
  TIMESTAMP: 'timestamp',
  TINYINT: 'tinyint',
  TINYTEXT: 'tinytext',
  Unicode: 'varchar',
  UnicodeText: 'text',
  Uuid: 'char(32)',
  VARCHAR: 'varchar',
};

const typesOf: Readonly<Record<DatabaseKind, Types>> = {
  postgresql: postgresqlTypes,
  mysql: mysqlTypes,
  mariadb: mysqlTypes,
  // SQLite keeps any value in any column; SQLAlchemy writes the names of the standard.
  sqlite: { ...mysqlTypes, Double: 'double', DOUBLE: 'double', Uuid: 'char(32)' },
  oracle: {},
};

/** Types that take a length, and those that take a precision and a scale. */
const withLength: ReadonlySet<string> = new Set(['varchar', 'char', 'bit']);
const withPrecision: ReadonlySet<string> = new Set(['numeric']);
const withTimeZone: ReadonlySet<string> = new Set(['timestamp', 'time']);

/** The type of the column on the database; {@link unknownType} for what is not SQLAlchemy's, or not known. */
export function columnTypeOf(value: Value | undefined, database: DatabaseKind): ColumnType {
  const written = writtenTypeOf(value);
  if (written === undefined) return unknownType;
  if (written.name === 'ARRAY') return arrayOf(written, database);
  if (isEnum(written)) return enumTypeOf(written, database);
  const name = typesOf[database][written.name];
  if (name === undefined) return unknownType;
  if (withLength.has(name)) return withNumbers(name, [written.positional[0] ?? written.keywords.get('length')]);
  if (withPrecision.has(name)) {
    const { positional, keywords } = written;
    return withNumbers(name, [positional[0] ?? keywords.get('precision'), positional[1] ?? keywords.get('scale')]);
  }
  if (database === 'postgresql' && withTimeZone.has(name)) return zoned(name, written);
  return columnType(name);
}

export function isEnum({ name }: WrittenType): boolean {
  return name === 'Enum' || name === 'ENUM';
}

/** The name of the type that PostgreSQL has for an enum; undefined where it is kept in a text column. */
export function enumNameOf({ keywords, positional }: WrittenType): string | undefined {
  if (isKeptAsText({ keywords })) return undefined;
  const name = keywords.get('name');
  if (name !== undefined) return name.kind === 'string' ? name.value : undefined;
  const [first] = positional;
  return first?.kind === 'class' && first.definition.kind === 'class' && isEnumClass(first)
    ? first.definition.name.toLowerCase()
    : undefined;
}

/** Derived from `Enum`, `str, Enum`, `StrEnum` and the like. */
function isEnumClass({ definition }: ClassValue): boolean {
  return definition.bases.some(({ value }) => {
    const name = value.kind === 'name' || value.kind === 'attribute' ? value.name : '';
    return /^(?:Str|Int)?Enum$/.test(name);
  });
}

/** SQLAlchemy stores the names of the members, in their order; undefined where more than assignments make them. */
function membersOf({ definition }: ClassValue): readonly string[] | undefined {
  const names: string[] = [];
  for (const statement of definition.body) {
    if (statement.kind === 'assign') {
      const [target, ...others] = statement.targets;
      if (target?.kind !== 'name' || others.length > 0) return undefined;
      if (!target.name.startsWith('_')) names.push(target.name);
    } else if (statement.kind !== 'function' && statement.kind !== 'expression' && statement.kind !== 'simple') {
      return undefined;
    }
  }
  return names;
}

function isKeptAsText({ keywords }: Pick<WrittenType, 'keywords'>): boolean {
  const native = keywords.get('native_enum');
  return native?.kind === 'constant' && native.value === false;
}

/** As long as its longest value, if no length is given. */
function enumTextOf(written: WrittenType): ColumnType {
  const length = written.keywords.get('length');
  const values = enumValuesOf(written);
  if (length?.kind === 'number') return columnType('varchar', length.value);
  return length === undefined && values.length > 0
    ? columnType('varchar', Math.max(...values.map((value) => [...value].length)))
    : unknownType;
}

function enumTypeOf(written: WrittenType, database: DatabaseKind): ColumnType {
  if (isKeptAsText(written)) return enumTextOf(written);
  if (database !== 'postgresql') return columnType(database === 'sqlite' ? 'varchar' : 'enum');
  const name = enumNameOf(written);
  return name === undefined ? unknownType : columnType(name);
}

function arrayOf({ positional, keywords }: WrittenType, database: DatabaseKind): ColumnType {
  const item = columnTypeOf(positional[0] ?? keywords.get('item_type'), database);
  return item.name === 'unknown' ? unknownType : { ...item, isArray: true };
}

/** The numbers that are given; a type with one that is not known is not known either. */
function withNumbers(name: string, values: readonly (Value | undefined)[]): ColumnType {
  const numbers: number[] = [];
  for (const value of values) {
    if (value === undefined || (value.kind === 'constant' && value.value === null)) break;
    if (value.kind !== 'number') return unknownType;
    numbers.push(value.value);
  }
  return columnType(name, ...numbers);
}

function zoned(name: string, { positional, keywords }: WrittenType): ColumnType {
  const timezone = keywords.get('timezone') ?? positional[0];
  if (timezone === undefined) return columnType(name);
  if (timezone.kind !== 'constant') return unknownType;
  return columnType(timezone.value === true ? `${name} with time zone` : name);
}

/** The values of an enum, where all of them are written. */
export function enumValuesOf({ positional, keywords }: WrittenType): readonly string[] {
  const [first] = positional;
  if (first?.kind === 'class') {
    return isEnumClass(first) && !keywords.has('values_callable') ? (membersOf(first) ?? []) : [];
  }
  const values = positional.flatMap((value) => (isSequence(value) ? value.items : [value]));
  return values.every((value) => value.kind === 'string') ? values.map(({ value }) => value) : [];
}
