import { lengthOf } from '../base/span.ts';
import { rules } from '../rules/registry.ts';

export function check(text: string, page?: HTMLElement): number {
  return rules.length + lengthOf({ start: 0, end: (page?.textContent ?? text).length });
}
