import type { Project } from '../../project/project.ts';
import type { RunSql } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { setKeyword } from '../edits/arguments.ts';
import type { Fix } from '../fix.ts';
import { calleeText } from '../operation-site.ts';
import { findWrittenCall } from '../written-call.ts';

/** Lets a `RunSQL` be migrated back without doing anything; what its SQL did stays. */
export function reverseSql(
  change: RunSql,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Fix[] {
  const site = findWrittenCall(change, migration, project);
  if (site === undefined) return [];
  const { source, call } = site;
  const value = `${calleeText(source, call)}.noop`;
  const second = call.arguments[1];
  const isPositional = second !== undefined && second.name === undefined;
  const edit = isPositional
    ? { span: second.value.span, newText: value }
    : setKeyword({ text: source.text, module: source.module, call }, 'reverse_sql', value);
  return [
    {
      title: `Allow migrating back without undoing the SQL: reverse_sql=${value}`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit] }],
    },
  ];
}
