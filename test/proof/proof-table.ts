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

/** How many fixes came to what. */
type Cell = Record<Outcome, number>;

const OUTCOMES: readonly Outcome[] = ['proven', 'loaded', 'unknown', 'not offered'];
const MEANING: Record<Outcome, string> = {
  proven: '',
  loaded: 'they are for another database, so they are only read',
  unknown: 'the release does not know what the example shows',
  'not offered': 'the fix does not fit the release, so it is not offered there',
};
const EMPTY: Cell = { proven: 0, loaded: 0, unknown: 0, 'not offered': 0 };

/** @param releases their labels */
export function proofTable(releases: readonly string[]): ProofTable {
  const cells = new Map<string, Map<string, Cell>>();
  const harms = new Map<string, Set<string>>();
  const harmOf = (rule: string) => [...(harms.get(rule) ?? [])].join(', ');
  const cellsOf = (rule: string) => {
    const known = cells.get(rule) ?? new Map(releases.map((each) => [each, { ...EMPTY }]));
    cells.set(rule, known);
    return known;
  };
  return {
    record(rule, release, outcome) {
      const cell = cellsOf(rule).get(release);
      if (cell !== undefined) cell[outcome] += 1;
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
      const totals = releases.map((each) => sum(all.map(([, row]) => row.get(each))));
      const footer = OUTCOMES.map((outcome) => {
        const texts = totals.map((total) => String(total[outcome]));
        return line(outcome === 'proven' ? 'all rules' : `  + ${outcome}`, texts, MEANING[outcome]);
      });
      return [line('fixes proven', releases, 'what the unfixed migration was seen to do'), ...rows, ...footer].join(
        '\n',
      );
    },
  };
}

function sum(all: readonly (Cell | undefined)[]): Cell {
  const total = { ...EMPTY };
  for (const cell of all) {
    for (const outcome of OUTCOMES) total[outcome] += cell?.[outcome] ?? 0;
  }
  return total;
}

/** `3 (+ 1)`: what is not proven is told below. */
function textOf(cell: Cell | undefined): string {
  const { proven, ...others } = cell ?? EMPTY;
  const rest = Object.values(others).reduce((total, count) => total + count, 0);
  return rest === 0 ? String(proven) : `${proven} (+ ${rest})`;
}
