/**
 * What Python makes of the text between the quotes of a literal; `undefined` where that is no text (bytes, templates)
 * or cannot be told here (`\N{…}` needs the Unicode names, and Python rejects a cut `\x`).
 */
export function decodeLiteral(content: string, prefix: string): string | undefined {
  const text = content.includes('\r') ? content.replace(/\r\n?/g, '\n') : content;
  if (prefix.includes('b') || prefix.includes('t')) return undefined;
  const literal =
    isFormatted(prefix) && /[{}]/.test(text) ? text.replace(/\{\{|\}\}/g, (pair) => pair.charAt(0)) : text;
  if (prefix.includes('r') || !literal.includes('\\')) return literal;
  return decodeEscapes(literal);
}

/** Whether a literal with this prefix may hold `{…}` fields. */
export function isFormatted(prefix: string): boolean {
  return prefix.includes('f') || prefix.includes('t');
}

const escapeSequence = /\\(?:\n|[0-7]{1,3}|x([0-9a-fA-F]{2})?|u([0-9a-fA-F]{4})?|U([0-9a-fA-F]{8})?|N|[\s\S])/g;

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function decodeEscapes(text: string): string | undefined {
  let certain = true;
  const decoded = text.replace(escapeSequence, (match: string, ...hex: (string | undefined)[]) => {
    const kind = match.charAt(1);
    const digits = hex[0] ?? hex[1] ?? hex[2];
    const code = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    if (kind >= '0' && kind <= '7') return String.fromCharCode(Number.parseInt(match.slice(1), 8));
    if ('xuU'.includes(kind) && code <= 0x10ffff) return String.fromCodePoint(code);
    if ('xuUN'.includes(kind)) certain = false;
    return simpleEscapes[kind] ?? match;
  });
  return certain ? decoded : undefined;
}
