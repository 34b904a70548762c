import type { Change, ChangeOf } from '../../../schema/change.ts';
import { quotedName, quotedTable, quotedText } from '../../quoted-names.ts';
import { addColumn, alterColumn, dropColumn, renameColumn } from './alter-columns-sql.ts';
import { addConstraint, dropConstraint } from './constraints-sql.ts';
import { createIndex, dropIndex, renameIndex } from './indexes-sql.ts';
import { type DdlSetting, type Draft, type SentStatement, sent, unknownPart } from './sent-statement.ts';
import { createTable, dropTable, renameTable } from './tables-sql.ts';

/**
 * The statements that PostgreSQL is sent for a change, in order; none for a change of the framework's state alone, and
 * for one that was itself read from SQL: that is sent by the change that holds the text.
 */
export function statementsOf(change: Change, setting: DdlSetting): readonly SentStatement[] {
  if (!change.applies.database || change.origin.sql !== undefined || change.origin.code !== undefined) return [];
  switch (change.kind) {
    case 'CreateTable':
      return createTable(change);
    case 'DropTable':
      return [dropTable(change)];
    case 'RenameTable':
      return [renameTable(change)];
    case 'AddColumn':
      return addColumn(change);
    case 'DropColumn':
      return dropColumn(change, setting);
    case 'RenameColumn':
      return [renameColumn(change)];
    case 'AlterColumn':
      return alterColumn(change, setting);
    case 'CreateIndex':
      return [createIndex(change)];
    case 'DropIndex':
      return [dropIndex(change, setting)];
    case 'RenameIndex':
      return [renameIndex(change, setting)];
    case 'AddConstraint':
      return [addConstraint(change)];
    case 'DropConstraint':
      return dropConstraint(change, setting);
    case 'ValidateConstraint':
      return [
        sent(
          () =>
            `ALTER TABLE ${quotedTable(change.table, 'postgresql')} VALIDATE CONSTRAINT ${quotedName(change.constraint, 'postgresql')}`,
        ),
      ];
    case 'SetTableOption':
      return commentOn(change);
    case 'AlterEnum':
      return change.action === 'create' ? [createEnum(change)] : [];
    case 'DropObject':
      return [sent(() => `DROP ${change.objectKind.toUpperCase()} ${dottedName(change.name)}`)];
    case 'OtherStatement':
      return change.sql === undefined ? [] : [{ sql: change.sql, notes: [], when: 'at once', names: [] }];
    default:
      return ofCode(change);
  }
}

function commentOn({ table, column, comment }: ChangeOf<'SetTableOption'>): readonly SentStatement[] {
  if (comment === undefined) return [];
  const name = quotedTable(table, 'postgresql');
  const place = column === undefined ? `TABLE ${name}` : `COLUMN ${name}.${quotedName(column, 'postgresql')}`;
  return [sent(() => `COMMENT ON ${place} IS ${comment}`)];
}

function createEnum({ type, values }: ChangeOf<'AlterEnum'>): SentStatement {
  return sent(() => `CREATE TYPE ${dottedName(type)} AS ENUM (${values.map(quotedText).join(', ')})`);
}

/** `schema.name` */
function dottedName(name: string): string {
  return name
    .split('.')
    .map((part) => quotedName(part, 'postgresql'))
    .join('.');
}

function ofCode(change: Change): readonly SentStatement[] {
  switch (change.kind) {
    case 'RunSql':
      return sentTexts(change);
    case 'RunCode':
      return change.isNoop
        ? []
        : [note(`This runs Python${nameOf(change.functionName)}, which cannot be written as SQL.`)];
    case 'WriteRows':
      return [note(`This writes rows of ${change.label} by a statement that is put together in Python.`)];
    case 'Opaque':
      return [note(`This cannot be written as SQL: ${change.reason}.`)];
    default:
      return [];
  }
}

function nameOf(name: string | undefined): string {
  return name === undefined ? '' : ` (${name})`;
}

/** The texts as they are, with the values that are sent beside them. */
function sentTexts({ statements, parameters }: ChangeOf<'RunSql'>): readonly SentStatement[] {
  const values = parameters?.() ?? [];
  return statements.map((text, index) =>
    text === undefined
      ? note('This sends SQL that is only known when the migration runs.')
      : sent((draft) => withValues(text.trim(), values[index], draft)),
  );
}

function withValues(text: string, values: readonly (string | undefined)[] | undefined, draft: Draft): string {
  if (values === undefined) return text;
  let next = 0;
  return text.replaceAll(/%(?:%|\([^()]*\)s|s)/g, (mark) => {
    if (mark === '%%') return '%';
    return (mark === '%s' ? values[next++] : undefined) ?? unknownPart('value', draft);
  });
}

function note(text: string): SentStatement {
  return { sql: '', notes: [text], when: 'at once', names: [] };
}
