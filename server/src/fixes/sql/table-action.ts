import { containsSpan, type Span } from '../../base/span.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { fileSpanOf } from '../../sql/literal-map.ts';
import { elementsFrom, type Range, skipWords, sqlBetween, symbolAt, wordAt } from '../../sql/words.ts';
import type { Module } from '../../syntax/module.ts';
import { isRefused, type Refused, refusal } from '../fix.ts';
import { readStatementSite, type SqlStatement, type StatementSite } from './run-sql-site.ts';
import { type WrittenName, writtenNameAt } from './written-name.ts';

/** One of the actions of an `ALTER TABLE`. */
export interface TableAction {
  readonly table: WrittenName;
  /** `ALTER TABLE IF EXISTS shop.orders` */
  readonly head: string;
  /** The tokens of the action. */
  readonly range: Range;
  /** The action in the text of its string. */
  readonly span: Span;
  /** It is the only one of its statement. */
  readonly isOnly: boolean;
}

/** An action that a fix may rewrite, in its statement and operation. */
export interface ActionSite extends StatementSite {
  readonly action: TableAction;
}

export const noAction = refusal('It is no action of an ALTER TABLE that names its table without ONLY or *.');

/** The action that a change was read from; refuses tables written with `ONLY` or `*`. */
export function readActionSite(change: Change, migration: Migration, project: Project): ActionSite | Refused {
  const found = readStatementSite(change, migration, project);
  if (isRefused(found)) return found;
  const action = findTableAction(change, found.statement, found.site.source.module);
  if (action === undefined) return noAction;
  return { ...found, action };
}

/** Undefined for tables written with `ONLY` or `*`, and for what is no action of an `ALTER TABLE`. */
export function findTableAction(change: Change, statement: SqlStatement, module: Module): TableAction | undefined {
  const { string, piece } = statement;
  return tableActionsIn(statement).find(({ span }) => {
    const place = fileSpanOf(string.sql, span, module, piece.statement);
    return place !== undefined && containsSpan(place, change.at);
  });
}

/** The actions of an `ALTER TABLE`; none where its table is written with `ONLY` or `*`. */
export function tableActionsIn(statement: SqlStatement): readonly TableAction[] {
  if (wordAt(statement, 0) !== 'ALTER' || wordAt(statement, 1) !== 'TABLE') return [];
  const table = writtenNameAt(statement, skipWords(statement, 2, 'IF', 'EXISTS'));
  if (table === undefined || wordAt(statement, table.next) === '' || symbolAt(statement, table.next) === '*') {
    return [];
  }
  const ranges = elementsFrom(statement, table.next);
  const head = sqlBetween(statement, 0, table.next);
  return ranges.map((range) => ({ table, head, range, span: spanOf(statement, range), isOnly: ranges.length === 1 }));
}

function spanOf({ tokens, text }: SqlStatement, { first, end }: Range): Span {
  const start = tokens[first]?.start ?? text.length;
  return { start, end: tokens[end - 1]?.end ?? start };
}

/** A constraint that an action adds to the table: `ADD CONSTRAINT a CHECK …`. */
export interface AddedConstraint {
  /** As it is written; undefined where PostgreSQL gives it a name. */
  readonly name: string | undefined;
  /** The index of the token that its definition begins with: `CHECK`, `FOREIGN`. */
  readonly definition: number;
}

/** Undefined for actions that add something else. */
export function addedConstraint(statement: SqlStatement, { range }: TableAction): AddedConstraint | undefined {
  if (wordAt(statement, range.first) !== 'ADD') return undefined;
  const named = wordAt(statement, range.first + 1) === 'CONSTRAINT';
  const name = named ? writtenNameAt(statement, range.first + 2) : undefined;
  const definition = name?.next ?? range.first + 1;
  const isConstraint = ['CHECK', 'FOREIGN', 'UNIQUE', 'PRIMARY', 'NOT'].includes(wordAt(statement, definition));
  return isConstraint ? { name: name?.text, definition } : undefined;
}
