import type { DjangoOperation } from '../django/migration-file.ts';
import { findModel } from '../django/project-state.ts';
import { textOf } from '../django/values.ts';
import type { Project } from '../project/project.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { findKeyword, setKeyword } from './edits/arguments.ts';
import type { ChangeFile } from './fix.ts';
import { findFieldCall, findModelClass } from './model-class.ts';
import type { FieldDefinition } from './recipes/field-definition.ts';

/** What a change of the model class takes that goes along with one in its migrations. */
export interface ModelEdit {
  readonly edits: readonly ChangeFile[];
  /** What is left to say in the title where the class is not found; `''` where nothing is. */
  readonly advice: string;
}

/**
 * Gives the field of the model class the keyword that its migration gets, so that `makemigrations` finds nothing to do.
 *
 * @param model as the class is called
 */
export function modelKeyword(
  { site, model, field }: Pick<FieldDefinition, 'site' | 'model' | 'field'>,
  keyword: string,
  value: string,
  project: Project,
): ModelEdit {
  const found = findModelClass(model, site.source.app, project);
  const call = found && findFieldCall(found, field);
  if (found === undefined || call === undefined) {
    return { edits: [], advice: `; add ${keyword}=${value} to the model, too` };
  }
  const { file, text, module } = found;
  const written = findKeyword(call, keyword);
  const isThere = written && text.slice(written.value.span.start, written.value.span.end) === value;
  if (isThere) return { edits: [], advice: '' };
  return { edits: [{ kind: 'change', file, edits: [setKeyword({ text, module, call }, keyword, value)] }], advice: '' };
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
  if (now === undefined) return true;
  // The state at the end is known only once everything in between is replayed.
  return mayBeDefinedLater({ model, field }, migration, project) && now !== definitionIn(project.order.at(-1));
}

/** Whether a later migration names the field or the model as a whole, as far as its text tells. */
function mayBeDefinedLater(
  { model, field }: Pick<FieldDefinition, 'model' | 'field'>,
  { id }: Migration,
  project: Project,
): boolean {
  const { graph } = project;
  // Operations change the models of their own app.
  const members = graph.groups.get(graph.groupOf(id))?.members ?? [];
  return members.some((each) => {
    if (each === id || graph.runsBefore(each, id)) return false;
    const source = project.source(each);
    if (source === undefined || !source.complete) return true;
    // What a squash takes the place of is no part of the history at the end.
    if (source.replaces.some(({ app, name }) => `${app}.${name}` === id)) return true;
    return source.operations.some((operation) => mayDefine(operation, model, field));
  });
}

const namingArguments = ['model_name', 'name', 'old_name', 'new_name'];

function mayDefine(operation: DjangoOperation, model: string, field: string): boolean {
  if ([...operation.databaseOperations, ...operation.stateOperations].some((each) => mayDefine(each, model, field))) {
    return true;
  }
  const given = namingArguments.flatMap((name) => operation.arguments.get(name) ?? []);
  const names = given.map((value) => textOf(value)?.toLowerCase());
  if (names.includes(undefined)) return true;
  const isAboutModel = names.includes(model.toLowerCase());
  return isAboutModel && (!operation.arguments.has('model_name') || names.includes(field.toLowerCase()));
}
