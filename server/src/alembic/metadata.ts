import { evaluate, valueOfName } from '../syntax/evaluate.ts';
import type { Module } from '../syntax/module.ts';
import type { Scope } from '../syntax/scope.ts';
import type { CallValue, ClassValue, Value } from '../syntax/value.ts';
import { calledName, textOf } from './columns.ts';
import { defaultNaming, type Named, type Naming, unknownNaming } from './naming.ts';

/** The names of a module at hand, by which metadata is found where it is made: mostly in the application. */
export type ScopeOf = (module: Module) => Scope | undefined;

/** The convention of the `target_metadata` that a call of `context.configure` is given. */
export function namingOf(configure: CallValue, scope: Scope, scopeOf: ScopeOf): Naming {
  const target = configure.keywords.get('target_metadata');
  if (target === undefined) return configure.partial ? unknownNaming : defaultNaming;
  // Of several metadata Alembic takes the convention of none.
  if (target.kind === 'list' || target.kind === 'tuple' || target.kind === 'constant') return defaultNaming;
  return assignedIn(scope.module, scope) ?? namingOfMetadata(target, { scope, scopeOf, depth: 0 }) ?? unknownNaming;
}

/** The convention of what a module builds with one: `db = SQLAlchemy(metadata=…)`, a base class of models. */
export function namingBuiltIn(scope: Scope, scopeOf: ScopeOf): Naming | undefined {
  const search = { scope, scopeOf, depth: 0 };
  for (const statement of scope.module.body) {
    const value = statement.kind === 'assign' ? evaluate(statement.value, scope) : undefined;
    const naming = value?.kind === 'call' ? namingOfCall(value, search) : undefined;
    if (naming?.isKnown && naming !== defaultNaming) return naming;
  }
  return undefined;
}

interface Search {
  /** The names around what is looked into. */
  readonly scope: Scope;
  readonly scopeOf: ScopeOf;
  readonly depth: number;
}

/** Names that lead to names that lead to metadata are followed this far. */
const deepest = 8;

/** `MetaData(…)`, or the attribute of what has one: `Base.metadata`, `db.metadata`. */
function namingOfMetadata(value: Value, search: Search): Naming | undefined {
  if (search.depth > deepest) return undefined;
  if (value.kind === 'call') return namingOfCall(value, search);
  const owner = ownerOf(value, 'metadata', search);
  return owner && namingOfOwner(owner.value, owner.search);
}

/** The value of `x` in `x.name`, which is no value that reading alone can tell. */
function ownerOf(value: Value, name: string, search: Search) {
  const { at, module } = value.definedAt ?? value;
  if (at.kind !== 'attribute' || at.name !== name) return undefined;
  const scope = module === search.scope.module ? search.scope : search.scopeOf(module);
  if (scope === undefined) return undefined;
  return { value: evaluate(at.object, scope), search: { ...search, scope, depth: search.depth + 1 } };
}

/** What has a metadata of its own, or is given one. */
const makers: ReadonlySet<string> = new Set(['SQLAlchemy', 'automap_base', 'declarative_base', 'registry']);

function namingOfCall(call: CallValue, search: Search): Naming | undefined {
  const name = calledName(call);
  const { keywords, positional, receiver } = call;
  const deeper = { ...search, depth: search.depth + 1 };
  if (name === 'MetaData') {
    const convention = keywords.get('naming_convention');
    const scope = search.scopeOf(call.module);
    if (convention !== undefined) return conventionIn(convention);
    return (scope && assignedIn(call.module, scope)) ?? defaultNaming;
  }
  if (name === 'generate_base' && receiver !== undefined) return namingOfOwner(receiver, deeper);
  if (!makers.has(name)) return undefined;
  const given = keywords.get('metadata') ?? (name === 'registry' ? positional[0] : undefined);
  if (given !== undefined) return namingOfMetadata(given, deeper);
  const model = keywords.get('model_class') ?? keywords.get('cls');
  if (model?.kind === 'class') return namingOfClass(model, deeper) ?? defaultNaming;
  return call.partial ? undefined : defaultNaming;
}

/** Of what has a `metadata`: a class of models, what such classes are made by, `db.Model`. */
function namingOfOwner(owner: Value, search: Search): Naming | undefined {
  if (search.depth > deepest) return undefined;
  if (owner.kind === 'class') return namingOfClass(owner, search);
  if (owner.kind === 'call') return namingOfCall(owner, search);
  const above = ownerOf(owner, 'Model', search);
  return above && namingOfOwner(above.value, above.search);
}

function namingOfClass({ definition, definedIn, scope }: ClassValue, search: Search): Naming | undefined {
  const deeper = { ...search, depth: search.depth + 1 };
  const own = valueOfName('metadata', scope);
  if (own !== undefined) return namingOfMetadata(own, deeper);
  const around = search.scopeOf(definedIn) ?? scope.enclosing;
  for (const { value, form, name } of definition.bases) {
    if (form !== 'plain' || name !== undefined) continue;
    const base = evaluate(value, around);
    const naming = isDeclarativeBase(base) ? defaultNaming : namingOfOwner(base, { ...deeper, scope: around });
    if (naming !== undefined) return naming;
  }
  return undefined;
}

function isDeclarativeBase(value: Value): boolean {
  return value.kind === 'reference' && /^sqlalchemy\.([a-z]\w*\.)*DeclarativeBase\w*$/.test(value.name);
}

/** `target_metadata.naming_convention = {…}` */
function assignedIn({ body }: Module, scope: Scope): Naming | undefined {
  for (const statement of body) {
    if (statement.kind !== 'assign') continue;
    const { targets } = statement;
    if (targets.some((target) => target.kind === 'attribute' && target.name === 'naming_convention'))
      return conventionIn(evaluate(statement.value, scope));
  }
  return undefined;
}

const kinds: Readonly<Record<string, Named>> = {
  ck: 'check',
  fk: 'foreign-key',
  ix: 'index',
  pk: 'primary-key',
  uq: 'unique',
};

/** An empty convention is none: SQLAlchemy falls back to its own. */
function conventionIn(value: Value): Naming {
  if (value.kind === 'constant' && value.value === null) return defaultNaming;
  if (value.kind !== 'dictionary' || value.partial) return unknownNaming;
  if (value.entries.length === 0) return defaultNaming;
  const patterns = new Map<Named, string>();
  for (const { key, value: written } of value.entries) {
    const kind = kinds[textOf(key) ?? ''];
    const pattern = textOf(written);
    if (kind !== undefined && pattern === undefined) return unknownNaming;
    if (kind !== undefined && pattern !== undefined) patterns.set(kind, pattern);
  }
  return { patterns, isKnown: true };
}
