import { rules } from './registry.ts';
import type { RunnableRule } from './rule.ts';

/** Every rule, as all that ships sees it: in a bundle there are no pages and examples. */
export const runnableRules: readonly RunnableRule[] = rules;
