import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { Project } from '../../project/project.ts';
import type { AssignStatement, FunctionStatement } from '../../syntax/module.ts';
import { namesIn } from '../../syntax/names.ts';
import { importLinesFor } from '../edits/carried-imports.ts';
import { importBlock, packagesApart } from '../edits/import-block.ts';
import { lineBreakOf, quoted, quoteOf } from '../edits/layout.ts';
import { indentedCode } from '../edits/rewritten.ts';
import type { NewRevision } from './new-revision.ts';
import { createDateLine } from './revision-file-name.ts';

/** A revision with its place in the history. */
interface PlacedRevision extends NewRevision {
  readonly id: string;
  readonly parents: readonly string[];
}

/**
 * The text of a new revision, in the style of another one: quotes, annotations, what its docstring tells. It gets no
 * `downgrade()` in a project where no revision has one.
 */
export function revisionText(
  like: AlembicRevision,
  revision: PlacedRevision,
  { goesForwardOnly }: Pick<Project, 'goesForwardOnly'>,
): string {
  const { text, module } = like;
  const downgrade = goesForwardOnly ? [] : functionText('downgrade', revision.downgrade, like);
  const identifiers = identifiersOf(like, revision);
  const op = opImportOf(like);
  const isGiven = like.upgrades[0]?.value.definition.parameters.some(({ name }) => name === op.name) === true;
  const usesOp =
    !isGiven && [...revision.upgrade, ...revision.downgrade, revision.code].some((code) => namesIn(code).has(op.name));
  const imports = importBlock(
    [...(usesOp ? [op.line] : []), ...annotationImports(like, identifiers), ...revision.imports],
    packagesApart(text, module),
  );
  const lines = [
    ...headerOf(like),
    ...docstringOf(like, revision),
    '',
    ...(imports.length === 0 ? [] : [...imports, '']),
    ...(text.includes(remark) ? [remark] : []),
    ...identifiers.map(({ line }) => line),
    ...(revision.code === '' ? [] : [...apartFrom(revision.code), revision.code]),
    '',
    '',
    ...functionText('upgrade', revision.upgrade, like),
    ...(downgrade.length === 0 ? [] : ['', '', ...downgrade]),
    '',
  ];
  return lines.join('\n').replaceAll('\n', lineBreakOf(text));
}

/** A constant stands one line apart, a function two. */
function apartFrom(code: string): readonly string[] {
  return /^\w+ = /.test(code) ? [''] : ['', ''];
}

const remark = '# revision identifiers, used by Alembic.';

/** Comments above the docstring: a license. */
function headerOf({ text, module }: AlembicRevision): readonly string[] {
  const [first] = module.body;
  const header = module.docstringEnd > 0 && first ? text.slice(0, first.span.start) : '';
  return header.trim() === '' ? [] : header.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
}

function docstringOf(like: AlembicRevision, { docstring, id, parents }: PlacedRevision): readonly string[] {
  const said = typeof docstring === 'string' ? docstring : docstring(parents.join(', '));
  const date = createDateLine(like);
  return [
    `"""${said.trimEnd()}`,
    '',
    `Revision ID: ${id}`,
    `Revises: ${parents.join(', ')}`,
    ...(date === undefined ? [] : [date]),
    '',
    '"""',
  ];
}

interface Identifier {
  /** What stands before the value: `down_revision: Union[str, None] = `. */
  readonly head: string;
  readonly line: string;
}

/** Those that the other revision has, in its order. */
function identifiersOf(like: AlembicRevision, { id, parents }: PlacedRevision): readonly Identifier[] {
  const { text, module } = like;
  const quote = quoteOf(text);
  const written = parents.map((parent) => quoted(parent, quote)).join(', ');
  const values = new Map([
    ['revision', quoted(id, quote)],
    ['down_revision', parents.length === 1 ? written : `(${written})`],
    ['branch_labels', 'None'],
    ['depends_on', 'None'],
  ]);
  const assigned = module.body.filter((each) => each.kind === 'assign');
  const found = assigned.flatMap((statement): readonly Identifier[] => {
    const name = nameOf(statement);
    const value = name === undefined ? undefined : values.get(name);
    if (name === undefined || value === undefined) return [];
    values.delete(name);
    const head = text.slice(statement.span.start, statement.value.span.start);
    // An annotation for a single parent does not fit several.
    const fits = parents.length === 1 || name !== 'down_revision' || /Sequence|[Tt]uple|[Ll]ist/.test(head);
    const kept = /^\w+\s*(?::[^=\n]+)?=\s*$/.test(head) && fits ? head : `${name} = `;
    return [{ head: kept, line: kept + value }];
  });
  const missing = ['revision', 'down_revision'].filter((name) => values.has(name));
  return [...found, ...missing.map((name) => ({ head: name, line: `${name} = ${values.get(name) ?? ''}` }))];
}

function nameOf({ targets }: AssignStatement): string | undefined {
  const [target] = targets;
  return targets.length === 1 && target?.kind === 'name' ? target.name : undefined;
}

function annotationImports({ text, module }: AlembicRevision, identifiers: readonly Identifier[]): readonly string[] {
  const used = identifiers.flatMap(({ head }) => [...namesIn(head)]);
  return used.flatMap(([name, paths]) => importLinesFor(text, module.body, name, paths));
}

/** `from alembic import op`, and the name that the file has for it. */
export function opImportOf({ text, module }: AlembicRevision): { readonly line: string; readonly name: string } {
  for (const statement of module.body) {
    if (statement.kind !== 'import-from' || statement.module !== 'alembic') continue;
    const imported = statement.names.find(({ name }) => name === 'op');
    if (imported === undefined) continue;
    const written = text.slice(imported.span.start, imported.span.end);
    return { line: `from alembic import ${written}`, name: imported.alias ?? 'op' };
  }
  return { line: 'from alembic import op', name: 'op' };
}

function functionText(
  name: 'upgrade' | 'downgrade',
  statements: readonly string[],
  like: AlembicRevision,
): readonly string[] {
  const own = (name === 'upgrade' ? like.upgrades : like.downgrades)[0]?.value.definition;
  const definition = own?.kind === 'function' ? own : undefined;
  const docstring = definition && usualDocstring(definition, like);
  const body = statements.length === 0 && docstring === undefined ? ['pass'] : statements;
  return [
    `def ${name}${signatureOf(definition, like)}`,
    ...(docstring === undefined ? [] : [`    ${docstring}`]),
    ...body.map((statement) => `    ${indentedCode(statement, '    ')}`),
  ];
}

/** `() -> None:`, with the parameters that an env.py of one's own gives. */
function signatureOf(definition: FunctionStatement | undefined, { text }: AlembicRevision): string {
  const behind = definition === undefined ? '' : text.slice(definition.nameSpan.end, definition.bodySpan.start);
  return /^\([\w\s,=]*\)(?:\s*->\s*[\w.]+)?\s*:/.exec(behind)?.[0] ?? '():';
}

/** What Alembic's template says in every function. */
function usualDocstring({ body }: FunctionStatement, { text }: AlembicRevision): string | undefined {
  const span = body[0]?.span;
  const written = span && text.slice(span.start, span.end);
  return written !== undefined && /^"""(?:Upgrade|Downgrade) schema\."""$/.test(written) ? written : undefined;
}
