import { childExpressionsOf } from '../../syntax/child-expressions.ts';
import { dottedNameOf } from '../../syntax/dotted-name.ts';
import type { Expression, Module, Statement } from '../../syntax/module.ts';

/** The imports that a copied piece of code needs in its new file, or the names that cannot be carried there. */
export interface CarriedImports {
  readonly lines: readonly string[];
  /** Names that the old file itself defines: a function, a constant. They cannot be imported from a migration. */
  readonly missing: readonly string[];
}

/** What the given expressions of `module` need to mean the same in another file of the same folder. */
export function carriedImports(text: string, module: Module, expressions: readonly Expression[]): CarriedImports {
  const used = new Map<string, string>();
  for (const expression of expressions) collectNames(expression, used);
  const lines = new Set<string>();
  const missing: string[] = [];
  for (const [name, path] of used) {
    const imports = importLinesFor(text, module.body, name, new Set([path]));
    for (const line of imports) lines.add(line);
    if (imports.length === 0 && definesName(module.body, name)) missing.push(name);
  }
  return { lines: [...lines], missing };
}

/** Each first name with the longest dotted path under which it is used: `django.db.models.deletion`. */
function collectNames(expression: Expression, used: Map<string, string>): void {
  const path = dottedNameOf(expression);
  if (path !== undefined) {
    const name = path.split('.')[0] ?? path;
    if (path.length > (used.get(name)?.length ?? 0)) used.set(name, path);
    return;
  }
  for (const child of childExpressionsOf(expression)) collectNames(child, used);
}

/**
 * The imports that make a name what it is: one that names it, or those of the modules in it that are used.
 *
 * @param paths under which it is used: `django.db.models.Q`
 */
export function importLinesFor(
  text: string,
  body: readonly Statement[],
  name: string,
  paths: ReadonlySet<string>,
): readonly string[] {
  const modules: string[] = [];
  for (const statement of body) {
    if (statement.kind === 'import-from') {
      const imported = statement.names.find((each) => (each.alias ?? each.name) === name);
      if (imported === undefined) continue;
      const alias = imported.alias === undefined ? '' : ` as ${imported.alias}`;
      return [`from ${'.'.repeat(statement.level)}${statement.module} import ${imported.name}${alias}`];
    }
    if (statement.kind !== 'import') continue;
    for (const imported of statement.names.filter((each) => (each.alias ?? each.name.split('.')[0]) === name)) {
      const line = `import ${text.slice(imported.span.start, imported.span.end)}`;
      if (imported.alias !== undefined) return [line];
      modules.push(line);
    }
  }
  const used = modules.filter((line) => [...paths].some((path) => path.startsWith(line.slice('import '.length))));
  return used.length > 0 ? used : modules.slice(0, 1);
}

function definesName(body: readonly Statement[], name: string): boolean {
  return body.some((statement) => {
    if (statement.kind === 'function' || statement.kind === 'class') return statement.name === name;
    if (statement.kind !== 'assign') return false;
    return statement.targets.some((target) => target.kind === 'name' && target.name === name);
  });
}
