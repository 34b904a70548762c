import { type Constraint, findTable, type Index, type Schema } from '../../schema/schema.ts';
import { type TableName, tableKeyOf } from '../../schema/table-name.ts';
import { isSequence } from '../../syntax/values.ts';
import type { DirectiveCall } from './written-directive.ts';
import type { TypeSetting } from './written-type.ts';
import { listText, nameText, optionTexts, text, valueText, type Writing } from './written-value.ts';

/** How a directive is called: on `op` or inside a batch, with the names of things in `op.f(…)` or not. */
export interface CallStyle {
  readonly isBatch: boolean;
  readonly isAutocommit: boolean;
  nameText(name: string, kind: Constraint['kind'] | 'index'): string;
}

export function directive(
  style: CallStyle,
  name: string,
  table: TableName,
  more: Partial<Pick<DirectiveCall, 'first' | 'rest' | 'keywords' | 'tableKeyword' | 'schemaKeyword' | 'comments'>>,
): DirectiveCall {
  const { isBatch, isAutocommit } = style;
  return {
    kind: 'directive',
    name,
    table,
    first: [],
    rest: [],
    keywords: [],
    comments: [],
    isBatch,
    isAutocommit,
    ...more,
  };
}

const options: Readonly<Record<Constraint['kind'], readonly string[]>> = {
  check: [],
  exclusion: ['where', 'using', 'ops', 'deferrable', 'initially'],
  'foreign-key': ['onupdate', 'ondelete', 'deferrable', 'initially', 'match'],
  'not-null': [],
  'primary-key': ['deferrable', 'initially'],
  unique: ['deferrable', 'initially', 'postgresql_nulls_not_distinct', 'postgresql_include'],
};

/** As a directive has spelled them, else what is known of them. */
function optionsOf(constraint: Constraint, writing: Writing): readonly string[] | undefined {
  const { kind, written, nullsDistinct, enforced, definition } = constraint;
  if (written !== undefined) return optionTexts(written, options[kind], writing);
  if (enforced === false) return undefined;
  if (kind === 'foreign-key') return knownOptions(constraint, writing);
  if (definition !== undefined) return undefined;
  return kind === 'unique' && nullsDistinct === false ? ['postgresql_nulls_not_distinct=True'] : [];
}

/** What becomes of the rows that refer: not known of a foreign key that nobody has read it from. */
function knownOptions({ options: known }: Constraint, writing: Writing): readonly string[] | undefined {
  if (known === undefined) return undefined;
  const { onUpdate, onDelete, deferrable, initially, match } = known;
  const words = { onupdate: onUpdate, ondelete: onDelete, initially, match };
  const texts = Object.entries(words).flatMap(([name, word]) =>
    word === undefined ? [] : [`${name}=${text(word, writing)}`],
  );
  return deferrable === undefined ? texts : [...texts, `deferrable=${deferrable ? 'True' : 'False'}`];
}

/** The columns that a foreign key refers to: those of the primary key where it names none. */
function remoteColumns({ references, referencedColumns }: Constraint, schema: Schema): readonly string[] | undefined {
  if (referencedColumns !== undefined || references === undefined) return referencedColumns;
  const table = findTable(schema, references);
  const key = [...(table?.constraints.values() ?? [])].find(({ kind }) => kind === 'primary-key');
  const own = [...(table?.columns.values() ?? [])].filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
  const columns = key?.columns ?? own;
  return columns.length === 0 ? undefined : columns;
}

function elementTexts({ writtenElements }: Constraint, writing: Writing): readonly string[] | undefined {
  const texts = writtenElements?.map((element) => valueText(element, writing));
  return texts?.every((each) => each !== undefined) ? texts : undefined;
}

/** The condition of a check: as it is written, or its SQL. */
function conditionText({ condition, written }: Constraint, writing: Writing): string | undefined {
  const value = written?.get('condition');
  const said = value === undefined ? undefined : valueText(value, writing);
  return said ?? (condition === undefined ? undefined : text(condition, writing));
}

/** `sa.UniqueConstraint("email", name="…")`, as an element of `op.create_table`. Undefined where it is not known enough. */
export function tableConstraintText(
  constraint: Constraint,
  style: CallStyle,
  { writing, schema }: TypeSetting,
): string | undefined {
  const { kind, columns, references } = constraint;
  const remote = remoteColumns(constraint, schema);
  const args = optionsOf(constraint, writing);
  const named = constraint.nameIsExact ? [`name=${style.nameText(constraint.name, kind)}`] : [];
  if (args === undefined) return undefined;
  const call = (type: string, first: readonly string[]): string =>
    `${nameText(`sqlalchemy.${type}`, writing)}(${[...first, ...named, ...args].join(', ')})`;
  const quotedColumns = columns.map((column) => text(column, writing));
  switch (kind) {
    case 'check': {
      const condition = conditionText(constraint, writing);
      return condition && call('CheckConstraint', [condition]);
    }
    case 'foreign-key': {
      if (references === undefined || remote === undefined) return undefined;
      const targets = remote.map((column) => `${tableKeyOf(references)}.${column}`);
      return call('ForeignKeyConstraint', [listText(columns, writing), listText(targets, writing)]);
    }
    case 'primary-key':
      return call('PrimaryKeyConstraint', quotedColumns);
    case 'unique':
      return call('UniqueConstraint', quotedColumns);
    case 'exclusion': {
      const elements = elementTexts(constraint, writing);
      return elements && call('dialects.postgresql.ExcludeConstraint', elements);
    }
    default:
      return undefined;
  }
}

/** The directive that adds a constraint; undefined where it is not known enough. */
export function createdConstraint(
  constraint: Constraint,
  table: TableName,
  style: CallStyle,
  { writing, schema, database }: TypeSetting,
): DirectiveCall | undefined {
  const { kind, columns, references, name } = constraint;
  const remote = remoteColumns(constraint, schema);
  const said = optionsOf(constraint, writing);
  if (said === undefined) return undefined;
  const isOpen = !constraint.validated && database === 'postgresql' && (kind === 'check' || kind === 'foreign-key');
  const keywords = isOpen ? [...said, 'postgresql_not_valid=True'] : said;
  const first = [style.nameText(name, kind)];
  switch (kind) {
    case 'check': {
      const condition = conditionText(constraint, writing);
      return condition === undefined
        ? undefined
        : directive(style, 'create_check_constraint', table, { first, rest: [condition], keywords });
    }
    case 'foreign-key': {
      if (references === undefined || remote === undefined) return undefined;
      const rest = [text(references.name, writing), listText(columns, writing), listText(remote, writing)];
      const schema = references.schema === undefined ? [] : [`referent_schema=${text(references.schema, writing)}`];
      const more = { first, rest, keywords: [...keywords, ...schema], schemaKeyword: 'source_schema' };
      return directive(style, 'create_foreign_key', table, more);
    }
    case 'primary-key':
      return directive(style, 'create_primary_key', table, { first, rest: [listText(columns, writing)], keywords });
    case 'unique':
      return directive(style, 'create_unique_constraint', table, {
        first,
        rest: [listText(columns, writing)],
        keywords,
      });
    case 'exclusion': {
      const rest = elementTexts(constraint, writing);
      return rest && directive(style, 'create_exclude_constraint', table, { first, rest, keywords });
    }
    default:
      return undefined;
  }
}

/** What `op.drop_constraint` calls each kind as its `type_`. */
export const constraintTypes: Readonly<Record<Constraint['kind'], string | undefined>> = {
  check: 'check',
  exclusion: undefined,
  'foreign-key': 'foreignkey',
  'not-null': undefined,
  'primary-key': 'primary',
  unique: 'unique',
};

export function droppedConstraint(
  { name, kind }: Pick<Constraint, 'name' | 'kind'>,
  table: TableName,
  style: CallStyle,
  writing: Writing,
): DirectiveCall {
  const type = constraintTypes[kind];
  const keywords = type === undefined ? [] : [`type_=${text(type, writing)}`];
  return directive(style, 'drop_constraint', table, { first: [style.nameText(name, kind)], keywords });
}

/** What `op.create_index` is told besides the index, its table and its columns. */
const indexOptions = [
  'postgresql_using',
  'postgresql_where',
  'postgresql_ops',
  'postgresql_include',
  'postgresql_with',
  'postgresql_tablespace',
  'postgresql_nulls_not_distinct',
  'mysql_length',
  'mysql_prefix',
  'mysql_using',
  'sqlite_where',
];

/** The directives that build an index; undefined where it is not known what it is built on. */
export function createdIndex(
  index: Index,
  table: TableName,
  style: CallStyle & { readonly concurrently: boolean },
  { writing }: TypeSetting,
): readonly DirectiveCall[] | undefined {
  const { written, name, unique } = index;
  const list = indexedText(index, writing);
  const more = optionTexts(written ?? new Map(), indexOptions, writing);
  if (list === undefined || more === undefined) return undefined;
  const { concurrently } = style;
  const first = [style.nameText(name, 'index')];
  const keywords = [
    `unique=${unique ? 'True' : 'False'}`,
    ...more,
    ...(concurrently ? ['postgresql_concurrently=True'] : []),
  ];
  const built = directive(style, 'create_index', table, { first, rest: [list], keywords });
  return concurrently ? [droppedIndex(name, table, style), built] : [built];
}

/** What it is built on, by the names that the columns have by now. */
function indexedText(index: Index, writing: Writing): string | undefined {
  const { written, columns, partial, expressions, operatorClass, method } = index;
  const value = written?.get('columns');
  const isPlain = isSequence(value) && value.items.every(({ kind }) => kind === 'string');
  if (value !== undefined && !isPlain) {
    const said = valueText(value, writing);
    return said !== undefined && columns.every((column) => said.includes(column)) ? said : undefined;
  }
  const isKnown =
    written !== undefined || (!partial && !expressions && operatorClass === undefined && method === 'btree');
  return isKnown && columns.length > 0 ? listText(columns, writing) : undefined;
}

/** @returns what can be run again where it was interrupted, if it works concurrently */
export function droppedIndex(
  name: string,
  table: TableName,
  style: CallStyle & { readonly concurrently: boolean },
): DirectiveCall {
  const keywords = style.concurrently ? ['postgresql_concurrently=True', 'if_exists=True'] : [];
  return directive(style, 'drop_index', table, {
    first: [style.nameText(name, 'index')],
    tableKeyword: 'table_name',
    keywords,
  });
}
