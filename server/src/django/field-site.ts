import type { Span } from '../base/span.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { TableName } from '../schema/table-name.ts';
import type { Field } from './field.ts';
import type { NamedTable } from './indexes.ts';
import type { LoweringContext } from './lowering-context.ts';
import type { ChangeFacts } from './operation-scope.ts';
import type { ModelState, ProjectState } from './project-state.ts';
import { tableOfModel } from './tables.ts';

/** What is common to all changes that one alteration of a field leads to. */
export interface FieldSite {
  readonly context: LoweringContext;
  readonly id: MigrationId;
  /** The facts of a change that is told by these arguments of the field, the first of them that is written. */
  facts(...parameters: readonly string[]): ChangeFacts;
  /** Where a facet is written. */
  span(...parameters: readonly string[]): Span;
}

/** A field in its model, before or after an operation. */
export interface PlacedField {
  readonly field: Field;
  readonly model: ModelState;
  readonly state: ProjectState;
}

export function tableOfPlaced(placed: Pick<PlacedField, 'model' | 'state'>, context: LoweringContext): TableName {
  return tableOfModel(placed.state, placed.model, context.target.database);
}

export function namedTable(
  table: TableName,
  { options }: ModelState,
  context: LoweringContext,
  bornIn: MigrationId | undefined,
): NamedTable {
  return {
    name: table.name,
    database: context.target.database,
    bornIn,
    ...(options.tablespace !== undefined && { tablespace: options.tablespace }),
    operand(expression, module) {
      const source = context.sourceOf(module);
      return source ? context.evaluate(expression, source) : { kind: 'unknown', at: expression, module };
    },
  };
}
