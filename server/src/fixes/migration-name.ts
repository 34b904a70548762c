import type { DjangoOperation } from '../django/migration-file.ts';
import type { Change } from '../schema/change.ts';
import type { TableName } from '../schema/table-name.ts';
import type { Value } from '../syntax/value.ts';
import { stringOf } from './argument-values.ts';

/** As long as Django makes names. */
const longest = 52;

/** An operation, or some of its statements, and what it does. */
export interface NamedStep {
  /** Undefined for statements of an operation. */
  readonly operation: DjangoOperation | undefined;
  readonly changes: readonly Change[];
}

/**
 * What a migration is called for what it does, without its number: as Django names operations, data functions by their
 * own name, SQL by what it changes. Undefined where nothing in it tells.
 */
export function migrationSlug(steps: readonly NamedStep[]): string | undefined {
  return slugOfFragments(
    steps.map(({ operation, changes }) => (operation && fragmentOf(operation)) ?? fragmentOfChanges(changes)),
  );
}

function slugOfFragments(fragments: readonly (string | undefined)[]): string | undefined {
  const known = [...new Set(fragments.filter((fragment) => fragment !== undefined).map(asName))].filter(Boolean);
  let [name] = known;
  for (const fragment of known.slice(1)) {
    const longer = `${name}_${fragment}`;
    if (longer.length > longest) return `${name}_and_more`;
    name = longer;
  }
  return name;
}

function asName(fragment: string): string {
  return fragment
    .toLowerCase()
    .replaceAll(/\W+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}

function fragmentOf({ name: operation, arguments: given }: DjangoOperation): string | undefined {
  const text = (argument: string): string => stringOf(given.get(argument)) ?? '';
  const [name, model] = [text('name'), text('model_name')];
  switch (operation) {
    case 'CreateModel':
      return name;
    case 'DeleteModel':
      return `delete_${name}`;
    case 'RenameModel':
      return `rename_${text('old_name')}_${text('new_name')}`;
    case 'AddField':
      return `${model}_${name}`;
    case 'AlterField':
      return `alter_${model}_${name}`;
    case 'RemoveField':
    case 'RemoveConstraint':
    case 'RemoveIndex':
    case 'RemoveIndexConcurrently':
      return `remove_${model}_${name}`;
    case 'RenameField':
      return `rename_${text('old_name')}_${model}_${text('new_name')}`;
    case 'AddConstraint':
    case 'AddConstraintNotValid':
    case 'AlterConstraint':
      return nameGiven(given.get('constraint')) ?? `${model}_constraint`;
    case 'AddIndex':
    case 'AddIndexConcurrently':
      return nameGiven(given.get('index')) ?? `${model}_index`;
    case 'ValidateConstraint':
      return `validate_${name}`;
    case 'AlterModelTable':
    case 'AlterUniqueTogether':
    case 'AlterIndexTogether':
    case 'AlterModelOptions':
    case 'AlterModelManagers':
      return `alter_${name}_${operation
        .slice(5)
        .replace(/^Model/, '')
        .replace('Together', '_together')}`;
    case 'RunPython':
      return functionName(given.get('code'));
    default:
      return undefined;
  }
}

function nameGiven(value: Value | undefined): string | undefined {
  return value?.kind === 'call' ? stringOf(value.keywords.get('name')) : undefined;
}

/** Names that a template gives, which say nothing. */
const plainNames =
  /^(?:apply|code|do|execute|fn|forwards?|forwards?_func|func|function|load|main|migrate|run|up|upgrade)$/;

function functionName(value: Value | undefined): string | undefined {
  if (value?.kind !== 'function' || value.definition.kind !== 'function') return undefined;
  const { name } = value.definition;
  return plainNames.test(name) ? undefined : name;
}

function fragmentOfChanges(changes: readonly Change[]): string | undefined {
  for (const change of changes) {
    const fragment = fragmentOfChange(change);
    if (fragment !== undefined) return fragment;
  }
  return undefined;
}

function fragmentOfChange(change: Change): string | undefined {
  switch (change.kind) {
    case 'AddColumn':
      return `${change.table.name}_${change.column.name}`;
    case 'AlterColumn':
      return `alter_${change.table.name}_${change.to.name}`;
    case 'DropColumn':
      return `remove_${change.table.name}_${change.column}`;
    case 'CreateIndex':
      return change.index.name;
    case 'DropIndex':
      return `remove_${change.index}`;
    case 'AddConstraint':
      return change.constraint.name || `${change.table.name}_${change.constraint.kind}`;
    case 'DropConstraint':
      return `remove_${change.constraint}`;
    case 'ValidateConstraint':
      return `validate_${change.constraint}`;
    case 'CreateTable':
      return change.table.name;
    case 'DropTable':
      return `delete_${change.table.name}`;
    case 'WriteRows':
      return change.table === undefined ? undefined : rowsName(change.table);
    case 'AlterEnum':
      return change.type;
    default:
      return 'table' in change && change.table !== undefined ? change.table.name : undefined;
  }
}

function rowsName({ name }: TableName): string {
  return `${name}_rows`;
}
