import type { DropStmt, Node, ObjectType } from 'libpg-query';
import type { Span } from '../../base/span.ts';
import type { Change } from '../../schema/change.ts';
import { elementsFrom, type Range, skipWords, statementSpan, tellingSpan, wordAt } from '../words.ts';
import { dropIndex } from './indexes.ts';
import { tableNamed, tableNameIn } from './names.ts';
import { asKind, namesIn } from './node.ts';
import type { Step } from './step.ts';

/** One change for each of the objects that the statement names; of several, each underlines its own name. */
export function drop(node: DropStmt, step: Step): readonly Change[] {
  const objects = node.objects ?? [];
  if (objects.length < 2) return objects.map((object) => dropOne(object, statementSpan(step), node, step));
  const names = elementsFrom(step, firstNameOf(node, step));
  return objects.map((object, index) => {
    const name = names[index];
    const at = name ? tellingSpan(step, name.first, lastOfName(name, step)) : statementSpan(step);
    const change = dropOne(object, at, node, step);
    return change.kind === 'DropIndex' && index > 0 ? { ...change, followsAnother: true } : change;
  });
}

/** Behind `DROP MATERIALIZED VIEW CONCURRENTLY IF EXISTS`. */
function firstNameOf({ removeType = 'OBJECT_TABLE', concurrent, missing_ok: ifExists }: DropStmt, step: Step): number {
  const kind = 1 + objectKind(removeType).split(' ').length;
  return skipWords(step, kind + (concurrent === true ? 1 : 0), ...(ifExists === true ? ['IF', 'EXISTS'] : []));
}

/** The last name may have CASCADE behind it. */
function lastOfName({ first, end }: Range, step: Step): number {
  const isWord = wordAt(step, end - 1) === 'CASCADE' || wordAt(step, end - 1) === 'RESTRICT';
  return isWord && end - first > 1 ? end - 1 : end;
}

function dropOne(object: Node, at: Span, node: DropStmt, step: Step): Change {
  const type = node.removeType ?? 'OBJECT_TABLE';
  const names = objectNames(object);
  const name = names.at(-1) ?? '';
  const cascade = node.behavior === 'DROP_CASCADE';
  const ifExists = node.missing_ok === true;
  const facts = step.facts(`DROP ${objectKind(type).toUpperCase()}`, at);
  switch (type) {
    case 'OBJECT_TABLE':
      return { ...facts, kind: 'DropTable', table: tableOf(object), cascade, ...(ifExists ? { ifExists } : {}) };
    case 'OBJECT_INDEX':
      return dropIndex(names, at, { concurrently: node.concurrent === true, cascade, ifExists }, step);
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return { ...facts, kind: 'DropView', view: tableOf(object), materialized: type === 'OBJECT_MATVIEW', cascade };
    case 'OBJECT_SCHEMA':
      return { ...facts, kind: 'DropSchema', schema: name, cascade };
    case 'OBJECT_TRIGGER':
      return { ...facts, kind: 'DropTrigger', table: ownerOf(names), trigger: name, cascade };
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE': {
      const option = type === 'OBJECT_RULE' ? 'rule' : 'policy';
      return { ...facts, kind: 'SetTableOption', table: ownerOf(names), option, column: undefined };
    }
    default:
      return { ...facts, kind: 'DropObject', objectKind: objectKind(type), name, cascade };
  }
}

function tableOf(object: Node) {
  return tableNameIn(asKind(object, 'List')?.items);
}

/** Triggers and rules are named behind their table: `schema`, `table`, `trigger`. */
function ownerOf(names: readonly string[]) {
  const [, table = '', schema] = names.toReversed();
  return tableNamed(table, schema);
}

/** What a statement names: a word, a dotted name, a type or a function with its arguments. */
export function objectNames(object: Node | undefined): readonly string[] {
  const word = asKind(object, 'String')?.sval;
  if (word !== undefined) return [word];
  return namesIn(
    asKind(object, 'List')?.items ?? asKind(object, 'TypeName')?.names ?? asKind(object, 'ObjectWithArgs')?.objname,
  );
}

/** `materialized view` for `OBJECT_MATVIEW`. */
function objectKind(type: ObjectType): string {
  return renamed[type] ?? type.slice('OBJECT_'.length).toLowerCase().replaceAll('_', ' ');
}

const renamed: Readonly<Partial<Record<ObjectType, string>>> = {
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TABCONSTRAINT: 'constraint',
};
