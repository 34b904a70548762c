import type { Level } from '../base/level.ts';
import type { Position } from '../base/line-index.ts';
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
  readonly range: { readonly start: JsonPosition; readonly end: JsonPosition };
  readonly migration?: string;
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: Fix['safety'];
    readonly creates: readonly string[];
  }[];
}

/** One-based; columns count UTF-16 units. */
interface JsonPosition {
  readonly line: number;
  readonly column: number;
}

export function jsonReport(report: CheckReport, workingDirectory: string): JsonReport {
  const linesOf = lineIndexes(report);
  const shown = (file: string) => shownPath(file, workingDirectory);
  return {
    version: 1,
    findings: report.findings.map((finding) => ({
      rule: finding.rule.name,
      level: finding.level,
      message: finding.message,
      file: shown(finding.file),
      range: {
        start: toJsonPosition(linesOf(finding.file).positionAt(finding.span.start)),
        end: toJsonPosition(linesOf(finding.file).positionAt(finding.span.end)),
      },
      ...(finding.migration !== undefined && { migration: finding.migration }),
      fixes: finding.fixes().map(({ title, safety, edits }) => ({
        title,
        safety,
        creates: edits.flatMap((edit) => (edit.kind === 'create' ? [shown(edit.file)] : [])),
      })),
    })),
    summary: { files: report.files, migrations: report.migrations, ...countLevels(report.findings) },
    problems: report.problems.map(({ file, message }) => ({ file: shown(file), message })),
  };
}

function toJsonPosition({ line, character }: Position): JsonPosition {
  return { line: line + 1, column: character + 1 };
}
