import { type Level, levels } from '../base/level.ts';
import type { LineIndex } from '../base/line-index.ts';
import { countLevels } from '../engine/finding.ts';
import type { Fixable } from '../engine/fixable.ts';
import type { Fix } from '../fixes/fix.ts';
import type { RelatedPlace } from '../rules/rule.ts';
import { type CheckReport, lineIndexes, shownPath } from './report.ts';
import { sourceExcerpt } from './source-excerpt.ts';
import type { Style } from './style.ts';

/** How findings are written for people. */
export interface TextOptions {
  readonly workingDirectory: string;
  readonly style: Style;
  /** Also the level `low`. */
  readonly showAll: boolean;
}

/** The findings that are shown, each with its line of source. */
export function textReport(report: CheckReport, options: TextOptions): string {
  const linesOf = lineIndexes(report);
  const shown = report.findings.filter(({ level }) => isShown(level, options));
  return shown
    .map((finding) => {
      const lines = linesOf(finding.file);
      const { line, character } = lines.positionAt(finding.span.start);
      const place = `${shownPath(finding.file, options.workingDirectory)}:${line + 1}:${character + 1}`;
      return [
        `${options.style.bold(place)} ${levelText(finding.level, options.style)} ${finding.rule.name}`,
        `  ${finding.message}`,
        ...sourceExcerpt(report.textOf(finding.file), lines, finding.span, options.style).map((row) => `  ${row}`),
        ...finding.related.map((related) => relatedLine(related, linesOf(related.file), options)),
        ...fixLines(finding, options.style),
        '',
      ]
        .map((row) => `${row}\n`)
        .join('');
    })
    .join('');
}

function relatedLine({ file, span, message }: RelatedPlace, lines: LineIndex, options: TextOptions): string {
  const { line, character } = lines.positionAt(span.start);
  return `  ${shownPath(file, options.workingDirectory)}:${line + 1}:${character + 1} ${message}`;
}

/** One line about everything, with what is not shown: `2 findings: 1 critical, 1 high. 3 low are not shown (--all).` */
export function summaryText(report: CheckReport, options: Pick<TextOptions, 'showAll'>): string {
  const counts = countLevels(report.findings);
  const shown = levels.filter((level) => counts[level] > 0 && isShown(level, options));
  const hidden = levels.filter((level) => counts[level] > 0 && !isShown(level, options));
  const total = shown.reduce((sum, level) => sum + counts[level], 0);
  const found =
    total === 0
      ? 'Nothing found'
      : `${counted(total, 'finding')}: ${shown.map((level) => `${counts[level]} ${level}`).join(', ')}`;
  const rest = hidden.map((level) => ` ${counts[level]} ${level} not shown (--all shows everything).`).join('');
  const checked = `Checked ${counted(report.migrations, 'migration')}.`;
  return `${found}. ${checked}${rest}`;
}

export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

function isShown(level: Level, { showAll }: Pick<TextOptions, 'showAll'>): boolean {
  return showAll || level !== 'low';
}

function levelText(level: Level, style: Style): string {
  switch (level) {
    case 'critical':
      return style.red(style.bold(level));
    case 'high':
      return style.yellow(level);
    case 'medium':
      return style.blue(level);
    case 'low':
      return style.dim(level);
  }
}

/** What can be done about a place, or why nothing can. */
export function fixLines(place: Fixable, style: Style): readonly string[] {
  const fixes = place.fixes().map((fix) => `  ${style.cyan('fix')} ${fix.title}${style.dim(fixNote(fix))}`);
  return [...fixes, ...place.refusals().map((reason) => style.dim(`  no fix: ${reason}`))];
}

function fixNote({ safety, edits }: Fix): string {
  const created = edits.filter(({ kind }) => kind === 'create').length;
  const notes = [
    ...(safety === 'safe' ? ['safe'] : []),
    ...(created > 0 ? [`writes ${counted(created, 'new migration')}`] : []),
  ];
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}
