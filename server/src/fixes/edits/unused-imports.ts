import { containsSpan } from '../../base/span.ts';
import { applyEdits, type TextEdit } from '../../base/text-edit.ts';
import type { Module } from '../../syntax/module.ts';
import { removeImportedName } from './imports.ts';

/** The imports that only the text used which the edits take away; those that were not used before stay. */
export function newlyUnusedImports(text: string, module: Module, edits: readonly TextEdit[]): readonly TextEdit[] {
  const imports = module.body.filter((each) => each.kind === 'import' || each.kind === 'import-from');
  const cut = imports
    .filter(({ span }) => !edits.some((edit) => containsSpan(span, edit.span)))
    .map(({ span }): TextEdit => ({ span, newText: '' }));
  const before = applyEdits(text, cut);
  const after = applyEdits(text, [
    ...cut,
    ...edits.filter((edit) => !imports.some(({ span }) => containsSpan(span, edit.span))),
  ]);
  return imports.flatMap(({ names }) => {
    const unused = names.filter(({ name, alias }) => {
      const used = alias ?? name;
      return uses(before, used) && !uses(after, used);
    });
    // Names side by side would be taken out of each other's text.
    return unused.length === 1 ? unused.flatMap(({ span }) => removeImportedName(text, module, span)) : [];
  });
}

/** A name in a comment or a string counts as well: an import too many does no harm. */
function uses(text: string, name: string): boolean {
  return new RegExp(`(?<![\\w.])${name.replaceAll('.', '\\s*\\.\\s*')}\\b`).test(text);
}
