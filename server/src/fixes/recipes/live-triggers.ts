import type { Project } from '../../project/project.ts';
import { type ChangeOf, changesOf } from '../../schema/change.ts';
import type { MigrationId } from '../../schema/migration-id.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import type { CallExpression } from '../../syntax/module.ts';
import { findKeyword } from '../edits/arguments.ts';
import { indented, rewritten } from '../edits/rewritten.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { writtenName, writtenTable } from '../sql/sql-names.ts';

/**
 * The operations that drop the triggers which write a column, before the column itself goes, in column 0; on the way back
 * they are created again and have the column filled. `'unknown'` where a trigger cannot be taken apart so.
 */
export function triggerDrops(
  column: string,
  table: TableName,
  project: Project,
  quote: '"' | "'",
): readonly string[] | 'unknown' {
  const name = writtenName(column);
  const drops: string[] = [];
  for (const text of triggerTexts(table, project)) {
    if (!text.whole.includes(`NEW.${name} `) && !text.whole.includes(`NEW.${name};`)) continue;
    if (text.sql === undefined || text.reverse === undefined) return 'unknown';
    const from = new RegExp(`NEW\\.${name} := NEW\\.("?\\w+"?);`).exec(text.sql)?.[1];
    const fill = `UPDATE ${writtenTable(table)} SET ${name} = ${from} WHERE ${name} IS DISTINCT FROM ${from}`;
    if (from !== undefined) drops.push(runSqlText('migrations', 'noop', [fill], quote));
    const [sql, reverse] = [text.reverse, text.sql].map((each) => indented(each, '    '));
    drops.push(['migrations.RunSQL(', `    sql=${sql},`, `    reverse_sql=${reverse},`, ')'].join('\n'));
  }
  return drops;
}

/**
 * Whether a trigger that migrations created may read or write a column: all do but those whose function is in sight and
 * names other columns alone, as those do that keep one column in step with another.
 */
export function isInTrigger(column: string, table: TableName, project: Project): boolean {
  return liveTriggers(table, project).some(({ change }) => {
    const definition = change.beforeInsert && functionStatement(change.beforeInsert, project);
    if (definition === undefined) return true;
    const rows = definition.replaceAll(/\bRETURN\s+NEW\b/gi, '').matchAll(/\b(?:NEW|OLD)\b(?:\.("[^"]+"|\w+))?/gi);
    return Array.from(rows, ([, name]) => name?.replaceAll('"', '')).some(
      (name) => name === undefined || name === column,
    );
  });
}

/** A `RunSQL` that creates a trigger, as it is written; its arguments are `undefined` where they are no literals. */
interface TriggerText {
  readonly whole: string;
  readonly sql: string | undefined;
  readonly reverse: string | undefined;
}

function triggerTexts(table: TableName, project: Project): readonly TriggerText[] {
  return liveTriggers(table, project).flatMap(({ change, id }) => {
    const { call } = change.origin;
    const text = project.source(id)?.text;
    return call === undefined || text === undefined ? [] : [textOf(call, text)];
  });
}

interface TriggerChange {
  readonly change: ChangeOf<'CreateTrigger' | 'DropTrigger' | 'OtherStatement'>;
  readonly id: MigrationId;
}

interface LiveTrigger extends TriggerChange {
  readonly change: ChangeOf<'CreateTrigger'>;
}

/** The triggers that migrations created and none dropped. */
export function liveTriggers(table: TableName, project: Project): readonly LiveTrigger[] {
  const live = new Map<string, LiveTrigger>();
  for (const { change, id } of triggerChanges(project)) {
    if (change.kind === 'OtherStatement' || !isSameTable(change.table, table)) continue;
    if (change.kind === 'DropTrigger') live.delete(change.trigger);
    else live.set(change.trigger, { change, id });
  }
  return [...live.values()];
}

/** Every migration has to be asked, so once for all tables: a project that has changed is another object. */
const known = new WeakMap<Project, readonly TriggerChange[]>();

function triggerChanges(project: Project): readonly TriggerChange[] {
  const before = known.get(project);
  if (before !== undefined) return before;
  const found = project.order.flatMap((id) => {
    const forward = project.migration(id)?.migration.forward ?? [];
    const changes = changesOf(forward, 'CreateTrigger', 'DropTrigger', 'OtherStatement');
    return changes.filter(isOfTriggers).map((change) => ({ change, id }));
  });
  known.set(project, found);
  return found;
}

function isOfTriggers(change: TriggerChange['change']): boolean {
  return change.kind !== 'OtherStatement' || change.statement === 'CREATE FUNCTION';
}

/** The statement that created a function of triggers; undefined where it is not in sight. */
export function functionStatement(called: string, project: Project): string | undefined {
  const name = called.replaceAll(/\W/g, '\\$&');
  const head = new RegExp(`^CREATE\\s+(?:OR\\s+REPLACE\\s+)?FUNCTION\\s+(?:[\\w"]+\\.)?"?${name}"?\\s*\\(`, 'i');
  const texts = triggerChanges(project).map(({ change }) => change.origin.sql?.text.trim() ?? '');
  return texts.findLast((text) => head.test(text));
}

function textOf(call: CallExpression, text: string): TriggerText {
  const argument = (name: string, position: number): string | undefined => {
    const positional = call.arguments.filter((each) => each.name === undefined)[position];
    const value = (findKeyword(call, name) ?? positional)?.value;
    return value?.kind === 'string' ? rewritten(text, value.span, []) : undefined;
  };
  const whole = text.slice(call.span.start, call.span.end);
  return { whole, sql: argument('sql', 0), reverse: argument('reverse_sql', 1) };
}
