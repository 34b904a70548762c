import type { Change, ChangeBase, TransactionId } from '../schema/change.ts';
import type { Migration, ParentRef } from '../schema/migration.ts';
import { applyChange } from '../schema/replay.ts';
import type { Schema } from '../schema/schema.ts';
import { type PerformedCall, performedCalls } from '../syntax/performed-calls.ts';
import type { CallValue } from '../syntax/value.ts';
import { calledName } from './columns.ts';
import { type Directive, directiveOf } from './directives.ts';
import { judgement } from './judgement.ts';
import { addColumn, alterColumn, dropColumn } from './lower-columns.ts';
import { bulkInsert, lowerExecuted } from './lower-execute.ts';
import {
  createCheck,
  createExclusion,
  createForeignKey,
  createIndex,
  createKey,
  dropConstraint,
  dropIndex,
} from './lower-keys.ts';
import { createTable, dropTable, renameTable, tableComment } from './lower-tables.ts';
import type { AlembicRevision } from './revision-file.ts';
import { argumentOf, type DirectiveStep, opaque, type RevisionContext, type Step } from './step.ts';

/** A revision as the changes that Alembic makes on the target database, and what it leaves behind. */
export interface LoweredRevision {
  readonly migration: Migration;
  /** The schema before each of the changes. */
  readonly steps: readonly Schema[];
  readonly after: Schema;
}

/** @throws {SqlParserNeededError} where it sends SQL and the parser is not loaded */
export function lowerRevision(
  source: AlembicRevision,
  parents: readonly ParentRef[],
  before: Schema,
  context: RevisionContext,
): LoweredRevision {
  const forward: Change[] = [];
  const steps: Schema[] = [];
  let schema = before;
  let complete = source.complete;
  for (const upgrade of source.upgrades) {
    const run = performedCalls(upgrade.value, judgement);
    complete &&= run.complete;
    let blocks = 0;
    let wasAutocommit = false;
    for (const performed of run.calls) {
      const isAutocommit = performed.within.some(isAutocommitBlock);
      if (isAutocommit && !wasAutocommit) blocks++;
      wasAutocommit = isAutocommit;
      const transaction = isAutocommit ? undefined : `${source.revision}${blocks === 0 ? '' : `:${blocks}`}`;
      const base = baseOf(performed, transaction, source);
      for (const change of changesOf({ performed, source, context, before: schema, base })) {
        forward.push(change);
        steps.push(schema);
        schema = applyChange(schema, change, source.revision);
      }
    }
  }
  const migration: Migration = {
    framework: 'alembic',
    id: source.revision,
    file: source.file,
    text: source.text,
    module: source.module,
    at: source.revisionAt,
    parents,
    forward,
    initial: false,
    replaces: [],
    atomic: true,
    phase: undefined,
    complete,
  };
  return { migration, steps, after: schema };
}

/** `with op.get_context().autocommit_block():` commits what came before it, and begins anew after it. */
function isAutocommitBlock(call: CallValue): boolean {
  return calledName(call) === 'autocommit_block';
}

function baseOf(performed: PerformedCall, transaction: TransactionId, source: AlembicRevision): ChangeBase {
  const { value, certainty, guarded, within, through } = performed;
  const isHere = value.module === source.module;
  const carrier = isHere ? value.at : through.find((call) => source.text.slice(call.span.start, call.span.end) !== '');
  const call = carrier ?? value.at;
  return {
    at: call.callee.span,
    origin: {
      kind: 'alembic-call',
      name: calledName(value),
      span: call.span,
      call: isHere ? value.at : undefined,
      within: within.map(({ at }) => at),
    },
    applies: { state: true, database: true },
    transaction,
    certainty,
    reverse: 'written',
    ...(guarded ? { guarded: true } : {}),
  };
}

function changesOf(step: Step): readonly Change[] {
  const call = step.performed.value;
  const directive = directiveOf(call);
  if (directive !== undefined) return lowerDirective({ ...step, directive });
  return isExecution(call) ? lowerExecuted(call.positional[0] ?? call.keywords.get('statement'), step) : [];
}

const executing: ReadonlySet<string> = new Set(['exec_driver_sql', 'execute', 'scalar', 'scalars']);

/** `connection.execute(…)`, `session.execute(…)`: of whatever is at hand in a revision, only those are executed. */
function isExecution(call: CallValue): boolean {
  return call.at.callee.kind === 'attribute' && executing.has(call.at.callee.name);
}

type Lower = (step: DirectiveStep) => readonly Change[];

/** What each directive does to the database. */
const lowerings: Readonly<Record<string, Lower>> = {
  add_column: addColumn,
  alter_column: alterColumn,
  bulk_insert: (step) => bulkInsert(argumentOf(step, 'table'), step),
  create_check_constraint: createCheck,
  create_exclude_constraint: createExclusion,
  create_foreign_key: createForeignKey,
  create_index: createIndex,
  create_primary_key: (step) => createKey('primary-key', step),
  create_table: createTable,
  create_table_comment: tableComment,
  create_unique_constraint: (step) => createKey('unique', step),
  drop_column: dropColumn,
  drop_constraint: dropConstraint,
  drop_index: dropIndex,
  drop_table: dropTable,
  drop_table_comment: tableComment,
  execute: (step) => lowerExecuted(argumentOf(step, 'sqltext'), step),
  rename_table: renameTable,
};

function lowerDirective(step: DirectiveStep): readonly Change[] {
  const { directive } = step;
  const lower = lowerings[directive.name];
  return lower === undefined ? [opaque(step, unknownReason(directive))] : lower(step);
}

function unknownReason({ name }: Directive): string {
  return `what ${name} does is not known`;
}
