import type { FuncCall, Node } from 'libpg-query';
import { standInFor } from '../stand-in.ts';
import { asKind, lastNameIn } from './node.ts';

/**
 * The SQL that an expression of `EXECUTE` makes, with stand-ins for what is only known when it runs; undefined where no
 * part of it is written there.
 */
export function dynamicSql(expression: Node | undefined): string | undefined {
  const text = writtenText(expression);
  return text?.replaceAll(/\W/g, '') === '' ? undefined : text;
}

function writtenText(node: Node | undefined): string | undefined {
  const constant = asKind(node, 'A_Const')?.sval;
  if (constant !== undefined) return constant.sval ?? '';
  const cast = asKind(node, 'TypeCast');
  if (cast !== undefined) return writtenText(cast.arg);
  const operation = asKind(node, 'A_Expr');
  if (operation !== undefined && lastNameIn(operation.name) === '||') {
    const [left, right] = [writtenText(operation.lexpr), writtenText(operation.rexpr)];
    if (left === undefined && right === undefined) return undefined;
    return (left ?? standInOf(operation.lexpr)) + (right ?? standInOf(operation.rexpr));
  }
  const call = asKind(node, 'FuncCall');
  if (call === undefined) return undefined;
  switch (lastNameIn(call.funcname)) {
    case 'concat':
      return (call.args ?? []).map((each) => writtenText(each) ?? standInOf(each)).join('');
    case 'format':
      return formatted(call);
    default:
      return undefined;
  }
}

/** What joins the text in the place of a value: a name, but a string where it is quoted as one. */
function standInOf(node: Node | undefined): string {
  const call = asKind(node, 'FuncCall');
  const isLiteral = call !== undefined && /^quote_(?:literal|nullable)$/.test(lastNameIn(call.funcname));
  return isLiteral ? "''" : standInFor('{value}');
}

const specifier = /%(?:(\d+)\$)?-?\d*([sIL%])/g;

/** `format('ALTER TABLE %I …', name)` */
function formatted({ args = [] }: FuncCall): string | undefined {
  const template = writtenText(args[0]);
  let next = 1;
  return template?.replaceAll(specifier, (_, position: string | undefined, kind: string) => {
    if (kind === '%') return '%';
    const value = asKind(args[position === undefined ? next++ : Number(position)], 'A_Const')?.sval?.sval;
    if (kind === 'L') return `'${(value ?? '').replaceAll("'", "''")}'`;
    if (value === undefined) return standInFor('{value}');
    return kind === 's' ? value : `"${value.replaceAll('"', '""')}"`;
  });
}
