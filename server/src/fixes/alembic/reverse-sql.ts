import type { Change } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import { splitSql } from '../../sql/split.ts';
import { isStandIn } from '../../sql/stand-in.ts';
import type { Words } from '../../sql/words.ts';
import { definitionBefore, indexDefinitionBefore, isNamedBefore } from '../sql/earlier-sql.ts';
import { reverseOfStatement } from '../sql/reverse-statement.ts';
import { reversedChange } from './reverse-change.ts';
import { deletionOf } from './reverse-insert.ts';
import { reversedRows } from './reverse-rows.ts';
import { executed, type Reversed, type Reversing } from './reversing.ts';

/** Takes one statement of SQL back: by the statement that does so, else by what the statement changes. */
export function reversedStatement(changes: readonly Change[], reversing: Reversing): Reversed {
  const [first] = changes;
  const sql = first?.origin.sql;
  if (first === undefined || sql === undefined || isStandIn(sql.text)) return undefined;
  const { database, migration, project } = reversing;
  const style = { isAutocommit: first.transaction === undefined };
  // What becomes a constraint goes with it: that takes more than the opposite statement.
  const usesIndex = changes.some((each) => each.kind === 'AddConstraint' && each.usingIndex !== undefined);
  const words = database === 'postgresql' && !sql.inBody && !usesIndex ? wordsOf(sql.text) : undefined;
  const reversal =
    words &&
    reverseOfStatement(words, {
      changes,
      before: (change) => reversing.before(change),
      indexDefinition: (index) => indexDefinitionBefore(index, migration, project),
      definition: (made) => definitionBefore(made, first, migration, project),
      isNamedBefore: (name) => isNamedBefore(name, migration, project),
      createdTables: createdTables(reversing),
    });
  if (reversal !== undefined) return reversal.statements.map((each) => executed(each, style, reversing));
  const deletion = words && deletionOf(words);
  if (deletion !== undefined) return [executed(deletion, style, reversing)];
  const steps = changes
    .toReversed()
    .map((change) => reversedRows(change, reversing) ?? reversedChange(change, reversing));
  return steps.every((each) => each !== undefined) ? steps.flat() : undefined;
}

function wordsOf(sql: string): Words | undefined {
  const piece = splitSql(sql, 'postgresql').find(({ tokens }) => tokens.length > 0);
  return piece && { text: sql, tokens: piece.tokens };
}

/** Tables that the revision itself creates. */
function createdTables({ migration, start }: Reversing): ReadonlySet<string> {
  const created = migration.forward.flatMap((change) => (change.kind === 'CreateTable' ? [change.table] : []));
  return new Set(created.filter((table) => findTable(start, table) === undefined).map(({ name }) => name));
}
