import type { AlterColumn } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import { isFalse, isTrue } from './columns.ts';
import { serverDefaultOf } from './server-default.ts';
import { argumentOf, type DirectiveStep, textArgument } from './step.ts';

type Forgotten = NonNullable<AlterColumn['forgets']>;

/** What a column is after MySQL has written it anew, and what has been forgotten on the way. */
export interface ColumnAnew {
  readonly to: Column;
  readonly forgets: Forgotten;
}

/**
 * For all but a plain default Alembic sends MySQL a `MODIFY` or `CHANGE`, which writes the whole column anew: what the
 * directive neither changes nor repeats in `existing_…` is gone (measured on Alembic 1.20). Undefined where it sends none.
 *
 * @param to what the directive makes of the column on other databases
 */
export function columnAnew(before: Column, to: Column, step: DirectiveStep): ColumnAnew | undefined {
  const given = step.directive.arguments;
  const says = (name: string): boolean => argumentOf(step, name) !== undefined;
  const isRenamed = textArgument(step, 'new_column_name') !== undefined;
  const isWhole = isRenamed || ['nullable', 'type_', 'autoincrement'].some(says) || given.has('comment');
  if (!isWhole) return undefined;
  const nullable = says('nullable') || says('existing_nullable') || before.primaryKey;
  const fallback = given.has('server_default') || says('existing_server_default');
  const counts = argumentOf(step, 'autoincrement') ?? argumentOf(step, 'existing_autoincrement');
  const comment = given.has('comment') || says('existing_comment');
  const forgets: Forgotten = [
    ...(says('type_') || says('existing_type') ? [] : ['type' as const]),
    ...(nullable || before.nullable ? [] : ['not-null' as const]),
    ...(fallback || before.default === undefined ? [] : ['default' as const]),
    ...(counts === undefined && before.autoIncrement ? ['auto-increment' as const] : []),
    ...(comment || before.comment === undefined ? [] : ['comment' as const]),
  ];
  const { comment: _, ...rest } = to;
  return {
    to: {
      ...(forgets.includes('comment') ? rest : to),
      nullable: forgets.includes('not-null') ? true : nullableOf(to, step),
      default: forgets.includes('default') ? undefined : defaultOf(to, step),
      autoIncrement: counts === undefined ? false : isTrue(counts),
    },
    forgets,
  };
}

function nullableOf(to: Column, step: DirectiveStep): boolean {
  if (argumentOf(step, 'nullable') !== undefined) return to.nullable;
  const existing = argumentOf(step, 'existing_nullable');
  return existing === undefined ? to.nullable : !isFalse(existing);
}

function defaultOf(to: Column, step: DirectiveStep): Column['default'] {
  if (step.directive.arguments.has('server_default')) return to.default;
  const existing = serverDefaultOf(argumentOf(step, 'existing_server_default'));
  return existing?.kind === 'set' ? existing.default : to.default;
}
