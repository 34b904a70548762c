import { nearestName } from '../base/nearest-name.ts';
import { runnableRules } from '../rules/runnable-rules.ts';
import { UsageError } from './command-line.ts';

/** @throws {UsageError} when there is no such rule */
export function requireRule(name: string): void {
  const names = runnableRules.map((rule) => rule.name);
  if (names.includes(name)) return;
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '`stepwise rules` lists them.' : `Did you mean ${nearest}?`;
  throw new UsageError(`There is no rule ${name}. ${hint}`);
}
