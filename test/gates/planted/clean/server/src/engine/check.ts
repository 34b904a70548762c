import { lengthOf } from '../base/span.ts';
import { rules } from '../rules/registry.ts';

export function check(text: string): number {
  return rules.length + lengthOf({ start: 0, end: text.length });
}
