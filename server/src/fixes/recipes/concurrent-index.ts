import type { Project } from '../../project/project.ts';
import type { CreateIndex, DropIndex } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { carriedImports } from '../edits/carried-imports.ts';
import { importName } from '../edits/imports.ts';
import { itemWithComments, removeItem } from '../edits/list-items.ts';
import { setClassAttribute } from '../edits/migration-class.ts';
import { rewritten } from '../edits/rewritten.ts';
import type { Fix } from '../fix.ts';
import { chainAfter } from '../new-migration.ts';
import type { OperationSite } from '../operation-site.ts';
import { findOperationSite } from '../operation-site.ts';

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
): readonly Fix[] {
  const site = findOperationSite(change, migration, project);
  if (site === undefined || !site.isTopLevel || change.origin.name !== 'AddIndex') return [];
  return site.source.operations.length === 1 ? [inPlace(site)] : splitOff(site, change, project);
}

function inPlace(site: OperationSite): Fix {
  const { source, call } = site;
  const imported = importName(source.text, source.module, concurrentOperations, 'AddIndexConcurrently');
  return {
    title: 'Build the index concurrently',
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

function splitOff(site: OperationSite, change: CreateIndex, project: Project): readonly Fix[] {
  const { source, call } = site;
  const carried = carriedImports(
    source.text,
    source.module,
    call.arguments.map((argument) => argument.value),
  );
  if (carried.missing.length > 0 || dependsOnLater(site)) return [];
  const comments = rewritten(source.text, { ...itemWithComments(site.list, site.index), end: call.span.start }, []);
  const args = rewritten(source.text, call.argumentsSpan, []);
  const chain = chainAfter(project, source, [
    {
      slug: change.index.nameIsExact ? change.index.name.toLowerCase() : `${change.table.name}_index`,
      docstring: [
        `Builds an index on "${change.table.name}" without blocking writes to it.`,
        '',
        `Runs after ${source.name}, in the same deploy. If the build fails, drop the invalid index that it leaves before the`,
        'migration is run again.',
        '',
      ].join('\n'),
      imports: [`from ${concurrentOperations} import AddIndexConcurrently`, ...carried.lines],
      code: '',
      atomic: false,
      operations: [`${comments}AddIndexConcurrently${args}`],
    },
  ]);
  return [
    {
      title: 'Build the index concurrently, in a migration of its own',
      safety: 'review',
      edits: [
        { kind: 'change', file: source.file, edits: [removeItem(site.list, site.index)] },
        ...chain.repointed,
        ...chain.created,
      ],
    },
  ];
}

/** Whether a later operation of the migration touches the index: then it cannot be moved behind them. */
function dependsOnLater(site: OperationSite): boolean {
  const later = site.source.operations.slice(site.source.operations.indexOf(site.operation) + 1);
  return later.some(({ name }) => name === 'RenameIndex' || name === 'RemoveIndex' || name === 'RenameModel');
}

/** Where a concurrent operation stands in a transaction: `atomic = False`, or a migration of its own. */
export function outOfTransaction(
  change: CreateIndex | DropIndex,
  migration: Migration,
  { project }: { project: Project },
): readonly Fix[] {
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
