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
  const { untold, naming, replacing } = namedInApp(graph.groupOf(id), project);
  const modelName = model.toLowerCase();
  const candidates = [
    untold,
    naming.get(modelName) ?? [],
    naming.get(`${modelName} ${field.toLowerCase()}`) ?? [],
    // What a squash takes the place of is no part of the history at the end.
    replacing.get(id) ?? [],
  ];
  return candidates.some((ids) => ids.some((each) => each !== id && !graph.runsBefore(each, id)));
}

/** The migrations of an app, by what their operations name. */
interface NamedInApp {
  /** Of which it cannot be told. */
  readonly untold: readonly MigrationId[];
  /** By models as a whole, and by fields: `order`, `order total`. */
  readonly naming: ReadonlyMap<string, readonly MigrationId[]>;
  readonly replacing: ReadonlyMap<MigrationId, readonly MigrationId[]>;
}

/** Asked about every field that is added. A project that has changed is another object. */
const knownApps = new WeakMap<Project, Map<string, NamedInApp>>();

function namedInApp(app: string, project: Project): NamedInApp {
  const apps = knownApps.get(project) ?? new Map<string, NamedInApp>();
  knownApps.set(project, apps);
  const named = apps.get(app) ?? readNamed(app, project);
  apps.set(app, named);
  return named;
}

function readNamed(app: string, project: Project): NamedInApp {
  const untold: MigrationId[] = [];
  const naming = new Map<string, MigrationId[]>();
  const replacing = new Map<MigrationId, MigrationId[]>();
  const note = (ids: Map<string, MigrationId[]>, key: string, id: MigrationId): void => {
    const known = ids.get(key);
    if (known === undefined) ids.set(key, [id]);
    else known.push(id);
  };
  // Operations change the models of their own app.
  for (const id of project.graph.groups.get(app)?.members ?? []) {
    const source = project.source(id);
    for (const replaced of source?.replaces ?? []) note(replacing, `${replaced.app}.${replaced.name}`, id);
    const names = new Set<string>();
    const isTold = source?.complete === true && source.operations.every((operation) => addNames(operation, names));
    if (!isTold) untold.push(id);
    else for (const name of names) note(naming, name, id);
  }
  return { untold, naming, replacing };
}

const namingArguments = ['model_name', 'name', 'old_name', 'new_name'];

/** Adds what an operation names, in lower case; answers whether all of it can be told. */
function addNames(operation: DjangoOperation, found: Set<string>): boolean {
  const { databaseOperations, stateOperations } = operation;
  if (![...databaseOperations, ...stateOperations].every((each) => addNames(each, found))) return false;
  const given = namingArguments.flatMap((name) => operation.arguments.get(name) ?? []);
  const names = given.map((value) => textOf(value)?.toLowerCase()).filter((name) => name !== undefined);
  const isOfModel = operation.arguments.has('model_name');
  for (const name of names) {
    if (!isOfModel) found.add(name);
    else for (const other of names) found.add(`${name} ${other}`);
  }
  return names.length === given.length;
}
