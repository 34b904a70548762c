import type { Project } from '../../project/project.ts';
import type { ValidateConstraint } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { type Answer, isRefused, type Refused } from '../fix.ts';
import { moveOperation } from '../moved-operations.ts';
import { chainAfter } from '../new-migration.ts';
import { readSite } from '../operation-site.ts';
import { neededLater, notSeparable, usesOwnNames } from '../refusals.ts';
import { isMovable } from '../sql/later-changes.ts';
import { readStatementSite } from '../sql/run-sql-site.ts';
import { type TakenOut, takeOut } from '../sql/take-out.ts';

/** Validates a constraint in the next migration: by then the lock of adding it is gone. */
export function validateLater(
  change: ValidateConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const taken = taking(change, migration, project);
  if (isRefused(taken)) return taken;
  const source = project.source(migration.id);
  if (source === undefined) return [];
  if (!isMovable(change, migration)) return neededLater;
  const chain = chainAfter(project, source, [
    {
      slug: `validate_${change.constraint.toLowerCase().replaceAll(/\W+/g, '_')}`,
      docstring: [
        `Proves "${change.constraint}" for the rows of "${change.table.name}" that were there before it, while the table is in use.`,
        '',
        `Runs after ${source.name}, in the same deploy: new rows obey since then.`,
        '',
      ].join('\n'),
      imports: taken.imports,
      code: taken.code,
      atomic: true,
      operations: [taken.operation],
    },
  ]);
  return [
    {
      title: 'Validate it in the next migration',
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: taken.edits }, ...chain.repointed, ...chain.created],
    },
  ];
}

function taking(change: ValidateConstraint, migration: Migration, project: Project): TakenOut | Refused {
  if (change.origin.name === 'ValidateConstraint') {
    const site = readSite(change, migration, project, 'top level');
    if (isRefused(site)) return site;
    const moved = moveOperation(site, []);
    return moved === undefined ? usesOwnNames : { ...moved, edits: moved.change.edits, operation: moved.operations };
  }
  const found = readStatementSite(change, migration, project);
  if (isRefused(found)) return found;
  // It has to be all that its statement does.
  const isOnly = migration.forward.every(
    (each) => each === change || each.kind === 'RunSql' || each.origin.span.start !== change.origin.span.start,
  );
  if (!isOnly) return notSeparable;
  const taken = takeOut({
    ...found,
    change,
    migration,
    project,
    rewrites: [],
    reverse: [],
    isOpposite: () => false,
    name: undefined,
  });
  return taken ?? notSeparable;
}
