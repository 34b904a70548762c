import { lineIndexOf } from '../base/line-index.ts';
import { type Span, spanOf } from '../base/span.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import { indentationAt, lineBreakOf, lineStartBefore, nextLineStart } from '../fixes/edits/layout.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Migration } from '../schema/migration.ts';
import type { Finding } from './finding.ts';
import { readSuppressionComments, type SuppressionComment } from './suppression-comment.ts';
import { scopeOf, unitsOf } from './suppression-scope.ts';

/**
 * The two ways to accept a finding where it stands: a comment above the operation or statement, and one for the whole
 * file. A comment that is there already gets one more name.
 */
export function suppressionsFor(
  finding: Pick<Finding, 'rule' | 'span'>,
  migration: Migration,
  source: DjangoMigration | undefined,
): readonly Fix[] {
  const { name } = finding.rule;
  const comments = readSuppressionComments(migration.module.comments, []);
  const fix = (title: string, edit: TextEdit): Fix => ({
    title,
    safety: 'review',
    edits: [{ kind: 'change', file: migration.file, edits: [edit] }],
  });
  return [
    fix(`Ignore ${name} here`, placeEdit(name, finding.span, comments, migration, source)),
    fix(`Ignore ${name} in this file`, fileEdit(name, comments, migration)),
  ];
}

function placeEdit(
  rule: string,
  span: Span,
  comments: readonly SuppressionComment[],
  migration: Migration,
  source: DjangoMigration | undefined,
): TextEdit {
  const { text } = migration;
  const lines = lineIndexOf(text);
  const units = unitsOf(migration, source);
  const covering = comments.find(({ kind, comment }) => {
    if (kind !== 'place') return false;
    const scope = scopeOf(comment, text, lines, units);
    return scope.start <= span.start && span.start < scope.end;
  });
  if (covering !== undefined) return oneMoreName(rule, covering);
  // Above the innermost unit, not behind the line: that may lie inside a string or be continued.
  const holder = units.findLast(
    (unit) => unit.kind !== 'attribute' && unit.span.start <= span.start && span.start < unit.span.end,
  );
  return commentLineAt(text, lineStartBefore(text, holder?.span.start ?? span.start), `ignore[${rule}]`);
}

function fileEdit(rule: string, comments: readonly SuppressionComment[], { text, module }: Migration): TextEdit {
  const existing = comments.find(({ kind }) => kind === 'file');
  if (existing !== undefined) return oneMoreName(rule, existing);
  // Below the comments that the file begins with: an interpreter line or an encoding must stay first.
  let offset = 0;
  for (const comment of module.comments) {
    if (comment.span.start !== offset) break;
    offset = nextLineStart(text, offset);
  }
  return commentLineAt(text, offset, `ignore-file[${rule}]`);
}

function oneMoreName(rule: string, { comment }: SuppressionComment): TextEdit {
  const end = comment.span.start + comment.text.indexOf(']');
  return { span: spanOf(end, end), newText: `, ${rule}` };
}

function commentLineAt(text: string, lineStart: number, directive: string): TextEdit {
  const newText = `${indentationAt(text, lineStart)}# stepwise: ${directive}${lineBreakOf(text)}`;
  return { span: spanOf(lineStart, lineStart), newText };
}
