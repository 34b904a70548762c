/**
 * The MD5 digest of a text's UTF-8 bytes, as 32 hexadecimal digits. Django and SQLAlchemy put some of the digits into
 * the names of indexes and constraints, so knowing it is knowing the names.
 */
export function md5(text: string): string {
  const words = paddedWords(utf8(text));
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  for (let block = 0; block < words.length; block += 16) {
    const [startA, startB, startC, startD] = [a, b, c, d];
    for (let round = 0; round < 64; round++) {
      const { mixed, word } = step(round, b, c, d);
      const sum = (a + mixed + (constants[round] ?? 0) + (words[block + word] ?? 0)) | 0;
      const shift = shifts[(round >> 4) * 4 + (round & 3)] ?? 0;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    a = (a + startA) | 0;
    b = (b + startB) | 0;
    c = (c + startC) | 0;
    d = (d + startD) | 0;
  }
  return [a, b, c, d].map(littleEndianHex).join('');
}

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const constants = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);

function step(round: number, b: number, c: number, d: number): { readonly mixed: number; readonly word: number } {
  if (round < 16) return { mixed: (b & c) | (~b & d), word: round };
  if (round < 32) return { mixed: (d & b) | (~d & c), word: (5 * round + 1) & 15 };
  if (round < 48) return { mixed: b ^ c ^ d, word: (3 * round + 5) & 15 };
  return { mixed: c ^ (b | ~d), word: (7 * round) & 15 };
}

function paddedWords(bytes: readonly number[]): Int32Array {
  const words = new Int32Array((((bytes.length + 8) >> 6) + 1) * 16);
  const withEnd = [...bytes, 0x80];
  for (const [index, byte] of withEnd.entries()) {
    words[index >> 2] = (words[index >> 2] ?? 0) | (byte << ((index & 3) * 8));
  }
  words[words.length - 2] = bytes.length * 8;
  return words;
}

function utf8(text: string): readonly number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
  }
  return bytes;
}

function littleEndianHex(word: number): string {
  let hex = '';
  for (let shift = 0; shift < 32; shift += 8) hex += ((word >>> shift) & 255).toString(16).padStart(2, '0');
  return hex;
}
