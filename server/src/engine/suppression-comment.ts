import { isDropLater } from '../alembic/drop-later.ts';
import { nearestName } from '../base/nearest-name.ts';
import type { Span } from '../base/span.ts';
import type { SuppressedRule, Suppression } from '../rules/suppression.ts';
import type { Comment } from '../syntax/module.ts';

/** A suppression as it is written, before anything is known about findings. */
export interface SuppressionComment extends Omit<Suppression, 'rules'> {
  readonly comment: Comment;
  readonly rules: readonly Omit<SuppressedRule, 'state'>[];
}

const directive = /^#\s*stepwise:\s*/;
const ignore = /^#\s*stepwise:\s*ignore(-file)?\s*\[([^\]]*)\](.*)$/s;

/** The comments of a file that speak to Stepwise. */
export function readSuppressionComments(
  comments: readonly Comment[],
  ruleNames: readonly string[],
): readonly SuppressionComment[] {
  const own = comments.filter((comment) => directive.test(comment.text) && !isDropLater(comment));
  return own.map((comment) => readComment(comment, ruleNames));
}

function readComment(comment: Comment, ruleNames: readonly string[]): SuppressionComment {
  const match = ignore.exec(comment.text);
  const list = match?.[2] ?? '';
  const listStart = comment.span.start + comment.text.indexOf('[') + 1;
  const rules = match === null ? [] : readNames(list, listStart, ruleNames);
  const base = { comment, at: comment.span, reason: (match?.[3] ?? '').trim(), rules };
  if (rules.length === 0) return { ...base, kind: 'unclear' };
  return { ...base, kind: match?.[1] === undefined ? 'place' : 'file' };
}

function readNames(list: string, listStart: number, ruleNames: readonly string[]): SuppressionComment['rules'] {
  return [...list.matchAll(/[^\s,]+/g)].map((match) => {
    const name = match[0];
    const start = listStart + match.index;
    const at: Span = { start, end: start + name.length };
    return { name, at, nearest: ruleNames.includes(name) ? undefined : nearestName(name, ruleNames) };
  });
}
