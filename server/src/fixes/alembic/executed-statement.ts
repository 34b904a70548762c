import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { isRefused, type Refused } from '../fix.ts';
import { notEditableSql, notSeparable } from '../refusals.ts';
import { type SqlStatement, statementsOf } from '../sql/run-sql-site.ts';
import { stringIn } from './executed-site.ts';
import { type DirectivePlace, readDirectivePlace } from './revision-site.ts';

/** The one statement that an `op.execute` sends. */
export interface ExecutedStatement {
  readonly place: DirectivePlace;
  readonly statement: SqlStatement;
}

/** Refuses statements that share their string with others, and where an edit of the call would not be right. */
export function readExecutedStatement(
  change: Change,
  migration: Migration,
  project: Project,
): ExecutedStatement | Refused {
  const { sql } = change.origin;
  if (sql === undefined || migration.framework !== 'alembic') return [];
  if (sql.inBody) return notEditableSql;
  if (sql.together > 1) return notSeparable;
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  const statement = statementIn(place, project);
  return statement === undefined ? notEditableSql : { place, statement };
}

/** The statement of an `op.execute`, where it is one. */
export function statementIn(place: DirectivePlace, project: Project): SqlStatement | undefined {
  if (place.directive.name !== 'execute') return undefined;
  const string = stringIn(place, project);
  if (string === undefined || string.sql.holes.length > 0) return undefined;
  const [only, ...others] = statementsOf([string]);
  return others.length === 0 ? only : undefined;
}
