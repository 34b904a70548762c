import { defaultTarget, type Target } from '../../../server/src/base/target.ts';
import type { Built } from '../../../server/src/django/built.ts';
import type { SourceModule } from '../../../server/src/django/data-function-context.ts';
import { lowerMigration } from '../../../server/src/django/lower-migration.ts';
import type { LoweringContext } from '../../../server/src/django/lowering-context.ts';
import type { DjangoMigration } from '../../../server/src/django/migration-file.ts';
import { emptyState, type ProjectState } from '../../../server/src/django/project-state.ts';
import { readDjangoMigration } from '../../../server/src/django/read-migration.ts';
import type { Migration } from '../../../server/src/schema/migration.ts';
import { emptySchema } from '../../../server/src/schema/schema.ts';
import { evaluate } from '../../../server/src/syntax/evaluate.ts';
import type { Module } from '../../../server/src/syntax/module.ts';
import type { ModuleName, Scope, SourceTexts, Surroundings } from '../../../server/src/syntax/scope.ts';
import { moduleScope } from '../../../server/src/syntax/scopes.ts';
import { pythonParser } from '../../support/python.ts';
import { postgresqlParser } from '../../support/sql.ts';

/** What a test decides about the project around its migrations. */
export interface Around {
  readonly target?: Partial<Target>;
  readonly userModel?: string;
  readonly autoField?: string;
}

export interface LoweredFile {
  readonly source: DjangoMigration;
  readonly migration: Migration;
  readonly state: ProjectState;
}

/** Reads and lowers migration files (`shop/migrations/0001_initial.py`), one after the other in the order given. */
export async function lowerFiles(
  files: ReadonlyMap<string, string>,
  around: Around = {},
): Promise<readonly LoweredFile[]> {
  const target = { ...defaultTarget, ...around.target };
  const scopes = await scopesOf(files, target);
  const sqlParser = await postgresqlParser();
  const context = { ...contextOf(files, scopes, target, around), sqlParser: () => sqlParser };
  const lowered: LoweredFile[] = [];
  let built: Built = { state: emptyState, schema: emptySchema };
  for (const [file, text] of files) {
    const scope = scopes.get(file);
    const app = file.split('/').at(-3);
    const source = scope && readDjangoMigration({ file, text, module: scope.module, app: app ?? '', scope });
    if (!source) continue;
    const { migration, after } = lowerMigration(source, built, context);
    built = after;
    lowered.push({ source, migration, state: after.state });
  }
  return lowered;
}

async function scopesOf(files: ReadonlyMap<string, string>, target: Target): Promise<ReadonlyMap<string, Scope>> {
  const parser = await pythonParser();
  const scopes = new Map<string, Scope>();
  const fileOf = new Map<Module, string>();
  const surroundings: Surroundings = {
    texts: textsOf(files, (module) => fileOf.get(module)),
    facts: { vendor: target.database },
    resolveModule: (wanted, from) => scopes.get(importedFile(wanted, fileOf.get(from) ?? '')),
  };
  for (const [file, text] of files) {
    const module = parser.read(text);
    fileOf.set(module, file);
    scopes.set(file, moduleScope(module, surroundings));
  }
  return scopes;
}

/** The files by their path, or by the only path that ends so. */
function textsOf(files: ReadonlyMap<string, string>, fileOf: SourceTexts['fileOf']): SourceTexts {
  return {
    fileOf,
    find(path) {
      const [file, other] = [...files.keys()].filter((each) => each === path || each.endsWith(`/${path}`));
      const text = other === undefined ? files.get(file ?? '') : undefined;
      return file === undefined || text === undefined ? undefined : { file, text };
    },
  };
}

function importedFile({ level, name }: ModuleName, from: string): string {
  const folder = level === 0 ? '' : from.split('/').slice(0, -level).join('/');
  const path = name.split('.').join('/');
  return `${folder === '' ? '' : `${folder}/`}${path}.py`;
}

function contextOf(
  files: ReadonlyMap<string, string>,
  scopes: ReadonlyMap<string, Scope>,
  target: Target,
  around: Around,
): Omit<LoweringContext, 'sqlParser'> {
  const sourceAt = (file: string): SourceModule | undefined => {
    const module = scopes.get(file)?.module;
    return module && { file, text: files.get(file) ?? '', module };
  };
  const sourceOf = (module: Module) => [...scopes.keys()].map(sourceAt).find((source) => source?.module === module);
  return {
    target,
    texts: textsOf(files, (module) => sourceOf(module)?.file),
    defaultAutoField: () => around.autoField ?? 'django.db.models.BigAutoField',
    swappable: (setting) => (setting === 'AUTH_USER_MODEL' ? (around.userModel ?? 'auth.User') : undefined),
    parentsOf: () => [],
    evaluate: (expression, inside) =>
      evaluate(expression, scopes.get(inside.file) ?? moduleScope(inside.module, nowhere)),
    resolveModule: ({ from, level, name }) => sourceAt(importedFile({ level, name }, from)),
    sourceOf,
  };
}

const nowhere: Surroundings = { facts: { vendor: undefined }, resolveModule: () => undefined };
