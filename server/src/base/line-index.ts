/** Zero-based line and UTF-16 column, as the Language Server Protocol counts them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/**
 * Maps offsets of one text to positions and back. Lines end at `\n`, `\r\n` and a lone `\r`, as in the protocol;
 * tree-sitter's rows do not break at `\r`, which is why positions always come from here.
 */
export interface LineIndex {
  readonly lineCount: number;
  positionAt(offset: number): Position;
  offsetAt(position: Position): number;
  /** Offset at which a zero-based line starts; lines past the end start at the end of the text. */
  lineStart(line: number): number;
}

export function lineIndexOf(text: string): LineIndex {
  const starts = lineStartsOf(text);
  const lineAt = (offset: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const lineStart = (line: number): number => starts[line] ?? text.length;
  return {
    lineCount: starts.length,
    lineStart,
    positionAt(offset) {
      const bounded = Math.max(0, Math.min(offset, text.length));
      const line = lineAt(bounded);
      return { line, character: bounded - lineStart(line) };
    },
    offsetAt({ line, character }) {
      return Math.min(lineStart(line) + character, lineStart(line + 1), text.length);
    },
  };
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== 10 && code !== 13) continue;
    if (code === 13 && text.charCodeAt(index + 1) === 10) index++;
    starts.push(index + 1);
  }
  return starts;
}
