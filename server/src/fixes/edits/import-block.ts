import { sectionOf } from './imports.ts';

/** What fits on a line where nothing else is configured. */
const widest = 88;

/**
 * The imports of a new file as isort lays them out: in sections, plain ones before `from` ones, each once, the names of
 * one module together.
 */
export function importBlock(imports: readonly string[]): readonly string[] {
  const plain = new Set<string>();
  const names = new Map<string, Set<string>>();
  for (const line of imports) {
    const match = /^from (\S+) import (.+)$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) {
      plain.add(line);
      continue;
    }
    const known = names.get(match[1]) ?? new Set();
    for (const name of match[2].split(', ')) known.add(name);
    names.set(match[1], known);
  }
  const statements = [
    ...[...plain].sort().map((line) => ({ section: sectionOf(line.split(/\s+/, 2)[1] ?? ''), lines: [line] })),
    ...[...names]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([module, imported]) => ({ section: sectionOf(module), lines: fromImport(module, [...imported].sort()) })),
  ].sort((one, other) => one.section - other.section);
  return statements.flatMap(({ section, lines }, index) => {
    const before = statements[index - 1];
    return before === undefined || before.section === section ? lines : ['', ...lines];
  });
}

function fromImport(module: string, names: readonly string[]): readonly string[] {
  const line = `from ${module} import ${names.join(', ')}`;
  if (line.length <= widest || names.length === 1) return [line];
  return [`from ${module} import (`, ...names.map((name) => `    ${name},`), ')'];
}
