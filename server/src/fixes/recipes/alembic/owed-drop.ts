import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import type { Target } from '../../../base/target.ts';
import type { Project } from '../../../project/project.ts';
import type { DropColumn, DropTable } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { applyChange } from '../../../schema/replay.ts';
import { findTable, type Table } from '../../../schema/schema.ts';
import { tableText } from '../../../schema/table-name.ts';
import { executeLines, revisionOf } from '../../alembic/executed-sql.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { reversedChange } from '../../alembic/reverse-change.ts';
import type { Reversing } from '../../alembic/reversing.ts';
import { opImportOf } from '../../alembic/revision-text.ts';
import { defaultText } from '../../alembic/written-column.ts';
import { type CallStyle, directive } from '../../alembic/written-constraint.ts';
import { type Step, statementsText } from '../../alembic/written-directive.ts';
import { newWriting, text, type Writing } from '../../alembic/written-value.ts';
import { finalSchema } from '../../final-schema.ts';
import { type Answer, isRefused, type Refused } from '../../fix.ts';
import { unknownDefinition } from '../../refusals.ts';
import { readHead } from '../leaf.ts';
import { type TriggerSteps, triggerSteps } from './trigger-steps.ts';

interface Setting {
  readonly project: Project;
  readonly target: Target;
}

type Drop = DropColumn | DropTable;

/**
 * The drop of a column or a table that a revision left for a later release, offered on that revision as long as it is
 * owed. On the way back it is created again with its keys and indexes, and filled by the triggers that filled it.
 */
export function owedDropInRevision(change: Drop, migration: Migration, setting: Setting): readonly Answer[] {
  if (migration.framework !== 'alembic') return [];
  const head = readHead(setting.project, migration);
  if (isRefused(head)) return head;
  const revision = dropRevision(change, migration, head, setting);
  if (isRefused(revision)) return revision;
  const chain = revisionsAfter(setting.project, head, [revision]);
  if (isRefused(chain)) return chain;
  return [
    {
      title: `Write the revision that drops ${whatOf(change)} (in a later release)`,
      safety: 'review',
      edits: [...chain.repointed, ...chain.created],
    },
  ];
}

function whatOf(change: Drop): string {
  return change.kind === 'DropTable'
    ? `the table ${tableText(change.table)}`
    : `"${change.column}" of ${tableText(change.table)}`;
}

function dropRevision(
  change: Drop,
  migration: Migration,
  head: AlembicRevision,
  { project, target }: Setting,
): NewRevision | Refused {
  const schema = finalSchema(project);
  const last = project.migration(head.revision)?.migration;
  const table = schema && findTable(schema, change.table);
  if (schema === undefined || last === undefined || table === undefined) return unknownDefinition;
  const column = change.kind === 'DropColumn' ? change.column : undefined;
  const triggers = column === undefined ? noTriggers : triggerSteps(column, change.table, project);
  if (isRefused(triggers)) return triggers;
  const writing = newWriting(head);
  const op = opImportOf(head).name;
  // It is written in another file than the one that names are taken from.
  const origin = { ...change.origin, span: { start: 0, end: 0 } };
  const drop: Drop = { ...change, origin, applies: { state: true, database: true }, transaction: head.revision };
  const behind = applyChange(schema, drop, head.revision);
  const reversing: Reversing = {
    writing,
    migration: { ...last, forward: [drop] },
    project,
    database: target.database,
    op,
    start: schema,
    end: behind,
    before: () => schema,
    after: () => behind,
  };
  const back = reversedChange(drop, reversing);
  if (back === undefined) return unknownDefinition;
  const style = plainStyle(writing);
  const handing = handedOver(change, triggers.twin, table, reversing);
  const dropped =
    column === undefined
      ? directive(style, 'drop_table', change.table, {})
      : directive(style, 'drop_column', change.table, { rest: [text(column, writing)] });
  const statements = (steps: readonly Step[]): readonly string[] => statementsText(steps, op, writing);
  const sent = (sql: readonly string[]): readonly string[] => sql.map((each) => executeLines(each, head, 4));
  const forward = [...sent(triggers.drop), ...statements([...handing.forward, dropped])];
  // What the twin holds is copied to it again.
  const added = triggers.twin === undefined ? back : back.map((step) => ({ ...step, comments: [] }));
  const backward = [...statements([...handing.backward, ...added]), ...sent(triggers.bringBack)];
  const around = codeAround(head, [], [...forward, ...backward]);
  if (isRefused(around)) return around;
  const imports = [...new Set([...around.imports, ...writing.imports])];
  return { ...revisionOf(wordsOf(change, migration), forward, backward), ...around, imports };
}

const noTriggers: TriggerSteps = { drop: [], twin: undefined, bringBack: [] };

/** Sets the default of the column that stays, which only one of two that are kept in step can have; and takes that back. */
function handedOver(change: Drop, twinName: string | undefined, table: Table, { writing }: Reversing): Handing {
  const column = change.kind === 'DropColumn' ? table.columns.get(change.column) : undefined;
  const twin = twinName === undefined ? undefined : table.columns.get(twinName);
  const fallback = column?.default && defaultText(column, writing);
  if (fallback === undefined || twin === undefined || twin.default !== undefined) return { forward: [], backward: [] };
  const set = (value: string): Step => {
    const rest = [text(twin.name, writing)];
    return directive(plainStyle(writing), 'alter_column', table.name, { rest, keywords: [`server_default=${value}`] });
  };
  return { forward: [set(fallback)], backward: [set('None')] };
}

interface Handing {
  readonly forward: readonly Step[];
  readonly backward: readonly Step[];
}

function plainStyle(writing: Writing): CallStyle {
  return { isBatch: false, isAutocommit: false, nameText: (name) => text(name, writing) };
}

function wordsOf(change: Drop, { id }: Migration): Pick<NewRevision, 'slug' | 'docstring'> {
  const named = change.kind === 'DropTable' ? '' : `_${change.column}`;
  const used = change.kind === 'DropTable' ? 'the table' : 'the column';
  return {
    slug: `drop_${change.table.name}${named}`.toLowerCase().replaceAll(/\W+/g, '_'),
    docstring: [
      `Drops ${whatOf(change)}, which nothing uses any more.`,
      '',
      `Deploy it in a later release than ${id}: what ran before that one still used ${used}.`,
      '',
    ].join('\n'),
  };
}
