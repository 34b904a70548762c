import type { AlterObjectSchemaStmt, RenameStmt } from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import { statementSpan } from '../words.ts';
import { findIndexTable } from './indexes.ts';
import { tableNamed, tableNameOf } from './names.ts';
import { asKind, namesIn } from './node.ts';
import { otherStatement, statementName } from './other-statement.ts';
import type { Step } from './step.ts';
import { typeNamed } from './types.ts';

export function rename(node: RenameStmt, step: Step): Change {
  const change = renamed(node, step);
  return node.missing_ok === true ? { ...change, isOptional: true } : change;
}

function renamed(node: RenameStmt, step: Step): Change {
  const { relation, subname = '', newname: to = '' } = node;
  const table = tableNameOf(relation);
  const facts = step.facts(statementName(step), statementSpan(step));
  switch (node.renameType) {
    case 'OBJECT_TABLE':
      // ALTER TABLE renames indexes, too.
      if (findTable(step.before, table) === undefined && findIndexTable(step.before, table.name) !== undefined) {
        return renameIndex(table.name, to, step);
      }
      // … and sequences; those of serial columns are known by their names.
      if (findTable(step.before, table) === undefined && table.name.endsWith('_seq')) return otherStatement(step);
      return { ...facts, kind: 'RenameTable', table, to: { ...table, name: to } };
    case 'OBJECT_COLUMN':
      if (node.relationType !== 'OBJECT_TABLE') return otherStatement(step);
      return { ...facts, kind: 'RenameColumn', table, column: subname, to };
    case 'OBJECT_TABCONSTRAINT':
      return { ...facts, kind: 'RenameConstraint', table, constraint: subname, to };
    case 'OBJECT_INDEX':
      return renameIndex(table.name, to, step);
    case 'OBJECT_TYPE': {
      const type = typeNamed(namesIn(asKind(node.object, 'List')?.items));
      // It stays in its schema.
      return { ...facts, kind: 'RenameType', type, to: type.slice(0, type.lastIndexOf('.') + 1) + to };
    }
    case 'OBJECT_SCHEMA':
      return { ...facts, kind: 'RenameSchema', schema: subname, to };
    default:
      return otherStatement(step);
  }
}

function renameIndex(index: string, to: string, step: Step): Change {
  const facts = step.facts(statementName(step), statementSpan(step));
  return { ...facts, kind: 'RenameIndex', table: findIndexTable(step.before, index)?.name, index, to };
}

/** `ALTER TABLE … SET SCHEMA …` */
export function moveToSchema(node: AlterObjectSchemaStmt, step: Step): Change {
  if (node.objectType !== 'OBJECT_TABLE' || node.relation === undefined) return otherStatement(step);
  const table = tableNameOf(node.relation);
  const to = tableNamed(table.name, node.newschema);
  const optional = node.missing_ok === true ? { isOptional: true as const } : {};
  return { ...optional, ...step.facts('ALTER TABLE', statementSpan(step)), kind: 'RenameTable', table, to };
}
