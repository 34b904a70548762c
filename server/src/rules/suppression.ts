import type { Span } from '../base/span.ts';

/** A comment that accepts findings: `# stepwise: ignore[rule, rule2] reason`. */
export interface Suppression {
  /**
   * `place`: silences the operation or statement that it stands on, above or inside. `file`: `ignore-file`.
   * `unclear`: addressed to Stepwise, but not one of these.
   */
  readonly kind: 'place' | 'file' | 'unclear';
  /** The whole comment. */
  readonly at: Span;
  /** What stands after the rules: the reason, for people. */
  readonly reason: string;
  readonly rules: readonly SuppressedRule[];
}

/** One name in the brackets of a suppression. */
export interface SuppressedRule {
  readonly name: string;
  readonly at: Span;
  /**
   * - `used`: it silences a finding.
   * - `unused`: the rule found nothing there.
   * - `undecided`: the rule is off, failed, or judges suppressions itself, or the file is half-typed.
   * - `unknown`: there is no such rule.
   */
  readonly state: 'used' | 'unused' | 'undecided' | 'unknown';
  /** For an unknown name: the rule that was probably meant. */
  readonly nearest: string | undefined;
}
