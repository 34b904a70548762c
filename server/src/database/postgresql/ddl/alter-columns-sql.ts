import type { ChangeOf } from '../../../schema/change.ts';
import type { Column, ColumnDefault } from '../../../schema/column.ts';
import { type Constraint, findColumn } from '../../../schema/schema.ts';
import { quotedName, quotedTable } from '../../quoted-names.ts';
import { collationSql, columnComment, columnSql, defaultSql, plainColumnSql, typeSql } from './columns-sql.ts';
import { checksNow, keyNameOf } from './constraints-sql.ts';
import { type DdlSetting, type Draft, type SentStatement, sent, unknownPart } from './sent-statement.ts';
import { isWaiting } from './waiting.ts';

export function addColumn(change: ChangeOf<'AddColumn'>): readonly SentStatement[] {
  const { table, column, transientDefault, ifNotExists } = change;
  const target = quotedTable(table, 'postgresql');
  if (change.constraints !== undefined) {
    // Behind the keys and the index that come with the column.
    const comments = commentOn(change).map((comment) => ({ ...comment, when: 'operation done' as const }));
    return [plainColumn(change, change.constraints), ...comments];
  }
  const key = column.references?.enforced ? column.references : undefined;
  const keyName = (draft: Draft) =>
    key?.constraint === undefined ? unknownPart('name', draft) : quotedName(key.constraint, 'postgresql');
  return [
    sent((draft) =>
      [
        `ALTER TABLE ${target} ADD COLUMN`,
        ...(ifNotExists ? ['IF NOT EXISTS'] : []),
        columnSql(column, transientDefault, draft),
        ...(key ? [`CONSTRAINT ${keyName(draft)} ${inlineReference(key, draft)}`] : []),
      ].join(' '),
    ),
    ...(key?.deferred ? [sent((draft) => checksNow(table, keyName(draft)))] : []),
    ...(transientDefault === undefined || column.default ? [] : [dropDefault(change.table, column.name)]),
    ...commentOn(change),
  ];
}

function commentOn({ table, column }: ChangeOf<'AddColumn'>): readonly SentStatement[] {
  return column.comment === undefined ? [] : [columnComment(table, column.name, column.comment)];
}

/** The column with the constraints that are its own: others are added by statements of their own. */
function plainColumn(change: ChangeOf<'AddColumn'>, constraints: readonly Constraint[]): SentStatement {
  const { table, column, ifNotExists } = change;
  const how = ifNotExists ? ' IF NOT EXISTS' : '';
  return sent((draft) => {
    const written = plainColumnSql(column, constraints, draft);
    return `ALTER TABLE ${quotedTable(table, 'postgresql')} ADD COLUMN${how} ${written}`;
  });
}

function inlineReference(key: NonNullable<Column['references']>, draft: Draft): string {
  const column = key.column === undefined ? unknownPart('column', draft) : quotedName(key.column, 'postgresql');
  const when = key.deferred ? ' DEFERRABLE INITIALLY DEFERRED' : '';
  return `REFERENCES ${quotedTable(key.table, 'postgresql')}(${column})${when}`;
}

export function dropColumn(change: ChangeOf<'DropColumn'>, setting: DdlSetting): readonly SentStatement[] {
  const { table, column, cascade, ifExists } = change;
  const target = quotedTable(table, 'postgresql');
  const name = (draft: Draft) => keyNameOf(table, column, setting, draft);
  const drop = `DROP COLUMN ${ifExists ? 'IF EXISTS ' : ''}${quotedName(column, 'postgresql')}`;
  return [
    ...(change.dropsKeyFirst && !isWaiting('FOREIGN KEY', table, [column], setting.waiting)
      ? [
          sent((draft) => checksNow(table, name(draft))),
          sent((draft) => `ALTER TABLE ${target} DROP CONSTRAINT ${name(draft)}`),
        ]
      : []),
    sent(() => `ALTER TABLE ${target} ${drop}${cascade ? ' CASCADE' : ''}`),
  ];
}

export function renameColumn({ table, column, to }: ChangeOf<'RenameColumn'>): SentStatement {
  const [from, name] = [quotedName(column, 'postgresql'), quotedName(to, 'postgresql')];
  return sent(() => `ALTER TABLE ${quotedTable(table, 'postgresql')} RENAME COLUMN ${from} TO ${name}`);
}

/** What differs between the column before and after, in as few statements as a framework sends for it. */
export function alterColumn(change: ChangeOf<'AlterColumn'>, setting: DdlSetting): readonly SentStatement[] {
  const { table, column, to, fillsNulls } = change;
  if (change.sendsEach) return eachFacet(change);
  const before = findColumn(setting.before, table, column);
  if (before === undefined) return [unknownAlteration(change)];
  const target = quotedTable(table, 'postgresql');
  const alter = (...actions: readonly Action[]): readonly SentStatement[] =>
    actions.length === 0
      ? []
      : [sent((draft) => `ALTER TABLE ${target} ${actions.map((action) => action(draft)).join(', ')}`)];
  const nullability = nullabilityAction(before, to);
  const fills = fillsNulls !== undefined && before.nullable && !to.nullable;
  const dropsIdentity = before.autoIncrement && !to.autoIncrement;
  return [
    ...(dropsIdentity ? alter(() => `ALTER COLUMN ${name(to)} DROP IDENTITY IF EXISTS`) : []),
    ...alter(...typeActions(change, before), ...defaultActions(change, before), ...(fills ? [] : nullability)),
    ...(fills ? fillNulls(change, fillsNulls) : []),
    ...(fills ? alter(...nullability) : []),
    ...identityStatements(change, before),
    ...(before.comment === to.comment ? [] : [columnComment(table, to.name, to.comment)]),
    ...(change.transientDefault === undefined
      ? []
      : [{ ...dropDefault(table, to.name), when: 'operation done' as const }]),
  ];
}

/** What is named, each by itself. */
function eachFacet({ table, to, facets, using }: ChangeOf<'AlterColumn'>): readonly SentStatement[] {
  const alter = (action: Action) =>
    sent((draft) => `ALTER TABLE ${quotedTable(table, 'postgresql')} ALTER COLUMN ${name(to)} ${action(draft)}`);
  const cast = using === undefined ? '' : ` USING ${using}`;
  const fallback = to.default;
  return [
    ...(facets.type === undefined
      ? []
      : [alter((draft) => `TYPE ${typeSql(to.type, draft)}${collationSql(to)}${cast}`)]),
    ...(facets.nullable === undefined ? [] : [alter(() => `${to.nullable ? 'DROP' : 'SET'} NOT NULL`)]),
    ...(facets.default === undefined
      ? []
      : [alter((draft) => (fallback ? `SET DEFAULT ${defaultSql(fallback, draft)}` : 'DROP DEFAULT'))]),
  ];
}

/** One part of an ALTER TABLE. */
type Action = (draft: Draft) => string;

function name({ name: column }: Column): string {
  return quotedName(column, 'postgresql');
}

function typeActions({ facets, to, casts }: ChangeOf<'AlterColumn'>, before: Column): readonly Action[] {
  const isAltered = facets.type !== undefined || before.comment !== to.comment;
  if (!isAltered) return [];
  return [
    (draft) => {
      const type = typeSql(to.type, draft);
      const using = casts ? ` USING ${name(to)}::${type}` : '';
      return `ALTER COLUMN ${name(to)} TYPE ${type}${collationSql(to)}${using}`;
    },
  ];
}

function defaultActions({ to, transientDefault }: ChangeOf<'AlterColumn'>, before: Column): readonly Action[] {
  const set = (value: ColumnDefault): Action => {
    return (draft) => `ALTER COLUMN ${name(to)} SET DEFAULT ${defaultSql(value, draft)}`;
  };
  const actions: Action[] = [];
  if (to.default !== undefined && !isSameDefault(before.default, to.default)) actions.push(set(to.default));
  if (to.default === undefined && before.default !== undefined) {
    actions.push(() => `ALTER COLUMN ${name(to)} DROP DEFAULT`);
  }
  return transientDefault === undefined ? actions : [...actions, set(transientDefault)];
}

/** Of two that cannot be told nothing is claimed. */
function isSameDefault(one: ColumnDefault | undefined, other: ColumnDefault): boolean {
  return one !== undefined && one.kind === other.kind && one.sql === other.sql;
}

function nullabilityAction(before: Column, to: Column): readonly Action[] {
  if (before.nullable === to.nullable) return [];
  return [() => `ALTER COLUMN ${name(to)} ${to.nullable ? 'DROP' : 'SET'} NOT NULL`];
}

/** Rows that hold NULL; checks that wait for the end of the transaction would be in the way of what follows. */
function fillNulls({ table, to }: ChangeOf<'AlterColumn'>, value: ColumnDefault): readonly SentStatement[] {
  const target = quotedTable(table, 'postgresql');
  return [
    sent((draft) => `UPDATE ${target} SET ${name(to)} = ${defaultSql(value, draft)} WHERE ${name(to)} IS NULL`),
    sent(() => 'SET CONSTRAINTS ALL IMMEDIATE'),
  ];
}

/** The counter behind a column: it comes, it goes, it counts further. */
function identityStatements({ table, to }: ChangeOf<'AlterColumn'>, before: Column): readonly SentStatement[] {
  const target = quotedTable(table, 'postgresql');
  if (to.autoIncrement && !before.autoIncrement) {
    return [sent(() => `ALTER TABLE ${target} ALTER COLUMN ${name(to)} ADD GENERATED BY DEFAULT AS IDENTITY`)];
  }
  if (!before.autoIncrement) return [];
  const sequence = quotedName(`${table.name}_${before.name}_seq`, 'postgresql');
  if (!to.autoIncrement) return [sent(() => `DROP SEQUENCE IF EXISTS ${sequence} CASCADE`)];
  if (before.type.name === to.type.name) return [];
  return [sent((draft) => `ALTER SEQUENCE IF EXISTS ${sequence} AS ${typeSql(to.type, draft)}`)];
}

function dropDefault(table: ChangeOf<'AlterColumn'>['table'], column: string): SentStatement {
  const target = quotedTable(table, 'postgresql');
  return sent(() => `ALTER TABLE ${target} ALTER COLUMN ${quotedName(column, 'postgresql')} DROP DEFAULT`);
}

function unknownAlteration({ table, column }: ChangeOf<'AlterColumn'>): SentStatement {
  const place = `${quotedTable(table, 'postgresql')}.${quotedName(column, 'postgresql')}`;
  const note = `What changes about ${place} cannot be told: no migration in sight adds the column.`;
  return { sql: '', notes: [note], when: 'at once', names: [] };
}
