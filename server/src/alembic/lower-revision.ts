import type { Change, ChangeBase, ChangeOf, TransactionId } from '../schema/change.ts';
import type { Migration, ParentRef, ReverseFunction, WayBack } from '../schema/migration.ts';
import { applyChange } from '../schema/replay.ts';
import type { Schema } from '../schema/schema.ts';
import { valueOfName } from '../syntax/evaluate.ts';
import type { Statement } from '../syntax/module.ts';
import type { PerformedCall, PerformedCalls } from '../syntax/performed-call.ts';
import type { CallValue } from '../syntax/value.ts';
import { calledName } from './columns.ts';
import { type Directive, directiveOf } from './directives.ts';
import { leftToLater } from './drop-later.ts';
import { lowerEnumCall } from './enums.ts';
import { liveModelsIn } from './live-models.ts';
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
import { lowerChangedObjects, lowerSession } from './lower-session.ts';
import { createTable, dropTable, renameTable, tableComment } from './lower-tables.ts';
import { staysInSight } from './out-of-sight.ts';
import { performedBy } from './performed.ts';
import type { AlembicRevision, RevisionFunction } from './revision-file.ts';
import { isInUtc, type SessionZone, zoneSetBy } from './session-zone.ts';
import { argumentOf, type DirectiveStep, opaque, type RevisionContext, type Step } from './step.ts';
import { transactionsOf } from './transactions.ts';
import { unsteadyValuesOf } from './unsteady.ts';

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
  const { changes, steps, after, runs } = lowerFunctions(source.upgrades, source, before, context);
  let wayBack: WayBack | undefined;
  const migration: Migration = {
    framework: 'alembic',
    id: source.revision,
    file: source.file,
    text: source.text,
    module: source.module,
    at: source.revisionAt,
    parents,
    forward: changes,
    backward: () => {
      wayBack ??= wayBackOf(source, runs, after, context);
      return wayBack;
    },
    staysInSight: () => runs.every(({ performed }) => staysInSight(performed)),
    liveModels: () =>
      liveModelsIn(
        runs.flatMap(({ performed }) => performed.calls),
        source.module,
      ),
    unsteady: () =>
      unsteadyValuesOf(
        runs.flatMap(({ performed }) => performed.calls),
        source.module,
      ),
    initial: false,
    replaces: [],
    atomic: true,
    phase: undefined,
    complete: source.complete && runs.every(({ performed }) => performed.complete),
  };
  return { migration, steps, after };
}

/** @throws {SqlParserNeededError} as above */
function wayBackOf(
  source: AlembicRevision,
  upgrades: readonly FunctionRun[],
  start: Schema,
  context: RevisionContext,
): WayBack {
  const { changes, steps, after, runs } = lowerFunctions(source.downgrades, source, start, context);
  return {
    functions: runs.map((run): ReverseFunction => {
      const { definition, definedIn } = run.of.value;
      const isHere = definition.kind === 'function' && definedIn === source.module;
      return {
        name: definition.kind === 'function' ? definition.name : 'downgrade',
        at: isHere ? definition.nameSpan : source.revisionAt,
        does: deedOf(run),
        takesBack: upgrades.find(({ of }) => of.engine === run.of.engine)?.changes ?? [],
      };
    }),
    isMissing: runs.length === 0 && valueOfName('downgrade', source.scope) === undefined,
    changes,
    steps,
    before: start,
    after,
    understood: source.complete && runs.every(({ performed }) => performed.complete && staysInSight(performed)),
  };
}

function deedOf({ of, performed }: FunctionRun): ReverseFunction['does'] {
  if (performed.raises) return 'raises';
  const { definition } = of.value;
  return definition.kind === 'function' && definition.body.every(isIdle) ? 'nothing' : 'something';
}

/** `pass`, `...`, a docstring, a bare `return`. */
function isIdle(statement: Statement): boolean {
  if (statement.kind === 'expression') return statement.value.kind === 'string' || statement.value.kind === 'constant';
  return statement.kind === 'return' ? statement.value === undefined : statement.kind === 'simple';
}

/** One function of a revision, gone through. */
interface FunctionRun {
  readonly of: RevisionFunction;
  readonly performed: PerformedCalls;
  readonly changes: readonly Change[];
}

function lowerFunctions(
  functions: readonly RevisionFunction[],
  source: AlembicRevision,
  before: Schema,
  context: RevisionContext,
) {
  const changes: Change[] = [];
  const steps: Schema[] = [];
  const runs: FunctionRun[] = [];
  let schema = before;
  for (const of of functions) {
    const first = changes.length;
    const performed = performedBy(of);
    const transactionOf = transactionsOf(source.revision);
    let zone: SessionZone = { isUtc: context.isInUtc };
    const apply = (read: Change): void => {
      const change = isTypeChange(read) && !isInUtc(zone, read) ? { ...read, zoneIsUnknown: true as const } : read;
      zone = zoneSetBy(change) ?? zone;
      changes.push(change);
      steps.push(schema);
      schema = applyChange(schema, change, source.revision);
    };
    for (const each of performed.calls) {
      const base = baseOf(each, transactionOf(each), source);
      for (const change of changesOf({ performed: each, source, context, before: schema, base })) apply(change);
    }
    for (const change of leftToLater(of, source)) apply(change);
    runs.push({ of, performed, changes: changes.slice(first) });
  }
  return { changes, steps, runs, after: schema };
}

function isTypeChange(change: Change): change is ChangeOf<'AlterColumn'> {
  return change.kind === 'AlterColumn' && change.facets.type !== undefined;
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
  const type = lowerEnumCall(call, step);
  if (type !== undefined) return type;
  if (isExecution(call)) return lowerExecuted(call.positional[0] ?? call.keywords.get('statement'), step);
  return [...lowerSession(call, step), ...lowerChangedObjects(call, step)];
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
  bulk_insert: (step) => bulkInsert(argumentOf(step, 'table'), argumentOf(step, 'rows'), step),
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
  if (lower === undefined) return [opaque(step, unknownReason(directive))];
  return lower(mayCopyTable(directive) ? { ...step, base: copyingTable(step.base) } : step);
}

/** `recreate` is "auto" where it is not said: a new table is made where the database alters none. */
function mayCopyTable({ batch }: Directive): boolean {
  if (batch === undefined) return false;
  const recreate = batch.positional[2] ?? batch.keywords.get('recreate');
  return recreate?.kind !== 'string' || recreate.value !== 'never';
}

function copyingTable(base: ChangeBase): ChangeBase {
  return { ...base, origin: { ...base.origin, copiesTable: true } };
}

function unknownReason({ name }: Directive): string {
  return `what ${name} does is not known`;
}
