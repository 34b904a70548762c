import type { Outcome } from './prove-example.ts';

/** How many fixes were proven, by rule and release. */
export interface ProofTable {
  record(rule: string, release: string, outcome: Outcome): void;
  /** What the unfixed migrations of its examples were seen to do. */
  recordHarm(rule: string, harm: readonly string[]): void;
  /** Fixes of a rule that were proven on at least one release. */
  provenOf(rule: string): number;
  /** With a line for each rule and the totals below. */
  toString(): string;
}

interface Cell {
  proven: number;
  other: number;
}

/** @param releases their labels */
export function proofTable(releases: readonly string[]): ProofTable {
  const cells = new Map<string, Map<string, Cell>>();
  const harms = new Map<string, Set<string>>();
  const harmOf = (rule: string) => [...(harms.get(rule) ?? [])].join(', ');
  const cellsOf = (rule: string) => {
    const known = cells.get(rule) ?? new Map(releases.map((each) => [each, { proven: 0, other: 0 }]));
    cells.set(rule, known);
    return known;
  };
  return {
    record(rule, release, outcome) {
      const cell = cellsOf(rule).get(release);
      if (cell === undefined) return;
      if (outcome === 'proven') cell.proven += 1;
      else cell.other += 1;
    },
    recordHarm: (rule, harm) => void harms.set(rule, new Set([...(harms.get(rule) ?? []), ...harm])),
    provenOf: (rule) => Math.max(0, ...[...(cells.get(rule)?.values() ?? [])].map(({ proven }) => proven)),
    toString() {
      const all = [...cells];
      const width = Math.max(...all.map(([rule]) => rule.length), 0);
      const line = (name: string, texts: readonly string[], rest: string) =>
        `${name.padEnd(width)}${texts.map((text) => text.padStart(16)).join('')}  ${rest}`.trimEnd();
      const rows = all.map(([rule, row]) =>
        line(
          rule,
          releases.map((each) => textOf(row.get(each))),
          harmOf(rule),
        ),
      );
      const totals = releases.map((each) => textOf(sum(all.map(([, row]) => row.get(each)))));
      const head = line('fixes proven', releases, 'what the unfixed migration was seen to do');
      return [head, ...rows, line('all rules', totals, '')].join('\n');
    },
  };
}

function sum(all: readonly (Cell | undefined)[]): Cell {
  const total = { proven: 0, other: 0 };
  for (const cell of all) {
    total.proven += cell?.proven ?? 0;
    total.other += cell?.other ?? 0;
  }
  return total;
}

/** `3 (1 n/a)`: what the release does not know is not offered there. */
function textOf(cell: Cell | undefined): string {
  const { proven, other } = cell ?? { proven: 0, other: 0 };
  return other === 0 ? String(proven) : `${proven} (${other} n/a)`;
}
