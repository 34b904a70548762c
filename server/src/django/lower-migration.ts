import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Schema } from '../schema/schema.ts';
import type { CallExpression } from '../syntax/module.ts';
import type { Built } from './built.ts';
import { type EarlierLowering, type LoweredOperation, type Takeover, takeoverFrom } from './earlier-lowering.ts';
import { alterTableComment, createCollation, createExtension, removeCollation } from './lower-extensions.ts';
import { addField, alterField, removeField, renameField, type Step } from './lower-fields.ts';
import {
  addConstraint,
  addConstraintInSteps,
  addConstraintNotValid,
  addIndex,
  addUniqueInSteps,
  removeConstraint,
  removeIndex,
  renameIndex,
  validateConstraint,
} from './lower-indexes.ts';
import {
  alterIndexTogether,
  alterModelTable,
  alterOrder,
  alterUniqueTogether,
  createModel,
  deleteModel,
  renameModel,
} from './lower-models.ts';
import { addDefaultValue, addKeyInSteps, setNotNullInSteps } from './lower-safer.ts';
import { opaque, runPython, runSql } from './lower-special.ts';
import type { LoweringContext } from './lowering-context.ts';
import { type DjangoMigration, type DjangoOperation, isSquash } from './migration-file.ts';
import type { OperationScope } from './operation-scope.ts';
import type { ProjectState } from './project-state.ts';
import { SchemaSoFar } from './schema-so-far.ts';
import { stateAfter } from './state-forwards.ts';
import { recorded, recording } from './state-record.ts';

/** A migration as the changes that Django makes on the target database, and what it leaves behind. */
export interface LoweredMigration {
  readonly migration: Migration;
  /** One object for each of the changes, the same however far edits have moved it. */
  readonly identities: readonly object[];
  /** The schema before each of the changes. */
  readonly steps: readonly Schema[];
  readonly after: Built;
  readonly operations: readonly LoweredOperation[];
}

/**
 * @param before what the migrations before it have built
 * @param earlier what the migration came to before an edit, for what the edit leaves as it was
 * @throws {SqlParserNeededError} where it sends SQL and the parser is not loaded
 */
export function lowerMigration(
  source: DjangoMigration,
  before: Built,
  context: LoweringContext,
  earlier?: EarlierLowering,
): LoweredMigration {
  const id = migrationIdOf(source);
  const operations = lowerEach(source, before, context, takeoverFrom(earlier, source));
  const parents = context.parentsOf(source);
  return {
    migration: {
      framework: 'django',
      id,
      file: source.file,
      text: source.text,
      module: source.module,
      at: source.class.nameSpan,
      parents,
      forward: operations.flatMap(({ changes }) => changes),
      initial: source.initial || isSquash(source),
      replaces: source.replaces.flatMap(({ app, name }) => (app && name ? `${app}.${name}` : [])),
      atomic: source.atomic,
      phase: source.phase,
      complete: source.complete,
    },
    identities: operations.flatMap(({ identities }) => identities),
    steps: operations.flatMap(({ steps }) => steps),
    after: operations.at(-1)?.after ?? before,
    operations,
  };
}

function lowerEach(
  source: DjangoMigration,
  start: Built,
  context: LoweringContext,
  takeover: Takeover,
): readonly LoweredOperation[] {
  let before = start;
  return source.operations.map((operation, index) => {
    const taken = takeover.find(index, before);
    const lowered = taken ?? lowerAnew(operation, before, source, context);
    const after = taken === undefined ? takeover.settled(index, before, lowered.after) : taken.after;
    before = after;
    return { ...lowered, after };
  });
}

function lowerAnew(
  operation: DjangoOperation,
  before: Built,
  source: DjangoMigration,
  context: LoweringContext,
): LoweredOperation {
  const id = migrationIdOf(source);
  const schema = new SchemaSoFar(before.schema, id);
  const scope: OperationScope = { context, source, id, applies: everywhere, within: [], schema };
  const asked = recording(before.state);
  const { changes, state } = lowerOperation(operation, asked, scope);
  const after = { state: recorded(state, before.state), schema: schema.now() };
  const identities = changes.map(() => ({}));
  return { operation, before, changes, identities, steps: schema.steps(), after, record: asked.record };
}

const everywhere: OperationScope['applies'] = { state: true, database: true };

function migrationIdOf({ app, name }: Pick<DjangoMigration, 'app' | 'name'>): MigrationId {
  return `${app}.${name}`;
}

interface Lowered {
  readonly changes: readonly Change[];
  readonly state: ProjectState;
}

function lowerAll(operations: readonly DjangoOperation[], before: ProjectState, scope: OperationScope): Lowered {
  const changes: Change[] = [];
  let state = before;
  for (const operation of operations) {
    const lowered = lowerOperation(operation, state, scope);
    changes.push(...lowered.changes);
    state = lowered.state;
  }
  return { changes, state };
}

function lowerOperation(operation: DjangoOperation, state: ProjectState, scope: OperationScope): Lowered {
  if (operation.known && operation.name === 'SeparateDatabaseAndState') return lowerSeparate(operation, state, scope);
  const after = stateAfter(operation, state, scope);
  const all = changesOfOperation({ operation, from: state, to: after, scope });
  // What neither the state nor the database sees is the database half of a model that Django does not manage.
  const changes = all.filter(({ applies }) => applies.state || applies.database);
  scope.schema.add(changes);
  if (operation.stateOperations.length === 0) return { changes, state: after };
  const declared = lowerAll(operation.stateOperations, after, inner(operation, scope, 'state'));
  return { changes: [...changes, ...declared.changes], state: declared.state };
}

/** The database operations see the state as they leave it among themselves; what remains is what is declared. */
function lowerSeparate(operation: DjangoOperation, state: ProjectState, scope: OperationScope): Lowered {
  const done = lowerAll(operation.databaseOperations, state, inner(operation, scope, 'database'));
  const declared = lowerAll(operation.stateOperations, state, inner(operation, scope, 'state'));
  return { changes: [...done.changes, ...declared.changes], state: declared.state };
}

function inner(operation: DjangoOperation, scope: OperationScope, half: 'state' | 'database'): OperationScope {
  const within: readonly CallExpression[] = operation.call ? [...scope.within, operation.call] : scope.within;
  const { state, database } = scope.applies;
  return {
    ...scope,
    within,
    applies: half === 'state' ? { state, database: false } : { state: false, database },
  };
}

type Lower = (step: Step) => readonly Change[];

const nothing: Lower = () => [];

/** What each operation does to the database. */
const lowerings: Readonly<Record<string, Lower>> = {
  AddConstraint: addConstraint,
  AddConstraintNotValid: addConstraintNotValid,
  AddDefaultValue: addDefaultValue,
  AddField: addField,
  AddIndex: addIndex,
  AddIndexConcurrently: addIndex,
  AlterConstraint: nothing,
  AlterField: alterField,
  AlterIndexTogether: alterIndexTogether,
  AlterModelManagers: nothing,
  AlterModelOptions: nothing,
  AlterModelTable: alterModelTable,
  AlterModelTableComment: alterTableComment,
  AlterOrderWithRespectTo: alterOrder,
  AlterUniqueTogether: alterUniqueTogether,
  BloomExtension: createExtension,
  BtreeGinExtension: createExtension,
  BtreeGistExtension: createExtension,
  CITextExtension: createExtension,
  CreateCollation: createCollation,
  CreateExtension: createExtension,
  CreateModel: createModel,
  CryptoExtension: createExtension,
  DeleteModel: deleteModel,
  HStoreExtension: createExtension,
  IgnoreMigration: nothing,
  RemoveCollation: removeCollation,
  RemoveConstraint: removeConstraint,
  RemoveField: removeField,
  RemoveIndex: removeIndex,
  RemoveIndexConcurrently: removeIndex,
  RenameField: renameField,
  RenameIndex: renameIndex,
  RenameModel: renameModel,
  RunPython: runPython,
  RunSQL: runSql,
  SaferAddCheckConstraint: addConstraintInSteps,
  SaferAddFieldForeignKey: addKeyInSteps,
  SaferAddFieldOneToOne: addKeyInSteps,
  SaferAddIndexConcurrently: addIndex,
  SaferAddUniqueConstraint: addUniqueInSteps,
  SaferAlterFieldSetNotNull: setNotNullInSteps,
  SaferRemoveCheckConstraint: removeConstraint,
  SaferRemoveFieldForeignKey: removeField,
  SaferRemoveIndexConcurrently: removeIndex,
  SaferRemoveUniqueConstraint: removeConstraint,
  TrigramExtension: createExtension,
  UnaccentExtension: createExtension,
  ValidateConstraint: validateConstraint,
};

function changesOfOperation(step: Step): readonly Change[] {
  const { operation } = step;
  if (!operation.known) return [opaque(step, unknownReason(operation))];
  const lower = lowerings[operation.name];
  return lower ? lower(step) : [opaque(step, unknownReason(operation))];
}

function unknownReason(operation: DjangoOperation): string {
  return `what ${operation.qualifiedName ?? operation.name} does is not known`;
}
