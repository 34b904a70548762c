import type { BadExample, Rule } from '../../server/src/rules/rule.ts';
import type { CaseProject } from './case-project.ts';
import type { Session } from './driver.ts';
import type { ExampleBench } from './example-bench.ts';
import type { ExampleProof, FixProof } from './examples/example-proof.ts';
import type { FrameworkRelease } from './framework-release.ts';

/** One fix of one example, on one release. */
export interface ExampleFix {
  readonly rule: Rule;
  readonly example: BadExample;
  readonly title: string;
  readonly release: FrameworkRelease;
  readonly proof: FixProof;
  readonly hidden: ExampleProof['hidden'];
}

/** The fix on a copy of the prepared database. */
export interface Trial extends ExampleFix {
  readonly bench: ExampleBench;
  readonly project: CaseProject;
  readonly session: Session;
}
