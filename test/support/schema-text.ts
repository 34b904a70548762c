import type { CheckedWorkspace } from '../../server/src/engine/checked-workspace.ts';
import { typeText } from '../../server/src/schema/column.ts';
import { tableText } from '../../server/src/schema/table-name.ts';

/** The schema at the end of all migrations, a line for each thing; names that are made from a hash are left out. */
export function schemaText({ workspace }: CheckedWorkspace): string {
  const lines: string[] = [];
  for (const project of workspace.projects) {
    const last = project.order.at(-1);
    const after = last === undefined ? undefined : project.migration(last)?.after;
    for (const { name, columns, indexes, constraints } of after?.tables.values() ?? []) {
      const table = tableText(name);
      lines.push(table);
      for (const column of columns.values()) {
        const nullable = column.nullable ? '' : ' not null';
        lines.push(`${table}.${column.name}: ${typeText(column.type)}${nullable} ${column.default?.sql ?? ''}`);
      }
      for (const index of indexes.values()) lines.push(`${table} index (${index.columns.join()}) ${index.unique}`);
      for (const { kind, columns: on, validated } of constraints.values()) {
        lines.push(`${table} ${kind} (${on.join()}) ${validated}`);
      }
    }
  }
  return lines.sort().join('\n');
}
