import type { Target } from '../../base/target.ts';
import { vendorOf } from '../vendor.ts';
import type { Held } from './held.ts';
import { aboutRows, decidedVerdict, negatedVerdict, undecided, type Verdict } from './verdict.ts';

/** The names and values by which code asks whether it runs in production. */
const production = /prod|live/i;

/** What it says about the circumstances that this is true. */
export function verdictOf(held: Held): Verdict {
  switch (held.kind) {
    case 'condition':
      return held.verdict;
    case 'environment':
      return { ...undecided, polarity: production.test(held.name) ? 'opt-out' : 'opt-in' };
    case 'text':
      return decidedVerdict(held.text !== '');
    case 'rows':
    case 'values':
    case 'answer':
    case 'row':
    case 'list':
    case 'alias':
      return aboutRows;
    default:
      return undecided;
  }
}

/** What it says that `left operator right` is true. */
export function comparisonVerdict(left: Held, operator: string, right: Held, target: Target): Verdict {
  if (operator === '!=' || operator === 'is not' || operator === 'not in') {
    return negatedVerdict(comparisonVerdict(left, positive(operator), right, target));
  }
  const texts = textsOf(right) ?? textsOf(left) ?? [];
  if (left.kind === 'vendor' || right.kind === 'vendor') {
    return texts.length === 0 ? undecided : decidedVerdict(texts.includes(vendorOf(target.database)));
  }
  const isSame = left.kind === 'text' && texts.includes(left.text);
  if (left.kind === 'text' && isWholeText(right)) return decidedVerdict(isSame);
  const environment = left.kind === 'environment' ? left : right;
  if (environment.kind === 'environment') return environmentVerdict(texts, left.kind === 'environment' ? right : left);
  // Which of many it is about is no question of whether there is work.
  if (operator === 'in' && left.kind !== 'alias') return undecided;
  return verdictOf(left).isAboutRows || verdictOf(right).isAboutRows ? aboutRows : undecided;
}

function positive(operator: string): string {
  if (operator === '!=') return '==';
  return operator === 'is not' ? 'is' : 'in';
}

function environmentVerdict(texts: readonly string[], other: Held): Verdict {
  const meansMissing = other.kind === 'constant' && other.value !== true;
  const meansProduction = texts.some((text) => production.test(text));
  return { ...undecided, polarity: meansMissing || meansProduction ? 'opt-out' : 'opt-in' };
}

function isWholeText(held: Held): boolean {
  return (
    held.kind === 'text' || (held.kind === 'list' && held.isWhole && held.items.every(({ kind }) => kind === 'text'))
  );
}

function textsOf(held: Held): readonly string[] | undefined {
  if (held.kind === 'text') return [held.text];
  if (held.kind !== 'list') return undefined;
  return held.items.flatMap((item) => (item.kind === 'text' ? [item.text] : []));
}
