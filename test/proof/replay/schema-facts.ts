import { type Column, type ColumnType, typeText } from '../../../server/src/schema/column.ts';
import type { Constraint, Index, Schema, Table } from '../../../server/src/schema/schema.ts';

/**
 * A replayed schema in lines that {@link factsOfCatalog} writes too: what both know. Names of keys and unique
 * constraints, conditions and expressions are left out.
 */
export function factsOfReplay({ tables }: Schema): readonly string[] {
  // The server is asked about its tables alone.
  return sortedOnce([...tables.values()].filter(({ materialized }) => materialized !== true).flatMap(tableFacts));
}

/** A key of one column may be known with the column and as a constraint of the table. */
function sortedOnce(facts: readonly string[]): readonly string[] {
  return [...new Set(facts)].sort();
}

function tableFacts(table: Table): readonly string[] {
  const { name } = table.name;
  return [
    `table ${name}`,
    ...[...table.columns.values()].flatMap((column) => columnFacts(name, column)),
    ...[...table.indexes.values()].map((index) => indexFact(name, index)),
    ...[...table.constraints.values()].map((constraint) => constraintFact(name, constraint)),
  ];
}

function columnFacts(table: string, column: Column): readonly string[] {
  const facts = [`column ${table}.${column.name}: ${typeName(column.type)}${traitsOf(column)}`];
  if (column.primaryKey) facts.push(`primary key ${table}(${column.name})`);
  if (column.unique) facts.push(`unique ${table}(${column.name})`);
  if (column.references?.enforced === true) {
    facts.push(`foreign key ${table}(${column.name}) to ${column.references.table.name}`);
  }
  return facts;
}

function traitsOf(column: Column): string {
  const traits = [];
  if (column.collation !== undefined) traits.push(`collate "${column.collation}"`);
  if (!column.nullable) traits.push('not null');
  if (column.autoIncrement) traits.push('identity');
  else if (column.generated !== undefined) traits.push('generated');
  else if (column.default !== undefined) traits.push('default');
  return traits.map((trait) => ` ${trait}`).join('');
}

/** The catalog's own spelling. */
function typeName(type: ColumnType): string {
  const names: Readonly<Record<string, string>> = { varchar: 'character varying', char: 'character' };
  return typeText({ ...type, name: names[type.name] ?? type.name }).replace(', ', ',');
}

function indexFact(
  table: string,
  { name, unique, method, columns, operatorClass, expressions, partial }: Index,
): string {
  const keys = columns.map((column) => (operatorClass === undefined ? column : `${column} ${operatorClass}`));
  const what = expressions ? 'expressions' : keys.join(', ');
  return `index ${table}.${name}: ${unique ? 'unique ' : ''}${method} (${what})${partial ? ' partial' : ''}`;
}

function constraintFact(table: string, { kind, name, columns, references, validated }: Constraint): string {
  switch (kind) {
    case 'check':
      return `check ${table} ${name}${validated ? '' : ' not valid'}`;
    case 'foreign-key':
      return `foreign key ${table}(${columns.join(', ')}) to ${references?.name}`;
    case 'primary-key':
      return `primary key ${table}(${columns.join(', ')})`;
    default:
      return `${kind} ${table}(${columns.join(', ')})`;
  }
}

/** The lines that describe a real schema, reduced to what a replayed one can be compared with. */
export function factsOfCatalog(lines: readonly string[]): readonly string[] {
  return sortedOnce(lines.flatMap(catalogFact));
}

function catalogFact(line: string): readonly string[] {
  const [, kind = '', table = '', name = '', rest = ''] = /^(\w+) (\w+)(?:\.(\w+))?(?:: (.*))?/.exec(line) ?? [];
  switch (kind) {
    case 'table':
      return [`table ${table}`];
    case 'column':
      return [
        `column ${table}.${name}: ${rest.replace(/ default .*/, ' default').replace(/ generated .*/, ' generated')}`,
      ];
    case 'index':
      return [`index ${table}.${name}: ${indexKeys(rest)}`];
    case 'constraint':
      return [catalogConstraint(table, name, rest)];
    default:
      return [];
  }
}

function indexKeys(definition: string): string {
  const [keys = '', condition] = definition.replace(/ INCLUDE \([^)]*\)/, '').split(' WHERE ', 2);
  const hasExpression = /\((?:.*[(:].*)\)/.test(keys);
  const plain = hasExpression ? keys.replace(/\(.*\)/, '(expressions)') : keys.replaceAll(' DESC', '');
  return condition === undefined ? plain : `${plain} partial`;
}

function catalogConstraint(table: string, name: string, definition: string): string {
  const columns = /\(([^()]*)\)/.exec(definition)?.[1] ?? '';
  if (definition.startsWith('PRIMARY KEY')) return `primary key ${table}(${columns})`;
  if (definition.startsWith('UNIQUE')) return `unique ${table}(${columns})`;
  if (definition.startsWith('EXCLUDE')) return `exclusion ${table}()`;
  if (definition.startsWith('CHECK'))
    return `check ${table} ${name}${definition.endsWith('NOT VALID') ? ' not valid' : ''}`;
  return `foreign key ${table}(${columns}) to ${/REFERENCES (\w+)/.exec(definition)?.[1]}`;
}
