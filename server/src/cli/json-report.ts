import type { Level } from '../base/level.ts';
import type { Span } from '../base/span.ts';
import { countLevels } from '../engine/finding.ts';
import { type JsonFixes, type JsonRange, toJsonFixes, toJsonRange } from './json-parts.ts';
import { type CheckReport, lineIndexes, shownPath } from './report.ts';

/** The output of `stepwise check --format json`; docs/schema/findings.schema.json describes it for others. */
export interface JsonReport {
  readonly version: 1;
  readonly findings: readonly JsonFinding[];
  readonly summary: Record<Level, number> & { readonly files: number; readonly migrations: number };
  readonly problems: readonly { readonly file: string; readonly message: string }[];
}

interface JsonFinding extends JsonFixes {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly file: string;
  readonly range: JsonRange;
  readonly migration?: string;
  /** Other places that it is about: where the SQL stands, the operation that runs a function. */
  readonly related?: readonly JsonRelated[];
}

interface JsonRelated {
  readonly message: string;
  readonly file: string;
  readonly range: JsonRange;
}

export function jsonReport(report: CheckReport, workingDirectory: string): JsonReport {
  const linesOf = lineIndexes(report);
  const shown = (file: string) => shownPath(file, workingDirectory);
  const rangeOf = ({ file, span }: { readonly file: string; readonly span: Span }) => toJsonRange(span, linesOf(file));
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
      ...toJsonFixes(finding, shown),
    })),
    summary: { files: report.files, migrations: report.migrations, ...countLevels(report.findings) },
    problems: report.problems.map(({ file, message }) => ({ file: shown(file), message })),
  };
}
