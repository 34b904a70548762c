import type { Value } from '../../server/src/syntax/value.ts';

/**
 * A value on one line, for expectations: `?` is unknown, a trailing `…` in a list or call says that there may be more,
 * `~` stands before what is conditional.
 */
export function shownValue(value: Value | undefined): string {
  if (value === undefined) return 'not bound';
  return (value.conditional ? '~' : '') + shownPlain(value);
}

function shownPlain(value: Value): string {
  switch (value.kind) {
    case 'string':
      return JSON.stringify(value.value);
    case 'number':
      return String(value.value);
    case 'constant':
      return shownConstant(value.value);
    case 'list':
      return `[${shownItems(value.items, value.partial)}]`;
    case 'tuple':
      return `(${shownItems(value.items, value.partial)})`;
    case 'set':
      return `{${shownItems(value.items, value.partial)}}`;
    case 'dictionary':
      return `{${shownEntries(value)}}`;
    case 'call':
      return shownCall(value);
    case 'reference':
      return value.name;
    case 'function':
      return shownFunction(value);
    case 'class':
      return `class ${value.definition.name}`;
    case 'unknown':
      return '?';
  }
}

function shownConstant(value: true | false | null | '...'): string {
  if (value === null) return 'None';
  if (value === '...') return '...';
  return value ? 'True' : 'False';
}

function shownItems(items: readonly Value[], partial: boolean): string {
  return [...items.map(shownValue), ...(partial ? ['…'] : [])].join(', ');
}

function shownEntries(value: Extract<Value, { kind: 'dictionary' }>): string {
  const entries = value.entries.map((entry) => `${shownValue(entry.key)}: ${shownValue(entry.value)}`);
  return [...entries, ...(value.partial ? ['…'] : [])].join(', ');
}

function shownCall(value: Extract<Value, { kind: 'call' }>): string {
  const named = [...value.keywords].map(([name, each]) => `${name}=${shownValue(each)}`);
  const all = [...value.positional.map(shownValue), ...named, ...(value.partial ? ['…'] : [])];
  return `${value.callee ?? '?'}(${all.join(', ')})`;
}

function shownFunction(value: Extract<Value, { kind: 'function' }>): string {
  const bound = [...value.bound].map(([name, each]) => `${name}=${shownValue(each)}`).join(', ');
  const name = value.definition.kind === 'function' ? value.definition.name : 'lambda';
  return `function ${name}${bound === '' ? '' : ` with ${bound}`}`;
}
