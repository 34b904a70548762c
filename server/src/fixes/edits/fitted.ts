import { tokenKind, tokensOf } from '../../syntax/reading/token.ts';

/** What fits on a line where nothing else is configured: Black's choice. */
export const widest = 88;

/**
 * Breaks one line of code where it is too long, as Black does: what stands in its last brackets on a line of its own, else
 * each item of them.
 *
 * @param depth the column at which it stands; the lines that follow the first are laid out for column 0
 */
export function fitted(line: string, depth: number): string {
  if (line.includes('\n') || depth + line.length <= widest) return line;
  const brackets = lastBrackets(line);
  if (brackets === undefined) return line;
  const [head, body, tail] = [
    line.slice(0, brackets.start + 1),
    line.slice(brackets.start + 1, brackets.end),
    line.slice(brackets.end),
  ];
  if (depth + 4 + body.length <= widest) return `${head}\n    ${body}\n${tail}`;
  const items = itemsIn(body);
  const laidOut = items.map((item) => fitted(item, depth + 4).replaceAll('\n', '\n    '));
  // A single item cannot be told from a parenthesis, which takes no comma.
  const comma = items.length > 1 ? ',' : '';
  return `${head}\n${laidOut.map((item) => `    ${item}${comma}`).join('\n')}\n${tail}`;
}

/** The outermost brackets that end last, where something stands in them. */
function lastBrackets(line: string): { readonly start: number; readonly end: number } | undefined {
  const { kinds, starts } = tokensOf(line);
  let last: { readonly start: number; readonly end: number } | undefined;
  const open: number[] = [];
  for (const [index, kind] of kinds.entries()) {
    const at = starts[index] ?? 0;
    if (kind === tokenKind.open) open.push(at);
    if (kind !== tokenKind.close) continue;
    const start = open.pop();
    if (start !== undefined && open.length === 0 && at > start + 1) last = { start, end: at };
  }
  return last;
}

/** The items of a list, its brackets left out. */
function itemsIn(body: string): readonly string[] {
  const { kinds, starts } = tokensOf(body);
  const items: string[] = [];
  let depth = 0;
  let from = 0;
  for (const [index, kind] of kinds.entries()) {
    if (kind === tokenKind.open) depth++;
    if (kind === tokenKind.close) depth--;
    if (kind !== tokenKind.comma || depth > 0) continue;
    const at = starts[index] ?? 0;
    items.push(body.slice(from, at).trim());
    from = at + 1;
  }
  return [...items, body.slice(from).trim()].filter((item) => item !== '');
}
