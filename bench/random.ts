/** Reproducible random choices: the same seed makes the same project on every machine. */
export interface Random {
  /** A whole number from 0 below `limit`. */
  below(limit: number): number;
  chance(probability: number): boolean;
  pick<T>(choices: readonly T[]): T;
  /** Picks by weight. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T;
}

/** Mulberry32: small, quick, and good enough to vary shapes. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = <T>(choices: readonly T[]): T => {
    const choice = choices[below(choices.length)];
    if (choice === undefined) throw new RangeError('There is nothing to pick from.');
    return choice;
  };
  return {
    below,
    chance: (probability) => next() < probability,
    pick,
    weighted(choices) {
      let point = next() * choices.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, value] of choices) {
        point -= weight;
        if (point < 0) return value;
      }
      return pick(choices)[1];
    },
  };
}
