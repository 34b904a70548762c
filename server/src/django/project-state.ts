import { LayeredMap } from '../schema/layered-map.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { ConstraintState } from './constraint-state.ts';
import type { Field } from './field.ts';
import type { IndexState } from './index-state.ts';
import type { ModelRef } from './model-ref.ts';

/**
 * The models as the migrations up to a point have them. Immutable: each operation yields a new state that shares all
 * but the model it touched.
 */
export interface ProjectState {
  /** By app label, then by lower-case model name. */
  readonly apps: ReadonlyMap<string, ReadonlyMap<string, ModelState>>;
  /** Collations that a migration created as not deterministic: PostgreSQL has no pattern operators for them. */
  readonly looseCollations: ReadonlySet<string>;
  /** Of a state that an operation is being lowered with. */
  readonly record?: StateRecord;
}

/** What an operation asks about the models and does to them. */
export interface StateRecord {
  /** By app and name. */
  readonly met: Map<string, MetModel>;
  /** It went through all of them. */
  asksForAll: boolean;
}

interface MetModel {
  readonly ref: ModelRef;
  /** As it was before the operation. */
  readonly model: ModelState | undefined;
  isWritten: boolean;
}

export interface ModelState {
  readonly app: string;
  /** As written: `OrderLine`. */
  readonly name: string;
  /** In the order in which Django creates their columns. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly options: ModelOptions;
  /** Models it inherits its table from; plain classes are left out. */
  readonly bases: readonly ModelRef[];
  readonly bornIn: MigrationId | undefined;
  /** False where fields or options may be there that could not be read. */
  readonly complete: boolean;
}

export interface ModelOptions {
  readonly dbTable: string | undefined;
  readonly managed: boolean;
  readonly proxy: boolean;
  /** The setting that can put another model in its place. */
  readonly swappable: string | undefined;
  readonly requiredVendor: string | undefined;
  readonly orderWithRespectTo: string | undefined;
  readonly uniqueTogether: readonly (readonly string[])[];
  readonly indexTogether: readonly (readonly string[])[];
  readonly indexes: readonly IndexState[];
  readonly constraints: readonly ConstraintState[];
  readonly tableComment?: string;
  readonly tablespace?: string;
}

export const emptyState: ProjectState = { apps: new Map(), looseCollations: new Set() };

const noModels: ReadonlyMap<string, ModelState> = new Map();

export const defaultOptions: ModelOptions = {
  dbTable: undefined,
  managed: true,
  proxy: false,
  swappable: undefined,
  requiredVendor: undefined,
  orderWithRespectTo: undefined,
  uniqueTogether: [],
  indexTogether: [],
  indexes: [],
  constraints: [],
};

export function findModel(state: ProjectState, ref: ModelRef): ModelState | undefined {
  const model = state.apps.get(ref.app)?.get(ref.name);
  if (state.record !== undefined) met(state.record, ref, model);
  return model;
}

/** What was met first is what was there before the operation. */
function met({ met: known }: StateRecord, ref: ModelRef, model: ModelState | undefined): MetModel {
  const key = `${ref.app} ${ref.name}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const first = { ref, model, isWritten: false };
  known.set(key, first);
  return first;
}

/** The model, or what is known of one that no migration in sight creates: its name. */
export function modelOf(state: ProjectState, ref: ModelRef, writtenName: string): ModelState {
  return findModel(state, ref) ?? unseenModel(ref, writtenName);
}

export function refOf(model: ModelState): ModelRef {
  return { app: model.app, name: model.name.toLowerCase() };
}

export function withModel(state: ProjectState, model: ModelState): ProjectState {
  const before = state.apps.get(model.app) ?? noModels;
  const ref = refOf(model);
  if (state.record !== undefined) met(state.record, ref, before.get(ref.name)).isWritten = true;
  return { ...state, apps: LayeredMap.over(state.apps).with(model.app, LayeredMap.over(before).with(ref.name, model)) };
}

export function withoutModel(state: ProjectState, ref: ModelRef): ProjectState {
  const models = state.apps.get(ref.app);
  if (state.record !== undefined) met(state.record, ref, models?.get(ref.name)).isWritten = true;
  if (!models?.has(ref.name)) return state;
  return { ...state, apps: LayeredMap.over(state.apps).with(ref.app, LayeredMap.over(models).without(ref.name)) };
}

export function* modelsOf(state: ProjectState): Generator<ModelState> {
  if (state.record !== undefined) state.record.asksForAll = true;
  for (const models of state.apps.values()) yield* models.values();
}

/** The model whose table a proxy uses; the model itself if it is none. */
export function concreteModelOf(state: ProjectState, model: ModelState): ModelState {
  return model.options.proxy ? (findModel(state, concreteRefOf(state, refOf(model))) ?? model) : model;
}

/** The model that a name stands for once proxies are followed, be it in sight or not. */
export function concreteRefOf(state: ProjectState, ref: ModelRef): ModelRef {
  let current = ref;
  for (let depth = 0; depth < 20; depth++) {
    const model = findModel(state, current);
    const base = model?.options.proxy ? model.bases[0] : undefined;
    if (!base) return current;
    current = base;
  }
  return current;
}

function unseenModel(ref: ModelRef, name: string): ModelState {
  return {
    app: ref.app,
    name,
    fields: new Map(),
    options: defaultOptions,
    bases: [],
    bornIn: undefined,
    complete: false,
  };
}
