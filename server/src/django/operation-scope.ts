import type { Span } from '../base/span.ts';
import type { Change, TransactionId } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { CallExpression } from '../syntax/module.ts';
import type { Value } from '../syntax/value.ts';
import type { LoweringContext } from './lowering-context.ts';
import type { DjangoMigration, DjangoOperation } from './migration-file.ts';
import type { ModelScope } from './model-ref.ts';
import { standsAlone } from './operations.ts';
import type { SchemaSoFar } from './schema-so-far.ts';

/** Where an operation stands: in which migration, inside which `SeparateDatabaseAndState`. */
export interface OperationScope {
  readonly context: LoweringContext;
  readonly source: DjangoMigration;
  readonly id: MigrationId;
  readonly applies: { readonly state: boolean; readonly database: boolean };
  readonly within: readonly CallExpression[];
  /** The database as the operations before this one leave it. */
  readonly schema: SchemaSoFar;
}

/** What every change has, whatever it does. */
export type ChangeFacts = Pick<Change, 'at' | 'origin' | 'applies' | 'transaction' | 'certainty' | 'reverse'>;

export function modelScopeOf(scope: OperationScope, model: string): ModelScope {
  return { app: scope.source.app, model, swappable: scope.context.swappable };
}

/** The facts of a change that Django can take back by itself. */
export function factsOf(operation: DjangoOperation, scope: OperationScope, at: Span): ChangeFacts {
  return {
    at,
    origin: {
      kind: 'django-operation',
      name: operation.name,
      span: operation.call?.span ?? operation.at,
      call: operation.call,
      within: scope.within,
      ...(operation.known && standsAlone(operation.name) ? { standsAlone: true as const } : {}),
    },
    applies: scope.applies,
    transaction: schemaTransactionOf(scope),
    certainty: operation.certainty,
    reverse: 'generated',
  };
}

/** The transaction of the migration as a whole; `undefined` where each statement commits by itself. */
export function schemaTransactionOf(scope: OperationScope): TransactionId {
  return isOneTransaction(scope) ? scope.id : undefined;
}

/** MySQL and Oracle commit at every DDL statement, so Django does not even begin a transaction there. */
export function isOneTransaction({ source, context }: OperationScope): boolean {
  const { database } = context.target;
  return source.atomic && (database === 'postgresql' || database === 'sqlite');
}

/** Where an argument's value is written, or the operation itself where that is in another file. */
export function argumentSpan(operation: DjangoOperation, scope: OperationScope, ...names: readonly string[]): Span {
  for (const name of names) {
    const value = operation.arguments.get(name);
    const span = value && operation.call && spanHere(value, scope);
    if (span) return span;
  }
  return operation.at;
}

/** Where a facet of the operation's field is written: `null=False`, else the field class, else the operation. */
export function facetSpan(operation: DjangoOperation, scope: OperationScope, ...parameters: readonly string[]): Span {
  const field = operation.arguments.get('field');
  if (!field || !operation.call) return operation.at;
  if (field.kind !== 'call' || field.module !== scope.source.module) return spanHere(field, scope) ?? operation.at;
  for (const parameter of parameters) {
    const argument = field.at.arguments.find((each) => each.name === parameter);
    if (argument) return argument.span;
  }
  return field.at.callee.span;
}

function spanHere(value: Value, scope: OperationScope): Span | undefined {
  if (value.module === scope.source.module) return value.at.span;
  return value.via?.module === scope.source.module ? value.via.at.span : undefined;
}
