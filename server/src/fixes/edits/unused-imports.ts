import { containsSpan, type Span } from '../../base/span.ts';
import { applyEdits, type TextEdit } from '../../base/text-edit.ts';
import type { Module } from '../../syntax/module.ts';
import { namesIn } from '../../syntax/names.ts';
import { type AnyImport, isImport, removeImportedNames } from './imports.ts';

/**
 * The imports that only the text used which the edits take away; those that were not used before stay, and so do those with
 * which every revision begins.
 */
export function newlyUnusedImports(text: string, module: Module, edits: readonly TextEdit[]): readonly TextEdit[] {
  const imports = module.body.filter(isImport);
  const cut = imports
    .filter(({ span }) => !edits.some((edit) => containsSpan(span, edit.span)))
    .map(({ span }): TextEdit => ({ span, newText: '' }));
  const before = namesIn(applyEdits(text, cut));
  const after = namesIn(
    applyEdits(text, [...cut, ...edits.filter((edit) => !imports.some(({ span }) => containsSpan(span, edit.span)))]),
  );
  const spare = imports
    .filter((statement) => !isOfTemplate(statement))
    .flatMap((statement) => unusedIn(statement, before, after));
  return spare.length === 0 ? [] : removeImportedNames(text, module, spare);
}

/** What Alembic writes at the top of a revision, whatever becomes of it. */
function isOfTemplate(statement: AnyImport): boolean {
  const [only, ...others] = statement.names;
  if (only === undefined || others.length > 0) return false;
  if (statement.kind === 'import') return only.name === 'sqlalchemy' && only.alias === 'sa';
  return statement.module === 'alembic' && only.name === 'op' && only.alias === undefined;
}

type Uses = ReturnType<typeof namesIn>;

function unusedIn({ kind, names }: AnyImport, before: Uses, after: Uses): readonly Span[] {
  const unused = names.filter(({ name, alias }) => {
    const used = alias ?? name;
    const isUsed = (uses: Uses): boolean =>
      kind === 'import' && alias === undefined ? isModuleUsed(name, uses) : uses.has(used);
    return isUsed(before) && !isUsed(after);
  });
  return unused.map(({ span }) => span);
}

/** `django.db.models.deletion` of `import django.db.models.deletion`. */
function isModuleUsed(module: string, uses: Uses): boolean {
  const paths = uses.get(module.split('.')[0] ?? module);
  return paths !== undefined && [...paths].some((path) => path === module || path.startsWith(`${module}.`));
}
