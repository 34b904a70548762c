import type { Level } from '../base/level.ts';
import type { Position } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import { countLevels } from '../engine/finding.ts';
import type { Fix } from '../fixes/fix.ts';
import { type CheckReport, lineIndexes, shownPath } from './report.ts';

/** The output of `stepwise check --format json`; docs/schema/findings.schema.json describes it for others. */
export interface JsonReport {
  readonly version: 1;
  readonly findings: readonly JsonFinding[];
  readonly summary: Record<Level, number> & { readonly files: number; readonly migrations: number };
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

interface JsonFinding {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly file: string;
  readonly range: JsonRange;
  readonly migration?: string;
  /** Other places that it is about: where the SQL stands, the operation that runs a function. */
  readonly related?: readonly JsonRelated[];
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: Fix['safety'];
    readonly creates: readonly string[];
  }[];
  /** Why there is no fix, in sentences. */
  readonly refusals?: readonly string[];
}

interface JsonRelated {
  readonly message: string;
  readonly file: string;
  readonly range: JsonRange;
}

interface JsonRange {
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}

/** One-based; columns count UTF-16 units. */
export interface JsonPosition {
  readonly line: number;
  readonly column: number;
}

export function jsonReport(report: CheckReport, workingDirectory: string): JsonReport {
  const linesOf = lineIndexes(report);
  const shown = (file: string) => shownPath(file, workingDirectory);
  const rangeOf = ({ file, span }: { readonly file: string; readonly span: Span }): JsonRange => ({
    start: toJsonPosition(linesOf(file).positionAt(span.start)),
    end: toJsonPosition(linesOf(file).positionAt(span.end)),
  });
  return {
    version: 1,
    findings: report.findings.map((finding) => ({
      rule: finding.rule.name,
      level: finding.level,
      message: finding.message,
      file: shown(finding.file),
      range: rangeOf(finding),
      ...(finding.migration !== undefined && { migration: finding.migration }),
      ...(finding.related.length > 0 && {
        related: finding.related.map((place) => ({
          message: place.message,
          file: shown(place.file),
          range: rangeOf(place),
        })),
      }),
      fixes: finding.fixes().map(({ title, safety, edits }) => ({
        title,
        safety,
        creates: edits.flatMap((edit) => (edit.kind === 'create' ? [shown(edit.file)] : [])),
      })),
      ...(finding.refusals().length > 0 && { refusals: finding.refusals() }),
    })),
    summary: { files: report.files, migrations: report.migrations, ...countLevels(report.findings) },
    problems: report.problems.map(({ file, message }) => ({ file: shown(file), message })),
  };
}

export function toJsonPosition({ line, character }: Position): JsonPosition {
  return { line: line + 1, column: character + 1 };
}
