import type { Project } from '../../../project/project.ts';
import type { TableName } from '../../../schema/table-name.ts';
import { type Refused, refusal } from '../../fix.ts';
import { writtenName, writtenTable } from '../../sql/sql-names.ts';
import { functionStatement, liveTriggers } from '../live-triggers.ts';

/** Statements of SQL around the drop of a column that triggers use. */
export interface TriggerSteps {
  /** Before the column goes. */
  readonly drop: readonly string[];
  /** The column that they keep it in step with, which is there for good. */
  readonly twin: string | undefined;
  /** When it is there again: they create the triggers and have the column filled. */
  readonly bringBack: readonly string[];
}

/** Refuses where it cannot be told which triggers use the column. */
export function triggerSteps(column: string, table: TableName, project: Project): TriggerSteps | Refused {
  const name = writtenName(column);
  const drop: string[] = [];
  const bringBack: string[] = [];
  let twin: string | undefined;
  for (const { change } of liveTriggers(table, project)) {
    const definition = change.beforeInsert && functionStatement(change.beforeInsert, project);
    const called = definition && /FUNCTION\s+([^\s(]+)\s*\(/i.exec(definition)?.[1];
    const created = change.origin.sql?.text;
    if (definition === undefined || called === undefined || created === undefined) return notInSight;
    if (!new RegExp(`\\b(?:NEW|OLD)\\.${name.replaceAll(/[^\w]/g, '\\$&')}(?![\\w"])`, 'i').test(definition)) continue;
    drop.push(`DROP TRIGGER ${writtenName(change.trigger)} ON ${writtenTable(table)}`, `DROP FUNCTION ${called}()`);
    bringBack.push(definition, created);
    const from = new RegExp(`NEW\\.${name} := NEW\\.("?\\w+"?);`).exec(definition)?.[1];
    if (from !== undefined) {
      twin = from.replaceAll('"', '');
      bringBack.push(`UPDATE ${writtenTable(table)} SET ${name} = ${from} WHERE ${name} IS DISTINCT FROM ${from}`);
    }
  }
  return { drop, twin, bringBack };
}

const notInSight = refusal('Which triggers use the column cannot be told.');
