/** From the units in which PostgreSQL's parser counts to the UTF-16 code units of a JavaScript string. */
export interface Positions {
  /** Trees: UTF-8 bytes. */
  ofByte(byte: number): number;
  /** Errors: Unicode code points. */
  ofCodePoint(point: number): number;
}

const ascii: Positions = { ofByte: (byte) => byte, ofCodePoint: (point) => point };

const notAscii = /[^\0-\x7F]/;

export function positionsIn(text: string): Positions {
  if (!notAscii.test(text)) return ascii;
  const bytes: number[] = [];
  const points: number[] = [];
  for (let offset = 0; offset < text.length; ) {
    const code = text.codePointAt(offset) ?? 0;
    points.push(offset);
    for (let byte = 0; byte < bytesOf(code); byte++) bytes.push(offset);
    offset += code > 0xffff ? 2 : 1;
  }
  const at = (offsets: readonly number[], index: number): number => offsets[index] ?? text.length;
  return { ofByte: (byte) => at(bytes, byte), ofCodePoint: (point) => at(points, point) };
}

/** Half a surrogate pair takes three bytes like any other unit of its range. */
function bytesOf(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code > 0xffff ? 4 : 3;
}
