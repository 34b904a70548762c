import type { AlembicRevision, RevisionFunction } from '../../../alembic/revision-file.ts';
import type { Span } from '../../../base/span.ts';
import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { Change } from '../../../schema/change.ts';
import type { Migration, ReverseFunction } from '../../../schema/migration.ts';
import { emptySchema } from '../../../schema/schema.ts';
import type { FunctionStatement, Statement } from '../../../syntax/module.ts';
import { namesIn } from '../../../syntax/names.ts';
import { reversedChanges, stops } from '../../alembic/reverse-revision.ts';
import type { Reversing } from '../../alembic/reversing.ts';
import { opImportOf } from '../../alembic/revision-text.ts';
import { type Step, statementsText } from '../../alembic/written-directive.ts';
import { importEdits, newWriting, type Writing } from '../../alembic/written-value.ts';
import { bodyIndentation, isFirstOnLine, lineBreakOf } from '../../edits/layout.ts';
import { indentedCode } from '../../edits/rewritten.ts';
import { type Answer, refusal } from '../../fix.ts';

interface Surroundings {
  readonly project: Project;
}

const unknownReverse =
  'What takes a step of upgrade() back is not known here: it depends on a condition, or no revision tells what was there before. Write downgrade() by hand.';

/**
 * Writes `downgrade()` as the exact reverse of `upgrade()`, in the place of one that does nothing or raises, or behind
 * `upgrade()` where there is none.
 */
export function generatedDowngrade(
  of: ReverseFunction | undefined,
  migration: Migration,
  { project }: Surroundings,
): readonly Answer[] {
  const source = project.revision(migration.id);
  const reversing = source && reversingOf(source, migration, project);
  if (source === undefined || reversing === undefined || !migration.complete) return [];
  const steps = reversedChanges(of?.takesBack ?? migration.forward, reversing);
  if (steps === undefined) return refusal(unknownReverse);
  if (steps.length === 0) return [];
  const code = bodyText(steps, reversing);
  const edit = of === undefined ? appended(source, code) : replacedBody(source, of, code);
  if (edit === undefined) return [];
  return [
    {
      title: titleFor(steps, of?.name ?? 'downgrade'),
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: withImports(edit, code, reversing) }],
      followsFromAll: true,
    },
  ];
}

function titleFor(steps: readonly Step[], name: string): string {
  if (steps.some(stops)) return `Let ${name}() raise: no way back is known for a part of upgrade()`;
  return steps.every(({ comments }) => comments.length === 0)
    ? `Write ${name}(): the exact reverse of upgrade()`
    : `Write ${name}(): the reverse of upgrade(), with a word on what cannot come back`;
}

export function reversingOf(source: AlembicRevision, migration: Migration, project: Project): Reversing | undefined {
  const judged = project.migration(migration.id);
  if (judged === undefined) return undefined;
  const { forward } = migration;
  const places = new Map(forward.map((change, index) => [change, index]));
  const at = (change: Change): number => places.get(change) ?? -1;
  return {
    writing: newWriting(source),
    migration,
    project,
    database: project.target.database,
    op: opImportOf(source).name,
    start: judged.before,
    end: judged.after,
    before: (change) => judged.steps[at(change)] ?? emptySchema,
    after: (change) => judged.steps[at(change) + 1] ?? judged.after,
  };
}

/** The statements of a function that takes steps, in column 0. */
function bodyText(steps: readonly Step[], { op, writing }: Pick<Reversing, 'op' | 'writing'>): string {
  const statements = statementsText(steps, op, writing);
  const isIdle = statements.every((each) => each.split('\n').every((line) => line.startsWith('#')));
  return (isIdle ? [...statements, 'pass'] : statements).join('\n');
}

/** The imports that the code really uses, and the edit itself. */
function withImports(edit: TextEdit, code: string, { writing }: { readonly writing: Writing }): readonly TextEdit[] {
  const used = namesIn(code);
  for (const line of writing.imports) {
    const name = /(?:as|import) (\w+)$/.exec(line)?.[1] ?? '';
    if (!used.has(name)) writing.imports.delete(line);
  }
  return [...importEdits(writing), edit].sort((one, other) => one.span.start - other.span.start);
}

function replacedBody(source: AlembicRevision, of: ReverseFunction, code: string): TextEdit | undefined {
  const definition = definitionOf(source, of);
  if (definition === undefined) return undefined;
  const { text } = source;
  const indentation = bodyIndentation(text, definition);
  const body = indentedCode(code, indentation);
  const [first, ...others] = definition.body;
  const rest = first !== undefined && isDocstring(first) ? others : definition.body;
  const lineBreak = lineBreakOf(text);
  const inFile = (written: string): string => written.replaceAll('\n', lineBreak);
  const replaced = spanOfAll(rest);
  if (replaced === undefined) {
    const end = first?.span.end ?? definition.span.end;
    return { span: { start: end, end }, newText: inFile(`\n${indentation}${body}`) };
  }
  // `def downgrade(): pass` on one line.
  const head = isFirstOnLine(text, replaced.start) ? '' : `\n${indentation}`;
  const gap = head === '' ? 0 : (/[ \t]*$/.exec(text.slice(0, replaced.start))?.[0].length ?? 0);
  return { span: { start: replaced.start - gap, end: replaced.end }, newText: inFile(`${head}${body}`) };
}

function spanOfAll(statements: readonly Statement[]): Span | undefined {
  const [first] = statements;
  const last = statements.at(-1);
  return first && last && { start: first.span.start, end: last.span.end };
}

function isDocstring(statement: Statement): boolean {
  return statement.kind === 'expression' && statement.value.kind === 'string';
}

/** The function as it is written in the file itself. */
export function definitionOf(
  { downgrades, module }: AlembicRevision,
  of: ReverseFunction,
): FunctionStatement | undefined {
  const found = downgrades.find(
    ({ value: { definition, definedIn } }) =>
      definition.kind === 'function' && definition.name === of.name && definedIn === module,
  );
  return found?.value.definition.kind === 'function' ? found.value.definition : undefined;
}

/** Behind the last of the functions of the way forward, with their signature. */
function appended(source: AlembicRevision, code: string): TextEdit | undefined {
  const [upgrade, ...others]: readonly RevisionFunction[] = source.upgrades;
  const definition = upgrade?.value.definition;
  if (definition?.kind !== 'function' || others.length > 0 || upgrade?.value.definedIn !== source.module)
    return undefined;
  const { text } = source;
  const { end } = definition.span;
  const signature = /^\(\)(?:\s*->\s*[\w.]+)?\s*:/.exec(text.slice(definition.nameSpan.end))?.[0] ?? '():';
  const unit = bodyIndentation(text, definition);
  const written = `\n\n\ndef downgrade${signature}\n${unit}${indentedCode(code, unit)}`;
  return { span: { start: end, end }, newText: written.replaceAll('\n', lineBreakOf(text)) };
}
