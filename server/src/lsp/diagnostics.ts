import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Range,
} from 'vscode-languageserver';
import type { FilePath } from '../base/file-path.ts';
import type { Level } from '../base/level.ts';
import type { Span } from '../base/span.ts';
import type { SettingProblem } from '../config/project-settings.ts';
import type { Finding } from '../engine/finding.ts';

/** What diagnostics need to know of their surroundings. */
export interface DiagnosticContext {
  rangeOf(file: FilePath, span: Span): Range;
  uriOf(file: FilePath): string;
  rulePage(rule: string): string | undefined;
}

const source = 'stepwise';

const severities: Readonly<Record<Level, DiagnosticSeverity>> = {
  critical: DiagnosticSeverity.Error,
  high: DiagnosticSeverity.Warning,
  medium: DiagnosticSeverity.Information,
  low: DiagnosticSeverity.Hint,
};

export function toDiagnostic(finding: Finding, context: DiagnosticContext): Diagnostic {
  const { rule, level, message, file, span } = finding;
  const page = context.rulePage(rule.name);
  const related = finding.related.map(
    (place): DiagnosticRelatedInformation => ({
      location: { uri: context.uriOf(place.file), range: context.rangeOf(place.file, place.span) },
      message: place.message,
    }),
  );
  return {
    range: context.rangeOf(file, span),
    severity: severities[level],
    code: rule.name,
    ...(page !== undefined && { codeDescription: { href: page } }),
    source,
    message,
    ...(related.length > 0 && { relatedInformation: related }),
    data: { rule: rule.name, level },
  };
}

/** A setting that cannot be used, where it is written. */
export function settingDiagnostic({ file, span, message }: SettingProblem, context: DiagnosticContext): Diagnostic {
  return { range: context.rangeOf(file, span), severity: DiagnosticSeverity.Error, source, message };
}
