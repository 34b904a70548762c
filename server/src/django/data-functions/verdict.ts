/** What is known of a condition. */
export interface Verdict {
  /** `connection.vendor == "postgresql"`, where the database is known. */
  readonly decided: boolean | undefined;
  /**
   * `opt-in`: true only where somebody said so, by a flag or by running somewhere else than in production.
   * `opt-out`: true unless somebody said so.
   */
  readonly polarity: 'opt-in' | 'opt-out' | undefined;
  /** A question about rows, lists or the database alias: what stands under it runs wherever there is work for it. */
  readonly isAboutRows: boolean;
}

export const undecided: Verdict = { decided: undefined, polarity: undefined, isAboutRows: false };
export const aboutRows: Verdict = { ...undecided, isAboutRows: true };

export function decidedVerdict(decided: boolean): Verdict {
  return { ...undecided, decided };
}

export function negatedVerdict({ decided, polarity, isAboutRows }: Verdict): Verdict {
  return { decided: decided === undefined ? undefined : !decided, polarity: flipped(polarity), isAboutRows };
}

export function bothVerdicts(one: Verdict, other: Verdict): Verdict {
  if (one.decided === false || other.decided === false) return decidedVerdict(false);
  if (one.decided === true) return other;
  if (other.decided === true) return one;
  if (one.polarity === 'opt-in' || other.polarity === 'opt-in') return { ...undecided, polarity: 'opt-in' };
  const isOptOut = (each: Verdict): boolean => each.polarity === 'opt-out' || each.isAboutRows;
  if (one.isAboutRows && other.isAboutRows) return aboutRows;
  return isOptOut(one) && isOptOut(other) ? { ...undecided, polarity: 'opt-out' } : undecided;
}

export function anyVerdict(one: Verdict, other: Verdict): Verdict {
  return negatedVerdict(bothVerdicts(negatedVerdict(one), negatedVerdict(other)));
}

function flipped(polarity: Verdict['polarity']): Verdict['polarity'] {
  if (polarity === undefined) return undefined;
  return polarity === 'opt-in' ? 'opt-out' : 'opt-in';
}
