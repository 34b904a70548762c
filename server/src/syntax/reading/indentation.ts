export function lineStartOf(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The width of white space as tree-sitter-python counts it: a tab is eight wide. */
export function widthOf(text: string, start: number, end: number): number {
  let width = 0;
  for (let position = start; position < end; position++) {
    const code = text.charCodeAt(position);
    if (code === 9) width += 8;
    else if (code === 13 || code === 12) width = 0;
    else if (code !== 0xfeff) width++;
  }
  return width;
}

/** How far right in its line an offset is; the same for tokens that stand below one another. */
export function columnOf(text: string, offset: number): number {
  return widthOf(text, lineStartOf(text, offset), offset);
}
