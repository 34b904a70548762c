import { relative } from 'node:path';
import type { FilePath } from '../base/file-path.ts';
import { type LineIndex, lineIndexOf } from '../base/line-index.ts';
import { toNativePath } from '../disk/native-path.ts';
import { compareFindings, type Finding } from '../engine/finding.ts';

/** What a check of some files came to. */
export interface CheckReport {
  /** By file, then by place. */
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly migrations: number;
  /** What could not be read or used, by file. */
  readonly problems: readonly ReportProblem[];
  textOf(file: FilePath): string;
}

export interface ReportProblem {
  readonly file: FilePath;
  readonly message: string;
}

/** Findings in the order of the report. */
export function inReportOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((one, other) => comparePaths(one.file, other.file) || compareFindings(one, other));
}

/** By code units: the same on every machine, whatever its language. */
export function comparePaths(one: FilePath, other: FilePath): number {
  return one < other ? -1 : Number(one > other);
}

/** A path as people read it: relative to the working directory, with `/`. */
export function shownPath(file: FilePath, workingDirectory: string): string {
  return relative(workingDirectory, toNativePath(file)).replaceAll('\\', '/') || '.';
}

/** The line index of each file's text, made once. */
export function lineIndexes(report: CheckReport): (file: FilePath) => LineIndex {
  const indexes = new Map<FilePath, LineIndex>();
  return (file) => {
    const index = indexes.get(file) ?? lineIndexOf(report.textOf(file));
    indexes.set(file, index);
    return index;
  };
}
