import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { splitSql } from '../../sql/split.ts';
import { sqlTextOf } from '../../sql/sql-text.ts';
import type { Value } from '../../syntax/value.ts';
import { type SqlStatement, statementsOf } from '../sql/run-sql-site.ts';
import { type DirectivePlace, findDirectivePlace } from './revision-site.ts';

/** The one statement that an `op.execute` sends. */
export interface ExecutedStatement {
  readonly place: DirectivePlace;
  readonly statement: SqlStatement;
}

/** Undefined for statements that share their string with others, and where an edit of the call would not be right. */
export function findExecutedStatement(
  change: Change,
  migration: Migration,
  project: Project,
): ExecutedStatement | undefined {
  const { sql } = change.origin;
  if (sql === undefined || sql.inBody || sql.together > 1) return undefined;
  const place = findDirectivePlace(change, migration, project);
  const statement = place && statementIn(place, project);
  return place && statement && { place, statement };
}

/** The statement of an `op.execute`, where it is one. */
export function statementIn({ directive }: DirectivePlace, project: Project): SqlStatement | undefined {
  if (directive.name !== 'execute') return undefined;
  const value = textSent(directive.arguments.get('sqltext'));
  const sql = value && sqlTextOf(value, { textOf: (module) => project.sourceOf(module)?.text, fill: () => undefined });
  if (value === undefined || sql === undefined || sql.holes.length > 0) return undefined;
  const pieces = splitSql(sql.text, project.target.database);
  const [only, ...others] = statementsOf([{ sql, pieces, isFormatted: false, at: value.at }]);
  return others.length === 0 ? only : undefined;
}

/** The SQL of `sa.text("…")`. */
function textSent(value: Value | undefined): Value | undefined {
  if (value?.kind !== 'call') return value;
  return value.callee?.endsWith('.text') === true ? value.positional[0] : undefined;
}
