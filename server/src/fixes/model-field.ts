import { folderOf, joinPath } from '../base/file-path.ts';
import { findModel } from '../django/project-state.ts';
import type { Project } from '../project/project.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { CallExpression } from '../syntax/module.ts';
import { findKeyword, setKeyword } from './edits/arguments.ts';
import type { ChangeFile } from './fix.ts';
import type { FieldDefinition } from './recipes/field-definition.ts';

/** What adding a keyword to the field of the model itself takes. */
export interface ModelKeyword {
  readonly edits: readonly ChangeFile[];
  /** What is left to say in the title where the class is not found; `''` where nothing is. */
  readonly advice: string;
}

/**
 * Gives the field of the model class the keyword that its migration gets, so that `makemigrations` finds nothing to do.
 * The class is looked for in the `models.py` of the app.
 */
export function modelKeyword(
  { site, model, field }: Pick<FieldDefinition, 'site' | 'model' | 'field'>,
  keyword: string,
  value: string,
  project: Project,
): ModelKeyword {
  const file = joinPath(folderOf(folderOf(site.source.file)), 'models.py');
  const models = project.module(file);
  const call = models && findFieldCall(models.module, model, field);
  if (models === undefined || call === undefined) {
    return { edits: [], advice: `; add ${keyword}=${value} to the model, too` };
  }
  const written = findKeyword(call, keyword);
  const isThere = written && models.text.slice(written.value.span.start, written.value.span.end) === value;
  if (isThere) return { edits: [], advice: '' };
  const edit = setKeyword({ text: models.text, module: models.module, call }, keyword, value);
  return { edits: [{ kind: 'change', file, edits: [edit] }], advice: '' };
}

/** Whether a later migration defines the field once more: what this one says does not reach the model then. */
export function isDefinedLater(
  { site, model, field }: Pick<FieldDefinition, 'site' | 'model' | 'field'>,
  migration: Migration,
  project: Project,
): boolean {
  const definitionIn = (id: MigrationId | undefined): string | undefined => {
    const state = id === undefined ? undefined : project.migration(id)?.stateAfter;
    const value =
      state && findModel(state, { app: site.source.app, name: model.toLowerCase() })?.fields.get(field)?.value;
    return value && `${project.sourceOf(value.module)?.file} ${value.at.span.start}`;
  };
  const now = definitionIn(migration.id);
  return now === undefined || now !== definitionIn(project.order.at(-1));
}

function findFieldCall(
  module: NonNullable<ReturnType<Project['module']>>['module'],
  model: string,
  field: string,
): CallExpression | undefined {
  for (const definition of module.body) {
    if (definition.kind !== 'class' || definition.name !== model) continue;
    for (const statement of definition.body) {
      if (statement.kind !== 'assign' || statement.value.kind !== 'call') continue;
      if (statement.targets.some((target) => target.kind === 'name' && target.name === field)) return statement.value;
    }
  }
  return undefined;
}
