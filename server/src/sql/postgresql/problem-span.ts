import type { Span } from '../../base/span.ts';
import type { StringContent } from '../string-content.ts';
import { tokensOf } from '../token.ts';
import { statementSpan } from '../words.ts';
import type { SyntaxProblem } from './parser.ts';
import type { Step } from './step.ts';

/** What of a statement to underline: the word that PostgreSQL stumbles over, the last one where it misses more. */
export function problemSpan({ offset }: SyntaxProblem, step: Step): Span {
  if (offset === undefined) return statementSpan(step);
  const found = step.tokens.find(({ start, end }) => start <= offset && offset < end) ?? step.tokens.at(-1);
  return found === undefined ? statementSpan(step) : { start: found.start, end: found.end };
}

const nearWord = /at or near "(.+)"$/s;

const mostCandidates = 25;

/**
 * The same for an error in a PL/pgSQL body, whose parser names the word and not its place: where the body ends behind
 * the right one of its occurrences, it fails with the same words. Offsets are in the body.
 */
export function bodyProblemSpan(problem: SyntaxProblem, content: StringContent, step: Step): Span | undefined {
  const near = nearWord.exec(problem.message)?.[1];
  if (near === undefined) return undefined;
  const { text } = content;
  const all = tokensOf(text, 'postgresql').filter(({ start, end }) => text.slice(start, end).startsWith(near));
  const candidates = all.slice(0, mostCandidates);
  const found = candidates.find(({ end }) => {
    const cut = `DO LANGUAGE plpgsql '${text.slice(0, end).replaceAll("'", "''")}; END'`;
    const tried = step.parser.parseBody({ text: cut, tokens: [] }, text.slice(0, end));
    return tried.kind === 'problem' && tried.message === problem.message;
  });
  const token = found ?? (all.length === 1 ? all[0] : undefined);
  return token && { start: token.start, end: token.start + near.length };
}
