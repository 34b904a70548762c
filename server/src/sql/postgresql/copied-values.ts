import type { InsertStmt, Node, RangeVar, UpdateStmt } from 'libpg-query';
import type { WriteRows } from '../../schema/change.ts';
import { tableNameOf } from './names.ts';
import { allOf, asKind, nodesWithin } from './node.ts';

type Copies = Pick<WriteRows, 'copies'>;

/** Where an UPDATE takes its values from, if it does so for every row that has one. */
export function copiedByUpdate({ relation, targetList, fromClause, whereClause }: UpdateStmt): Copies {
  const targets = allOf(targetList, 'ResTarget');
  const columns = targets.flatMap(({ val }) => columnsIn(val));
  return copies(columns, [relation, ...rangesIn(fromClause)], whereClause);
}

/** The same of `INSERT INTO … SELECT`. */
export function copiedByInsert({ selectStmt }: InsertStmt): Copies {
  const select = asKind(selectStmt, 'SelectStmt');
  if (select?.targetList === undefined || select.limitCount !== undefined || select.havingClause !== undefined)
    return {};
  const columns = select.targetList.flatMap((target) => columnsIn(asKind(target, 'ResTarget')?.val));
  return copies(columns, rangesIn(select.fromClause), select.whereClause);
}

/** A condition on what is copied leaves out rows that have nothing to lose. */
function copies(
  columns: readonly string[],
  tables: readonly (RangeVar | undefined)[],
  where: Node | undefined,
): Copies {
  const isWhole = columnsIn(where).every((column) => columns.includes(column));
  if (columns.length === 0 || !isWhole) return {};
  return { copies: { tables: tables.map(tableNameOf), columns } };
}

function rangesIn(from: readonly Node[] | undefined): readonly RangeVar[] {
  return (from ?? []).flatMap((each) => [...nodesWithin(each)].flatMap((node) => asKind(node, 'RangeVar') ?? []));
}

/** By their own names: `*` for all of them. */
function columnsIn(node: Node | undefined): readonly string[] {
  return [...nodesWithin(node)].flatMap((each) => {
    const last = asKind(each, 'ColumnRef')?.fields?.at(-1);
    if (asKind(last, 'A_Star') !== undefined) return ['*'];
    return asKind(last, 'String')?.sval ?? [];
  });
}
