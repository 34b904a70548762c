import type { Module } from '../../syntax/module.ts';
import { hasBlankLine, isImport, packageOf, sectionOf } from './imports.ts';

/** What fits on a line where nothing else is configured. */
const widest = 88;

/**
 * The imports of a new file as isort lays them out: in sections, plain ones before `from` ones, each once, the names of
 * one module together.
 *
 * @param own packages that get a section of their own: those of the project
 */
export function importBlock(imports: readonly string[], own: ReadonlySet<string>): readonly string[] {
  const sectionIn = (module: string): number => sectionOf(module) + (own.has(module.split('.')[0] ?? module) ? 1 : 0);
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
    ...[...plain].sort().map((line) => ({ section: sectionIn(line.split(/\s+/, 2)[1] ?? ''), lines: [line] })),
    ...[...names]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([module, imported]) => ({ section: sectionIn(module), lines: fromImport(module, [...imported].sort()) })),
  ].sort((one, other) => one.section - other.section);
  return statements.flatMap(({ section, lines }, index) => {
    const before = statements[index - 1];
    return before === undefined || before.section === section ? lines : ['', ...lines];
  });
}

/** The packages that a file sets apart from others by a blank line. */
export function packagesApart(text: string, { body }: Module): ReadonlySet<string> {
  const imports = body.filter(isImport).filter((statement) => sectionOf(packageOf(statement)) === sectionOf(''));
  const apart = new Set<string>();
  for (const [index, statement] of imports.entries()) {
    const before = imports[index - 1];
    if (before === undefined || packageOf(before) === packageOf(statement)) continue;
    const isApart = apart.has(packageOf(before)) || hasBlankLine(text, before, statement);
    if (isApart) apart.add(packageOf(statement));
  }
  return apart;
}

function fromImport(module: string, names: readonly string[]): readonly string[] {
  const line = `from ${module} import ${names.join(', ')}`;
  if (line.length <= widest || names.length === 1) return [line];
  return [`from ${module} import (`, ...names.map((name) => `    ${name},`), ')'];
}
