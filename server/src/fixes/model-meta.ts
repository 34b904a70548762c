import type { TextEdit } from '../base/text-edit.ts';
import type { Project } from '../project/project.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { ClassStatement, Statement } from '../syntax/module.ts';
import { indentationAt, isFirstOnLine, lineBreakOf, lineEndAfter } from './edits/layout.ts';
import { findModelClass, isField, isNamed, type ModelClass } from './model-class.ts';
import type { ModelEdit } from './model-field.ts';

/**
 * Sets an option in the `Meta` of a model class, which is added where there is none.
 *
 * @param model as the class is called
 */
export function modelOption(model: string, app: string, option: string, value: string, project: Project): ModelEdit {
  const found = findModelClass(model, app, project);
  const edit = found && setOption(found, option, value);
  if (found === undefined || edit === undefined) {
    return { edits: [], advice: `; set ${option} = ${value} in the Meta of the model, too` };
  }
  return { edits: [{ kind: 'change', file: found.file, edits: [edit] }], advice: '' };
}

/** `undefined` where the class is not laid out so that a line can be added, or a `Meta` would take the place of an inherited one. */
function setOption(found: ModelClass, option: string, value: string): TextEdit | undefined {
  const { text, definition } = found;
  const meta = definition.body.find((each): each is ClassStatement => each.kind === 'class' && each.name === 'Meta');
  if (meta === undefined) {
    const isPlain = definition.bases.every((base) => dottedNameOf(base.value) === 'models.Model');
    return isPlain ? addMeta(found, `${option} = ${value}`) : undefined;
  }
  for (const statement of meta.body) {
    if (statement.kind === 'assign' && isNamed(statement, option)) {
      return { span: statement.value.span, newText: value };
    }
  }
  return addLines(text, meta.body, [`${option} = ${value}`], meta.body.length - 1);
}

/** Behind the fields, where Django's own style has it. */
function addMeta({ text, definition }: ModelClass, line: string): TextEdit | undefined {
  const { body } = definition;
  const lastField = body.findLastIndex((each) => each.kind === 'assign' && isField(each.value));
  const [only] = body;
  const isEmpty = body.length === 1 && only?.kind === 'simple';
  const before = isEmpty ? [] : [''];
  const behind = Math.max(lastField, 0);
  const next = body[behind + 1];
  const isFollowed = next !== undefined && text.slice(body[behind]?.span.end, next.span.start).split('\n').length === 2;
  return addLines(text, body, [...before, 'class Meta:', `    ${line}`, ...(isFollowed ? [''] : [])], behind);
}

/** Puts lines behind a statement of a block, or in place of the `pass` that is all there is. */
function addLines(
  text: string,
  body: readonly Statement[],
  lines: readonly string[],
  behind: number,
): TextEdit | undefined {
  const statement = body[behind];
  if (statement === undefined || !isFirstOnLine(text, statement.span.start)) return undefined;
  const depth = indentationAt(text, statement.span.start);
  const isPass = body.length === 1 && statement.kind === 'simple' && statement.keyword === 'pass';
  const end = lineEndAfter(text, statement.span.end);
  const written = lines.map((line) => (line === '' ? '' : depth + line)).join(lineBreakOf(text));
  if (isPass) return { span: statement.span, newText: written.trimStart() };
  return { span: { start: end, end }, newText: lineBreakOf(text) + written };
}
