import type { Value } from '../syntax/value.ts';

/** How a framework's file spells a column, for fixes that write it again. What has changed since is told by the column. */
export interface WrittenColumn {
  readonly type: Value | undefined;
  readonly default: Value | undefined;
  /** What else it is made of: `sa.Identity()`, `sa.Computed("a + b")`. */
  readonly items: readonly Value[];
  /** `comment`, `autoincrement`, … */
  readonly options: ReadonlyMap<string, Value>;
}

/** How it spells an index or a constraint: the arguments beside its name, table and columns. */
export type WrittenOptions = ReadonlyMap<string, Value>;
