import type { ImportedName, ImportFromStatement, ImportStatement } from '../module.ts';
import { type Lazy, lazy, type Scope } from '../scope.ts';
import type { Value } from '../value.ts';
import { nameAt, unknownValue } from '../values.ts';
import { bind, type Environment } from './environment.ts';
import type { Frame } from './frame.ts';

/** `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`. */
export function bindImport(statement: ImportStatement, environment: Environment, frame: Frame): Environment {
  return statement.names.reduce<Environment>((bound, imported) => {
    const first = imported.name.split('.', 1)[0] ?? imported.name;
    const name = imported.alias === undefined ? first : imported.name;
    const value = lazily(imported, frame, () => reference(name, imported, frame, resolve(frame, 0, name)));
    return bind(bound, imported.alias ?? first, value);
  }, environment);
}

export function bindImportFrom(statement: ImportFromStatement, environment: Environment, frame: Frame): Environment {
  return statement.names.reduce<Environment>((bound, imported) => {
    if (imported.name === '*') return bindStar(statement, bound, frame);
    const value = lazily(imported, frame, (trace) => {
      const { level, module } = statement;
      const found = resolve(frame, level, module)?.find(imported.name, undefined, trace);
      if (found !== undefined) return found;
      const name = module === '' ? imported.name : `${module}.${imported.name}`;
      return reference('.'.repeat(level) + name, imported, frame, resolve(frame, level, name));
    });
    return bind(bound, imported.alias ?? imported.name, value);
  }, environment);
}

function bindStar(statement: ImportFromStatement, environment: Environment, frame: Frame): Environment {
  const star = resolve(frame, statement.level, statement.module);
  if (star === undefined) return environment;
  return {
    name: '*',
    value: () => reference('*', statement, frame, star),
    isSameObject: false,
    star,
    previous: environment,
  };
}

function resolve(frame: Frame, level: number, name: string): Scope | undefined {
  return frame.surroundings.resolveModule({ level, name }, frame.module);
}

function lazily(imported: ImportedName, frame: Frame, compute: Lazy): Lazy {
  return lazy(compute, unknownValue(nameAt(imported.name, imported.span), frame.module));
}

function reference(name: string, imported: Pick<ImportedName, 'span'>, frame: Frame, scope: Scope | undefined): Value {
  return { kind: 'reference', at: nameAt(name, imported.span), module: frame.module, name, scope };
}
