import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import type { Target } from '../../../base/target.ts';
import type { Project } from '../../../project/project.ts';
import type { AddColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { findColumn, findTable } from '../../../schema/schema.ts';
import { isSameTable } from '../../../schema/table-name.ts';
import { opCall } from '../../alembic/directive-text.ts';
import { revisionOf } from '../../alembic/executed-sql.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { addCheckText, dropCheckText, type NotNullColumn, proveRevision } from '../../alembic/not-null-steps.ts';
import { opImportOf } from '../../alembic/revision-text.ts';
import { columnTypeText } from '../../alembic/written-type.ts';
import { newWriting, text } from '../../alembic/written-value.ts';
import { rewrittenCode } from '../../edits/rewritten.ts';
import { finalSchema } from '../../final-schema.ts';
import { type Answer, isRefused, type Refused } from '../../fix.ts';
import { unknownDefinition } from '../../refusals.ts';
import { readHead } from '../leaf.ts';

interface Setting {
  readonly project: Project;
  readonly target: Target;
}

/** Whether a revision filled the column wherever it was NULL, batch by batch, and it is nullable after all of them. */
export function isFilledNotNullOwed(change: AddColumn, migration: Migration, { project, target }: Setting): boolean {
  if (migration.framework !== 'alembic' || target.database !== 'postgresql' || !change.column.nullable) return false;
  const final = finalSchema(project);
  const table = final && findTable(final, change.table);
  const column = table?.columns.get(change.column.name);
  // A check that proves it is the beginning of that step.
  if ([...(table?.constraints.values() ?? [])].some(({ provesNotNull }) => provesNotNull === column?.name))
    return false;
  if (column?.bornIn !== migration.id || !column.nullable || column.default !== undefined) return false;
  return fillOf(change, project) !== undefined;
}

/** The revision that does nothing but fill the column, outside of a transaction. */
function fillOf({ table, column }: AddColumn, project: Project): AlembicRevision | undefined {
  for (const id of project.order) {
    const [write, ...others] = project.migration(id)?.migration.forward ?? [];
    if (write?.kind !== 'WriteRows' || others.length > 0 || write.transaction !== undefined) continue;
    if (write.operation !== 'update' || write.table === undefined || !isSameTable(write.table, table)) continue;
    if (write.assignments.length !== 1 || write.assignments[0]?.column !== column.name) continue;
    const source = project.revision(id);
    if (source !== undefined && bodyOf(source).includes(`.${column.name}.is_(None)`)) return source;
  }
  return undefined;
}

function bodyOf({ text, upgrades }: AlembicRevision): string {
  const [upgrade] = upgrades;
  const definition = upgrade?.value.definition;
  return definition?.kind === 'function' ? rewrittenCode(text, definition.bodySpan, []) : '';
}

/** The NOT NULL that was left for a later release, offered on the revision that added the column as long as it is owed. */
export function owedColumnNotNull(
  change: AddColumn,
  migration: Migration,
  { project, target }: Setting,
): readonly Answer[] {
  const head = readHead(project, migration);
  const filled = fillOf(change, project);
  if (isRefused(head)) return head;
  if (filled === undefined) return [];
  const of = { table: change.table, column: change.column.name, source: head, project };
  const again = fillAgain(of, filled);
  const prove = provenLater(of, target);
  if (isRefused(again)) return again;
  if (isRefused(prove)) return prove;
  const chain = revisionsAfter(project, head, [beginning(of, migration.id), again, prove]);
  if (isRefused(chain)) return chain;
  return [
    {
      title: `Write the revisions that set "${of.column}" of "${of.table.name}" NOT NULL (in a later release)`,
      safety: 'review',
      edits: [...chain.repointed, ...chain.created],
    },
  ];
}

function beginning(of: NotNullColumn, added: string): NewRevision {
  const { table, column } = of;
  const docstring = [
    `Lets no new row of "${table.name}" leave "${column}" NULL.`,
    '',
    `Deploy it in a later release than ${added}: what ran before that one writes rows without the column.`,
    '',
  ].join('\n');
  const slug = slugOf(`${table.name}_${column}_check`);
  return revisionOf({ slug, docstring }, [addCheckText(of)], [dropCheckText(of)]);
}

/** What the earlier revision filled, once more: rows have been written without the column since. */
function fillAgain({ table, column }: NotNullColumn, filled: AlembicRevision): NewRevision | Refused {
  const body = bodyOf(filled);
  const around = codeAround(filled, [], [body]);
  if (isRefused(around)) return around;
  const docstring = `Fills once more what ${filled.revision} filled, for the rows written since.\n`;
  const slug = slugOf(`fill_${table.name}_${column}_again`);
  return { ...revisionOf({ slug, docstring }, [body], []), ...around };
}

function provenLater(of: NotNullColumn, { database }: Target): NewRevision | Refused {
  const { table, column: name, source, project } = of;
  const schema = finalSchema(project);
  const column = schema && findColumn(schema, table, name);
  const writing = newWriting(source);
  const type = column && columnTypeText(column, { writing, database, schema });
  if (type === undefined) return unknownDefinition;
  const alter = (nullable: string): string => {
    const own = table.schema === undefined ? undefined : text(table.schema, writing);
    const keywords = { existing_type: type, nullable, schema: own };
    return opCall(
      opImportOf(source).name,
      'alter_column',
      [text(table.name, writing), text(name, writing)],
      keywords,
      4,
    );
  };
  const around = codeAround(source, [], [alter('False')]);
  if (isRefused(around)) return around;
  const imports = [...new Set([...around.imports, ...writing.imports])];
  return { ...proveRevision(of, { forward: alter('False'), backward: alter('True') }), ...around, imports };
}

function slugOf(words: string): string {
  return words.toLowerCase().replaceAll(/\W+/g, '_');
}
