import { lengthOf } from './span.ts';

export function one(): number {
  return lengthOf({ start: 0, end: 1 });
}
