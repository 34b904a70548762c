import type { FilePath } from '../base/file-path.ts';
import { valueOfName } from '../syntax/evaluate.ts';
import type { Module, Statement } from '../syntax/module.ts';
import type { Scope } from '../syntax/scope.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import type { AlembicRevision, RevisionFunction, WrittenRevision } from './revision-file.ts';

/** A Python file that may hold a revision. */
export interface RevisionSource {
  readonly file: FilePath;
  readonly text: string;
  readonly module: Module;
  readonly scope: Scope;
}

/** Reads a revision: a file that sets `revision`, and `down_revision` or has an `upgrade`. Undefined for other files. */
export function readRevision(source: RevisionSource): AlembicRevision | undefined {
  const { file, text, module, scope } = source;
  const value = (name: string): Value | undefined => valueOfName(name, scope);
  const revision = value('revision');
  const down = value('down_revision');
  const upgrades = functionsOf('upgrade', module, scope);
  if (revision?.kind !== 'string' || (down === undefined && upgrades.length === 0)) return undefined;
  const [downRevisions, dependsOn] = [revisionsIn(down), revisionsIn(value('depends_on'))];
  return {
    file,
    text,
    module,
    scope,
    revision: revision.value,
    revisionAt: revision.at.span,
    message: messageOf(module),
    downRevisions: downRevisions.revisions,
    downRevisionAt: down?.at.span,
    dependsOn: dependsOn.revisions,
    branchLabels: revisionsIn(value('branch_labels')).revisions.map(({ id }) => id),
    upgrades,
    downgrades: functionsOf('downgrade', module, scope),
    complete: module.broken.length === 0 && downRevisions.isWhole && dependsOn.isWhole,
  };
}

/** A string, a list of strings, or `None`. */
function revisionsIn(value: Value | undefined): {
  readonly revisions: readonly WrittenRevision[];
  readonly isWhole: boolean;
} {
  if (value === undefined || (value.kind === 'constant' && value.value === null))
    return { revisions: [], isWhole: true };
  const items = isSequence(value) ? value.items : [value];
  const revisions = items.flatMap((item) => (item.kind === 'string' ? [{ id: item.value, at: item.at.span }] : []));
  return { revisions, isWhole: revisions.length === items.length && !(isSequence(value) && value.partial) };
}

/**
 * `upgrade` alone, or the functions for each database that it calls by their names. A function that only begins so is a
 * helper, unless there is one for the way back as well.
 */
function functionsOf(name: 'upgrade' | 'downgrade', module: Module, scope: Scope): readonly RevisionFunction[] {
  const opposite = name === 'upgrade' ? 'downgrade' : 'upgrade';
  const defined = new Set(module.body.flatMap((each) => (each.kind === 'function' ? [each.name] : [])));
  const engines = [...defined].flatMap((each) => {
    const engine = each.startsWith(`${name}_`) ? each.slice(name.length + 1) : undefined;
    return engine !== undefined && defined.has(`${opposite}_${engine}`) ? [engine] : [];
  });
  const read = (each: string, engine: string | undefined): readonly RevisionFunction[] => {
    const value = valueOfName(each, scope);
    return value?.kind === 'function' ? [{ value, engine }] : [];
  };
  if (engines.length === 0) return read(name, undefined);
  return engines.flatMap((engine) => read(`${name}_${engine}`, engine));
}

function messageOf({ body }: Module): string | undefined {
  const text = docstringIn(body[0]);
  return text?.trim().split('\n')[0]?.trim() || undefined;
}

function docstringIn(statement: Statement | undefined): string | undefined {
  return statement?.kind === 'expression' && statement.value.kind === 'string' ? statement.value.value : undefined;
}
