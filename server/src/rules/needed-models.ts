import { contribHistoryOf, contribTableOf } from '../django/contrib-models.ts';
import { fieldModelUses } from '../django/field-model-uses.ts';
import type { DjangoOperation } from '../django/migration-file.ts';
import { isSameModel, type ModelRef, modelRef } from '../django/model-ref.ts';
import { findModel, type ModelState } from '../django/project-state.ts';
import { textOf } from '../django/values.ts';
import type { JudgedMigration, Project, Reach } from '../project/project.ts';
import { type ChangeOf, changesOf, type ModelUse } from '../schema/change.ts';
import type { MigrationId } from '../schema/migration-id.ts';

/** What has to run first for a model to be there. */
export type Creator =
  | { readonly kind: 'migration'; readonly id: MigrationId; readonly runsLater: boolean }
  /** An app of Django's own, whose migrations are in no project. */
  | { readonly kind: 'contrib'; readonly app: string; readonly last: string };

export interface UnorderedUse extends ModelUse {
  readonly creator: Creator;
  /** The data function that takes the model; undefined for fields and bases. */
  readonly code: ChangeOf<'RunCode'> | undefined;
}

/** The models of other apps that a migration uses without depending, in however many steps, on what creates them. */
export function* unorderedUses(judged: JudgedMigration, project: Project): Generator<UnorderedUse> {
  const app = project.graph.groupOf(judged.migration.id);
  const fromElsewhere = modelsOfNewFields(judged, app).filter((ref) => ref.app !== app);
  const taking = changesOf(judged.migration.forward, 'RunCode').filter(({ models }) => models.length > 0);
  if (fromElsewhere.length === 0 && taking.length === 0) return;
  const history = historyBefore(judged.migration.id, project);
  if (!history.isWhole) return;
  const told: ModelRef[] = [];
  const fresh = (ref: ModelRef): Creator | undefined => {
    if (ref.app === app || told.some((each) => isSameModel(each, ref))) return undefined;
    const creator = creatorOf(ref, judged, project);
    return creator === undefined || runsBefore(creator, history, project) ? undefined : creator;
  };
  const inFields = fromElsewhere.some((ref) => fresh(ref) !== undefined);
  for (const use of inFields ? usesInFields(judged, project) : []) {
    const ref = modelRef(use.app, use.model);
    const creator = fresh(ref);
    if (creator === undefined || dependsOnSetting(use, history)) continue;
    told.push(ref);
    yield { ...use, creator, code: undefined };
  }
  for (const code of taking) {
    for (const use of code.models) {
      const ref = modelRef(use.app, use.model);
      const creator = fresh(ref);
      if (creator === undefined || dependsOnSetting(use, history)) continue;
      told.push(ref);
      yield { ...use, creator, code };
    }
  }
}

/** What runs before a migration, as far as it is known. */
interface HistoryBefore extends Reach {
  readonly id: MigrationId;
}

function historyBefore(id: MigrationId, { graph }: Project): HistoryBefore {
  const reach = graph.reachOf(id);
  const unseenApps = new Set(reach.unseenApps);
  for (const app of unseenApps) for (const other of contribHistoryOf(app)?.after ?? []) unseenApps.add(other);
  return { ...reach, unseenApps, id };
}

/** What the fields of the app's models point to that are different after the migration. */
function modelsOfNewFields({ stateBefore, stateAfter }: JudgedMigration, app: string): readonly ModelRef[] {
  const refs: ModelRef[] = [];
  for (const [name, after] of stateAfter.apps.get(app) ?? []) {
    const before = stateBefore.apps.get(app)?.get(name);
    if (before === after) continue;
    refs.push(...after.bases, ...targetsOf(after, before));
  }
  return refs;
}

function targetsOf(after: ModelState, before: ModelState | undefined): readonly ModelRef[] {
  const refs: ModelRef[] = [];
  for (const [name, { relation }] of after.fields) {
    const earlier = relation && before?.fields.get(name)?.relation;
    if (relation === undefined || relation === earlier || isSameModel(relation.to, earlier?.to)) continue;
    refs.push(...[relation.to, relation.through].filter((each) => each !== undefined && each !== 'unknown'));
  }
  return refs;
}

function usesInFields({ migration, stateBefore }: JudgedMigration, project: Project): readonly ModelUse[] {
  const source = project.source(migration.id);
  if (source === undefined) return [];
  const uses = fieldModelUses(source, (setting) => project.swappable(setting));
  return uses.filter(({ operation, ...use }) => !pointsThereAlready(operation, use, stateBefore, source.app));
}

/** An `AlterField` says again what the field points to: the migration that said it first is the one to tell. */
function pointsThereAlready(
  operation: DjangoOperation,
  use: ModelUse,
  state: JudgedMigration['stateBefore'],
  app: string,
): boolean {
  const model = findModel(state, modelRef(app, textOf(operation.arguments.get('model_name')) ?? ''));
  const relation = model?.fields.get(textOf(operation.arguments.get('name')) ?? '')?.relation;
  return isSameModel(relation?.to, modelRef(use.app, use.model));
}

function creatorOf(ref: ModelRef, { migration, stateBefore }: JudgedMigration, project: Project): Creator | undefined {
  const model = findModel(stateBefore, ref);
  if (model !== undefined) {
    return model.bornIn === undefined ? undefined : { kind: 'migration', id: model.bornIn, runsLater: false };
  }
  const group = project.graph.groups.get(ref.app);
  if (group === undefined) {
    const history = contribTableOf(ref) === undefined ? undefined : contribHistoryOf(ref.app);
    return history && { kind: 'contrib', app: ref.app, last: history.last };
  }
  const position = project.order.indexOf(migration.id);
  const later = group.members.find((id) => project.order.indexOf(id) > position && creates(id, ref, project));
  return later === undefined ? undefined : { kind: 'migration', id: later, runsLater: true };
}

function creates(id: MigrationId, ref: ModelRef, project: Project): boolean {
  const named = ({ name, arguments: args, stateOperations }: DjangoOperation): boolean => {
    const made = name === 'CreateModel' ? 'name' : 'new_name';
    const isMaker = name === 'CreateModel' || name === 'RenameModel';
    return (
      (isMaker && textOf(args.get(made))?.toLowerCase() === ref.name) || stateOperations.some((each) => named(each))
    );
  };
  return project.source(id)?.operations.some(named) ?? false;
}

function runsBefore(creator: Creator, { id, unseenApps }: HistoryBefore, project: Project): boolean {
  if (creator.kind === 'contrib') {
    // What an app that nobody here knows depends on cannot be told.
    return unseenApps.has(creator.app) || [...unseenApps].some((app) => contribHistoryOf(app) === undefined);
  }
  const { graph } = project;
  if (graph.runsBefore(creator.id, id)) return true;
  // A squash and what it replaces stand for each other.
  const replaced = project.migration(creator.id)?.migration.replaces ?? [];
  if (replaced.some((each) => graph.runsBefore(each, id))) return true;
  return [...graph.ancestorsOf(id)].some((each) =>
    project.source(each)?.replaces.some((reference) => isNamed(reference, creator.id)),
  );
}

function isNamed({ app, name }: { readonly app: string | undefined; readonly name: string | undefined }, id: string) {
  return `${app}.${name}` === id;
}

/** Django has the model that a setting names be created by the first migration of its app. */
function dependsOnSetting({ setting, app }: ModelUse, { settings, unseenApps }: HistoryBefore): boolean {
  return setting !== undefined && (settings.has(setting) || unseenApps.has(app));
}
