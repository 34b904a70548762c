import type { Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { childStatementsOf } from '../../syntax/child-expressions.ts';
import type { Module, Statement } from '../../syntax/module.ts';
import { targetsIn } from '../../syntax/targets.ts';
import { indentationAt, lineEndAfter, lineStartBefore } from './layout.ts';

/** A function, a class or a constant at the top of a file: what code can be carried to another file. */
export interface Definition {
  readonly names: readonly string[];
  /** Whole lines without the last line break; the comments directly above and on its last line included. */
  readonly span: Span;
  readonly statement: Statement;
}

/** The definitions of a file, in its order. */
export function definitionsOf(text: string, module: Module): readonly Definition[] {
  return module.body.flatMap((statement) => {
    const names = namesDefinedBy(statement);
    if (names.length === 0) return [];
    const start = lineStartBefore(text, startWithComments(text, module, statement.span.start));
    return [{ names, span: { start, end: endWithComments(text, module, statement.span.end) }, statement }];
  });
}

function namesDefinedBy(statement: Statement): readonly string[] {
  if (statement.kind === 'function' || statement.kind === 'class') return [statement.name];
  if (statement.kind !== 'assign') return [];
  const names = statement.targets.flatMap(targetsIn).map(({ name }) => name);
  // `settings.DEBUG = …` and the like do more than to define.
  return statement.targets.every((target) => targetsIn(target).length > 0) ? names : [];
}

/** The names that a statement binds in the scope that it stands in, whatever kind of statement it is. */
export function namesBoundBy(statement: Statement): readonly string[] {
  switch (statement.kind) {
    case 'function':
    case 'class':
      return [statement.name];
    case 'import':
      return statement.names.map(({ name, alias }) => alias ?? name.split('.')[0] ?? name);
    case 'import-from':
      return statement.names.map(({ name, alias }) => alias ?? name);
    case 'assign':
      return statement.targets.flatMap(targetsIn).map(({ name }) => name);
    case 'augmented-assign':
      return targetsIn(statement.target).map(({ name }) => name);
    default: {
      const targets = statement.kind === 'for' ? [statement.target] : [];
      const opened = statement.kind === 'with' ? statement.items.flatMap(({ target }) => target ?? []) : [];
      const own = [...targets, ...opened].flatMap(targetsIn).map(({ name }) => name);
      return [...own, ...childStatementsOf(statement).flatMap(namesBoundBy)];
    }
  }
}

function startWithComments(text: string, module: Module, start: number): number {
  let first = start;
  for (const comment of module.comments.toReversed()) {
    if (comment.span.end > first || !comment.ownLine) continue;
    if (!/^\r?\n[ \t]*$/.test(text.slice(comment.span.end, first))) break;
    first = comment.span.start;
  }
  return first;
}

/** Comments behind the last statement of a function that are indented are a part of it. */
function endWithComments(text: string, { comments }: Module, end: number): number {
  let last = lineEndAfter(text, end);
  for (const comment of comments) {
    if (comment.span.start < last) continue;
    const isInside = comment.ownLine && indentationAt(text, comment.span.start) !== '';
    if (!isInside || text.slice(last, comment.span.start).trim() !== '') break;
    last = comment.span.end;
  }
  return last;
}

/** Takes definitions out of a file. Of the gaps around them the larger one stays. */
export function removalsOf(text: string, module: Module, definitions: readonly Definition[]): readonly TextEdit[] {
  const runs: Span[] = [];
  for (const { span } of definitions) {
    const last = runs.at(-1);
    const isNext = last !== undefined && text.slice(last.end, span.start).trim() === '';
    if (isNext) runs[runs.length - 1] = { start: last.start, end: span.end };
    else runs.push(span);
  }
  return runs.map(({ start, end }) => {
    const above = text.slice(0, start).trimEnd().length;
    const below = nextThing(module, end);
    const isLargerBelow = below === undefined || lineStartBefore(text, below) - end > start - above;
    if (isLargerBelow && above > 0) return { span: { start: lineEndAfter(text, above), end }, newText: '' };
    return { span: { start, end: below === undefined ? text.length : lineStartBefore(text, below) }, newText: '' };
  });
}

function nextThing({ body, comments }: Module, offset: number): number | undefined {
  const starts = [...body, ...comments].map(({ span }) => span.start).filter((start) => start >= offset);
  return starts.length === 0 ? undefined : Math.min(...starts);
}
