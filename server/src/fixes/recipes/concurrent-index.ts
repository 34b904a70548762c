import type { Project } from '../../project/project.ts';
import type { Change, CreateIndex, DropIndex } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { importName } from '../edits/imports.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { type Answer, type Fix, isRefused, type Refused } from '../fix.ts';
import { moveOperation } from '../moved-operations.ts';
import { chainAfter } from '../new-migration.ts';
import type { OperationSite } from '../operation-site.ts';
import { findOperationSite, readSite } from '../operation-site.ts';
import { concurrencyRefusal, neededLater, usesOwnNames } from '../refusals.ts';
import { buildDocstring } from './build-docstring.ts';

const concurrentOperations = 'django.contrib.postgres.operations';

/**
 * Builds an `AddIndex` concurrently: in place where it is alone in its migration, in a migration of its own where it
 * is not, because a concurrent build cannot share a transaction and should not share a failure.
 *
 * An index that a field brings along (`db_index=True`, a foreign key) is not rewritten here.
 */
export function concurrentIndex(
  change: CreateIndex,
  migration: Migration,
  { project }: { project: Project },
): readonly Answer[] {
  if (change.origin.name !== 'AddIndex') return [];
  const site = readPlace(change, migration, project);
  if (isRefused(site)) return site;
  return made(site, project, {
    operation: 'AddIndexConcurrently',
    title: 'Build the index concurrently',
    slug: change.index.nameIsExact ? change.index.name.toLowerCase() : `${change.table.name}_index`,
    docstring: buildDocstring(
      `Builds an index on "${change.table.name}" without blocking writes to it.`,
      site.source.name,
    ),
  });
}

/** Drops the index of a `RemoveIndex` concurrently, in place or in a migration of its own as a build. */
export function concurrentIndexDrop(
  change: DropIndex,
  migration: Migration,
  { project }: { project: Project },
): readonly Answer[] {
  if (change.origin.name !== 'RemoveIndex') return [];
  const site = readPlace(change, migration, project);
  if (isRefused(site)) return site;
  return made(site, project, {
    operation: 'RemoveIndexConcurrently',
    title: 'Drop the index concurrently',
    slug: `drop_${change.index.toLowerCase()}`,
    docstring: [
      `Drops the index "${change.index}" without blocking its table.`,
      '',
      `Runs after ${site.source.name}, in the same deploy.`,
      '',
    ].join('\n'),
  });
}

function readPlace(change: CreateIndex | DropIndex, migration: Migration, project: Project): OperationSite | Refused {
  return concurrencyRefusal(change, migration, project) ?? readSite(change, migration, project, 'top level');
}

interface ConcurrentForm {
  readonly operation: 'AddIndexConcurrently' | 'RemoveIndexConcurrently';
  readonly title: string;
  /** Of a migration of its own. */
  readonly slug: string;
  readonly docstring: string;
}

function made(site: OperationSite, project: Project, form: ConcurrentForm): readonly Answer[] {
  return site.source.operations.length === 1 ? [inPlace(site, form)] : splitOff(site, project, form);
}

function inPlace({ source, call }: OperationSite, { operation, title }: ConcurrentForm): Fix {
  const imported = importName(source.text, source.module, concurrentOperations, operation);
  return {
    title,
    safety: 'safe',
    edits: [
      {
        kind: 'change',
        file: source.file,
        edits: [
          ...imported.edits,
          ...(source.atomic ? [setClassAttribute(source, 'atomic', 'False')] : []),
          { span: call.callee.span, newText: imported.name },
        ],
      },
    ],
  };
}

function splitOff(site: OperationSite, project: Project, form: ConcurrentForm): readonly Answer[] {
  const { source, call } = site;
  if (dependsOnLater(site)) return neededLater;
  const moved = moveOperation(site, [{ span: call.callee.span, newText: form.operation }]);
  if (moved === undefined) return usesOwnNames;
  const chain = chainAfter(project, source, [
    {
      slug: form.slug,
      docstring: form.docstring,
      imports: [`from ${concurrentOperations} import ${form.operation}`, ...moved.imports],
      code: moved.code,
      atomic: false,
      operations: [moved.operations],
    },
  ]);
  return [
    {
      title: `${form.title}, in a migration of its own`,
      safety: 'review',
      edits: [moved.change, ...chain.repointed, ...chain.created],
    },
  ];
}

/**
 * Whether a later operation of the migration touches the index: then it cannot be moved behind them. One that is built
 * later may take the name of one that is dropped.
 */
function dependsOnLater({ source, operation }: OperationSite): boolean {
  const later = source.operations.slice(source.operations.indexOf(operation) + 1);
  const touching = ['RenameIndex', 'RemoveIndex', 'RenameModel', 'DeleteModel'];
  if (operation.name === 'RemoveIndex') touching.push('AddIndex', 'AddConstraint', 'RemoveField', 'RenameField');
  return later.some(({ name }) => touching.includes(name));
}

/** Where a concurrent operation stands in a transaction: `atomic = False`, or a migration of its own. */
export function outOfTransaction(
  change: Change,
  migration: Migration,
  { project }: { project: Project },
): readonly Answer[] {
  const isOfIndex = change.kind === 'CreateIndex' || change.kind === 'DropIndex';
  const refused = isOfIndex ? concurrencyRefusal(change, migration, project) : undefined;
  if (refused !== undefined) return refused;
  const site = findOperationSite(change, migration, project);
  if (site === undefined || !site.source.atomic) return [];
  const { source } = site;
  const alone = source.operations.length === 1;
  return [
    {
      title: 'Run this migration outside a transaction: atomic = False',
      safety: alone ? 'safe' : 'review',
      edits: [{ kind: 'change', file: source.file, edits: [setClassAttribute(source, 'atomic', 'False')] }],
    },
  ];
}
