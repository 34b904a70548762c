import type { DjangoMigration } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { LiveModelImport } from '../schema/change.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { Expression, Statement } from '../syntax/module.ts';
import { findModelClass, isField } from './model-class.ts';

/**
 * What taking the historical model instead of the live one means for a function.
 * - `same`: the class is at hand and is a plain model without managers, `save` or `delete` of its own.
 * - `broken`: the function uses methods or constants of the class, which historical models do not have.
 * - `unknown`: neither can be told.
 */
export type HistoricalBehavior = 'same' | 'broken' | 'unknown';

/** How `functionText`, the text of the function, fares with the model as it was. */
export function historicalBehavior(
  live: LiveModelImport,
  functionText: string,
  source: DjangoMigration,
  project: Project,
): HistoricalBehavior {
  if (live.uses.some(({ end }) => usesOwnMember(source.text.slice(end)))) return 'broken';
  const definition = live.app === source.app ? findModelClass(live.name, source.app, project)?.definition : undefined;
  if (definition === undefined) return 'unknown';
  if (definition.body.some((statement) => isUsedMember(statement, functionText))) return 'broken';
  const isPlain = definition.bases.every(({ value }) => dottedNameOf(value) === 'models.Model');
  return isPlain && definition.body.every(isPlainMember) ? 'same' : 'unknown';
}

const onEveryModel = new Set(['_base_manager', '_default_manager', '_meta', 'DoesNotExist', 'MultipleObjectsReturned']);

/** What every manager has, by its Django name. */
const onEveryManager = new Set(
  `aggregate alias all annotate bulk_create bulk_update contains count create dates datetimes db_manager defer difference
  distinct earliest exclude exists explain extra filter first get get_or_create get_queryset in_bulk intersection iterator
  last latest none only order_by prefetch_related raw reverse select_for_update select_related union update
  update_or_create using values values_list`.split(/\s+/),
);

/** Whether what follows the class is `.objects.published()` or `.rebuild()`, which only the live class has. */
function usesOwnMember(rest: string): boolean {
  const [, member, method] = /^\s*\.\s*(\w+)(?:\s*\.\s*(\w+))?/.exec(rest) ?? [];
  if (member === undefined || onEveryModel.has(member)) return false;
  return member !== 'objects' || (method !== undefined && !onEveryManager.has(method));
}

/** A method, property or constant that the function names, on the class or on one of its rows. */
function isUsedMember(statement: Statement, functionText: string): boolean {
  const isUsed = (name: string): boolean => new RegExp(`\\.${name}\\b`).test(functionText);
  if (statement.kind === 'function' || statement.kind === 'class') {
    return !['save', 'delete'].includes(statement.name) && isUsed(statement.name);
  }
  if (statement.kind !== 'assign' || isField(statement.value)) return false;
  return statement.targets.some((target) => target.kind === 'name' && target.name !== 'objects' && isUsed(target.name));
}

function isPlainMember(statement: Statement): boolean {
  if (statement.kind === 'function')
    return !['save', 'delete', '__init__', 'save_base', 'from_db'].includes(statement.name);
  if (statement.kind !== 'assign') return true;
  const isManager = /[Mm]anager|\.as_manager$/.test(calleeOf(statement.value));
  return !isManager && !statement.targets.some((target) => target.kind === 'name' && target.name === 'objects');
}

function calleeOf(value: Expression): string {
  return value.kind === 'call' ? (dottedNameOf(value.callee) ?? '') : '';
}
