import { folderOf, joinPath } from '../base/file-path.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import type { Project } from '../project/project.ts';
import type { LiveModelImport } from '../schema/change.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { ClassStatement, Statement } from '../syntax/module.ts';

/**
 * Whether a function does the same with the historical model as with the live one: the class is at hand, is a plain
 * model without managers, `save` or `delete` of its own, and the function uses none of its methods and constants,
 * which historical models do not have.
 */
export function behavesLikeItsHistory(
  live: LiveModelImport,
  functionText: string,
  source: DjangoMigration,
  project: Project,
): boolean {
  const definition = live.app === source.app ? findModelClass(live.name, source, project) : undefined;
  if (definition === undefined || !definition.bases.every(({ value }) => dottedNameOf(value) === 'models.Model'))
    return false;
  if (new RegExp(`isinstance\\b[^\\n]*\\b${live.name}\\b`).test(functionText)) return false;
  return definition.body.every((statement) => isPlainMember(statement, functionText));
}

/** The class in `models.py` of the migration's own app. */
function findModelClass(name: string, source: DjangoMigration, project: Project): ClassStatement | undefined {
  const models = project.module(joinPath(folderOf(folderOf(source.file)), 'models.py'));
  return models?.module.body.find((each): each is ClassStatement => each.kind === 'class' && each.name === name);
}

function isPlainMember(statement: Statement, functionText: string): boolean {
  switch (statement.kind) {
    case 'function': {
      const changesWriting = ['save', 'delete', '__init__', 'save_base', 'from_db'].includes(statement.name);
      return !changesWriting && !functionText.includes(`.${statement.name}`);
    }
    case 'class':
      return statement.name === 'Meta' || !functionText.includes(`.${statement.name}`);
    case 'assign':
      return statement.targets.every(
        (target) => target.kind === 'name' && isFieldOrUnused(target.name, statement.value, functionText),
      );
    case 'expression':
    case 'simple':
      return true;
    default:
      return false;
  }
}

function isFieldOrUnused(
  name: string,
  value: Extract<Statement, { kind: 'assign' }>['value'],
  functionText: string,
): boolean {
  const callee = value.kind === 'call' ? (dottedNameOf(value.callee) ?? '') : '';
  if (/(^|\.)\w*(Field|Key)$/.test(callee)) return true;
  return name !== 'objects' && !/[Mm]anager/.test(callee) && !functionText.includes(`.${name}`);
}
