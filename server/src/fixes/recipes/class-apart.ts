import { folderOf, joinPath } from '../../base/file-path.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import { expressionsOf } from '../../syntax/child-expressions.ts';
import type { ClassStatement } from '../../syntax/module.ts';
import { carriedImports } from '../edits/carried-imports.ts';
import { importBlock, packagesApart } from '../edits/import-block.ts';
import { lineBreakOf, nextLineStart, quoteOf } from '../edits/layout.ts';
import { rewritten } from '../edits/rewritten.ts';
import { newlyUnusedImports } from '../edits/unused-imports.ts';
import type { Fix } from '../fix.ts';
import { dependencyText, nextMigrationName, repoint } from '../new-migration.ts';

/**
 * Moves the last class `Migration` of a file, the one that counts, to a file of its own behind this one. Nothing where it
 * needs a function or a constant of the file, or says in another way than by one dependency what it comes after.
 */
export function classApart(source: DjangoMigration, project: Project): readonly Fix[] {
  const { text, module, class: last, dependencies, app } = source;
  const own = dependencies.filter((each) => each.app === app);
  const [dependency] = own;
  if (dependency === undefined || own.length > 1 || last.decorators.length > 0) return [];
  const carried = carriedImports(text, module, last.body.flatMap(expressionsOf));
  if (carried.missing.length > 0) return [];
  const name = nextMigrationName(project, source, source.name.replace(/^\d+_/, ''));
  const behind = { span: dependency.at, newText: dependencyText(app, source.name, quoteOf(text)) };
  const imports = importBlock(['from django.db import migrations', ...carried.lines], packagesApart(text, module));
  const lines = [...imports, '', '', rewritten(text, last.span, [behind]).trimEnd(), ''];
  const removal = { span: { start: endOfCodeBefore(source, last), end: endOf(source, last) }, newText: '' };
  return [
    {
      title: `Move the last of them to ${name}`,
      safety: 'review',
      edits: [
        { kind: 'change', file: source.file, edits: [removal, ...newlyUnusedImports(text, module, [removal])] },
        ...repoint(project, source, name),
        {
          kind: 'create',
          file: joinPath(folderOf(source.file), `${name}.py`),
          text: lines.join('\n').replaceAll('\n', lineBreakOf(text)),
        },
      ],
    },
  ];
}

/** The blank lines above the class go with it. */
function endOfCodeBefore({ text }: DjangoMigration, { span }: ClassStatement): number {
  return nextLineStart(text, text.slice(0, span.start).trimEnd().length);
}

function endOf({ text }: DjangoMigration, { span }: ClassStatement): number {
  const isLast = text.slice(span.end).trim() === '';
  return isLast ? text.length : nextLineStart(text, span.end);
}
