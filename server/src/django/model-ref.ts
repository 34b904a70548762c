import type { Value } from '../syntax/value.ts';

/** A model as Django compares them: the app label exactly, the name in lower case. */
export interface ModelRef {
  readonly app: string;
  readonly name: string;
}

/** Where a model is named: names without an app belong to `app`, `'self'` is `model`. */
export interface ModelScope {
  readonly app: string;
  readonly model: string;
  /** The value of a swappable setting: `auth.User` for `AUTH_USER_MODEL`; `undefined` where it is not known. */
  swappable(setting: string): string | undefined;
}

export function modelRef(app: string, name: string): ModelRef {
  return { app, name: name.toLowerCase() };
}

export function isSameModel(one: ModelRef | undefined, other: ModelRef | undefined): boolean {
  return one !== undefined && other !== undefined && one.app === other.app && one.name === other.name;
}

/** `shop.Order`, `Order`, `self`, `settings.AUTH_USER_MODEL`, a model class; `undefined` where it cannot be told. */
export function readModelRef(value: Value | undefined, scope: ModelScope): ModelRef | undefined {
  if (value?.kind === 'string') return modelRefOf(value.value, scope);
  if (value?.kind === 'reference') return refOfName(value.name, scope);
  return undefined;
}

/** The model that a label means; see {@link readModelRef}. */
function modelRefOf(label: string, scope: Pick<ModelScope, 'app' | 'model'>): ModelRef {
  if (label === 'self') return modelRef(scope.app, scope.model);
  const dot = label.indexOf('.');
  return dot < 0 ? modelRef(scope.app, label) : modelRef(label.slice(0, dot), label.slice(dot + 1));
}

function refOfName(name: string, scope: ModelScope): ModelRef | undefined {
  const setting = /(?:^|\.)settings\.([A-Z_]+)$/.exec(name)?.[1];
  if (setting !== undefined) {
    const label = scope.swappable(setting);
    return label === undefined ? undefined : modelRefOf(label, scope);
  }
  const [, app, model] = /(?:^|\.)([a-z_0-9]+)\.models(?:\.[a-z_0-9]+)*\.([A-Za-z_0-9]+)$/.exec(name) ?? [];
  return app !== undefined && model !== undefined ? modelRef(app, model) : undefined;
}
