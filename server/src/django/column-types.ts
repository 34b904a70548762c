import type { DatabaseKind } from '../base/target.ts';
import { isMysqlOrMariadb } from '../base/target.ts';
import { type Column, type ColumnType, columnType, typeText, unknownType } from '../schema/column.ts';
import type { Field } from './field.ts';
import { readField } from './field.ts';
import { numberOf } from './values.ts';

/** Column types by Django's internal type, as each backend's `data_types` has them. */
const postgresqlTypes: Readonly<Record<string, string>> = {
  AutoField: 'integer',
  BigAutoField: 'bigint',
  BigIntegerField: 'bigint',
  BinaryField: 'bytea',
  BooleanField: 'boolean',
  CharField: 'varchar',
  DateField: 'date',
  DateTimeField: 'timestamp with time zone',
  DecimalField: 'numeric',
  DurationField: 'interval',
  FileField: 'varchar',
  FilePathField: 'varchar',
  FloatField: 'double precision',
  GenericIPAddressField: 'inet',
  IntegerField: 'integer',
  IPAddressField: 'inet',
  JSONField: 'jsonb',
  PositiveBigIntegerField: 'bigint',
  PositiveIntegerField: 'integer',
  PositiveSmallIntegerField: 'smallint',
  SlugField: 'varchar',
  SmallAutoField: 'smallint',
  SmallIntegerField: 'smallint',
  TextField: 'text',
  TimeField: 'time',
  UUIDField: 'uuid',
  // django.contrib.postgres
  BigIntegerRangeField: 'int8range',
  CICharField: 'citext',
  CIEmailField: 'citext',
  CITextField: 'citext',
  DateRangeField: 'daterange',
  DateTimeRangeField: 'tstzrange',
  DecimalRangeField: 'numrange',
  HStoreField: 'hstore',
  IntegerRangeField: 'int4range',
  SearchQueryField: 'tsquery',
  SearchVectorField: 'tsvector',
};

const mysqlTypes: Readonly<Record<string, string>> = {
  AutoField: 'integer',
  BigAutoField: 'bigint',
  BigIntegerField: 'bigint',
  BinaryField: 'longblob',
  BooleanField: 'bool',
  CharField: 'varchar',
  DateField: 'date',
  DateTimeField: 'datetime(6)',
  DecimalField: 'numeric',
  DurationField: 'bigint',
  FileField: 'varchar',
  FilePathField: 'varchar',
  FloatField: 'double precision',
  GenericIPAddressField: 'char(39)',
  IntegerField: 'integer',
  IPAddressField: 'char(15)',
  JSONField: 'json',
  PositiveBigIntegerField: 'bigint unsigned',
  PositiveIntegerField: 'integer unsigned',
  PositiveSmallIntegerField: 'smallint unsigned',
  SlugField: 'varchar',
  SmallAutoField: 'smallint',
  SmallIntegerField: 'smallint',
  TextField: 'longtext',
  TimeField: 'time(6)',
  UUIDField: 'char(32)',
};

const sqliteTypes: Readonly<Record<string, string>> = {
  AutoField: 'integer',
  BigAutoField: 'integer',
  BigIntegerField: 'bigint',
  BinaryField: 'BLOB',
  BooleanField: 'bool',
  CharField: 'varchar',
  DateField: 'date',
  DateTimeField: 'datetime',
  DecimalField: 'decimal',
  DurationField: 'bigint',
  FileField: 'varchar',
  FilePathField: 'varchar',
  FloatField: 'real',
  GenericIPAddressField: 'char(39)',
  IntegerField: 'integer',
  IPAddressField: 'char(15)',
  JSONField: 'text',
  PositiveBigIntegerField: 'bigint unsigned',
  PositiveIntegerField: 'integer unsigned',
  PositiveSmallIntegerField: 'smallint unsigned',
  SlugField: 'varchar',
  SmallAutoField: 'integer',
  SmallIntegerField: 'smallint',
  TextField: 'text',
  TimeField: 'time',
  UUIDField: 'char(32)',
};

const oracleTypes: Readonly<Record<string, string>> = {};

const typesOf: Readonly<Record<DatabaseKind, Readonly<Record<string, string>>>> = {
  postgresql: postgresqlTypes,
  mysql: mysqlTypes,
  mariadb: mysqlTypes,
  sqlite: sqliteTypes,
  oracle: oracleTypes,
};

const withLength = new Set(['CharField', 'FileField', 'FilePathField', 'SlugField']);
const positive = new Set(['PositiveBigIntegerField', 'PositiveIntegerField', 'PositiveSmallIntegerField']);
const automatic = new Set(['AutoField', 'BigAutoField', 'SmallAutoField']);

/** The type of the column of a field that is no relation; {@link unknownType} where its class is not known. */
export function fieldTypeOf(field: Field, database: DatabaseKind): ColumnType {
  const internalType = field.class.internalType;
  if (internalType === undefined || !field.complete) return unknownType;
  if (internalType === 'ArrayField') return arrayTypeOf(field, database);
  if (internalType === 'GeneratedField') return generatedTypeOf(field, database);
  const name = typesOf[database][internalType];
  if (name === undefined) return unknownType;
  if (withLength.has(internalType)) return lengthTypeOf(field, name);
  if (internalType === 'DecimalField' && database !== 'sqlite') return decimalTypeOf(field, name);
  return typeNamed(name);
}

/** The type of a foreign key that points to a column of this field: the same, but neither positive nor automatic. */
export function referencingTypeOf(field: Field, database: DatabaseKind): ColumnType {
  const internalType = field.class.internalType;
  const isMysql = isMysqlOrMariadb(database);
  if (internalType !== undefined && field.complete) {
    if (automatic.has(internalType) && database === 'sqlite') {
      const plain = internalType === 'BigAutoField' ? 'bigint' : 'integer';
      return columnType(internalType === 'SmallAutoField' ? 'smallint' : plain);
    }
    if (positive.has(internalType) && !isMysql) {
      const plain = typesOf[database][internalType.slice('Positive'.length)];
      return plain === undefined ? unknownType : columnType(plain);
    }
  }
  return fieldTypeOf(field, database);
}

export function isAutomatic(field: Field): boolean {
  return field.class.internalType !== undefined && automatic.has(field.class.internalType);
}

/** The condition of the check that Django writes beside the column, where it writes one. */
export function checkOf(field: Field, column: string, database: DatabaseKind): string | undefined {
  const internalType = field.class.internalType;
  if (internalType === undefined) return undefined;
  if (positive.has(internalType) && (database === 'postgresql' || database === 'sqlite')) return `"${column}" >= 0`;
  if (internalType !== 'JSONField') return undefined;
  if (database === 'sqlite') return `(JSON_VALID("${column}") OR "${column}" IS NULL)`;
  return database === 'mariadb' ? `JSON_VALID(\`${column}\`)` : undefined;
}

function lengthTypeOf(field: Field, name: string): ColumnType {
  const written = field.arguments.get('max_length');
  const length = numberOf(written) ?? (written === undefined || isNoLength(written) ? field.class.maxLength : NaN);
  if (length === undefined) return columnType(name);
  return Number.isNaN(length) ? unknownType : columnType(name, length);
}

function isNoLength(value: { readonly kind: string }): boolean {
  return value.kind === 'constant';
}

function decimalTypeOf(field: Field, name: string): ColumnType {
  const digits = numberOf(field.arguments.get('max_digits'));
  const places = numberOf(field.arguments.get('decimal_places'));
  if (digits !== undefined && places !== undefined) return columnType(name, digits, places);
  const isUnbounded = !field.arguments.has('max_digits') && !field.arguments.has('decimal_places');
  return isUnbounded ? columnType(name) : unknownType;
}

function arrayTypeOf(field: Field, database: DatabaseKind): ColumnType {
  const base = innerField(field, 'base_field');
  if (!base || database !== 'postgresql') return unknownType;
  const type = fieldTypeOf(base, database);
  if (type === unknownType) return unknownType;
  return type.isArray ? { name: typeText(type), arguments: [], isArray: true } : { ...type, isArray: true };
}

function generatedTypeOf(field: Field, database: DatabaseKind): ColumnType {
  const output = innerField(field, 'output_field');
  return output ? fieldTypeOf(output, database) : unknownType;
}

/** The field that another field wraps. */
function innerField(field: Field, parameter: string): Field | undefined {
  const value = field.arguments.get(parameter);
  const nowhere = { app: '', model: '', swappable: () => undefined };
  return value?.kind === 'call' ? readField(field.name, value, nowhere, field.bornIn) : undefined;
}

function typeNamed(name: string): ColumnType {
  const [, base, argument] = /^(.*)\((\d+)\)$/.exec(name) ?? [];
  return base !== undefined && argument !== undefined ? columnType(base, Number(argument)) : columnType(name);
}

/**
 * Whether Django casts what is in the column when it takes another type: where the types that its PostgreSQL backend has
 * for the two fields are written differently, before lengths and digits are filled in.
 */
export function isCast(old: TypedField, changed: TypedField, database: DatabaseKind): boolean {
  if (database !== 'postgresql' || changed.column.generated !== undefined) return false;
  if ([old, changed].every(({ field }) => field.class.internalType === 'ArrayField')) {
    return baseTemplateOf(old.field) !== baseTemplateOf(changed.field);
  }
  return templateOf(old.field, old.column.type) !== templateOf(changed.field, changed.column.type);
}

/** A field with its column. */
interface TypedField {
  readonly field: Field;
  readonly column: Pick<Column, 'type' | 'generated'>;
}

function templateOf(field: Field, type: ColumnType): string {
  const { internalType } = field.class;
  if (field.relation || internalType === undefined || postgresqlOwn.test(internalType)) return typeText(type);
  // A function of Django's chooses between `varchar` and `varchar(n)`.
  if (internalType === 'CharField') return 'function';
  return postgresqlTypes[internalType] ?? typeText(type);
}

/** Fields of `django.contrib.postgres` and generated ones name their type by themselves. */
const postgresqlOwn = /Range|^CI|^HStore|^Search|^Array|^Generated/;

function baseTemplateOf(field: Field): string {
  const base = innerField(field, 'base_field');
  if (base?.class.internalType === 'ArrayField') return baseTemplateOf(base);
  return base ? templateOf(base, fieldTypeOf(base, 'postgresql')) : '';
}
