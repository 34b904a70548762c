import { type Hover, MarkupKind, type Range } from 'vscode-languageserver';
import type { FilePath } from '../base/file-path.ts';
import type { Span } from '../base/span.ts';
import { type ChangeFacts, changeFactsAt } from '../engine/change-facts.ts';
import type { Finding } from '../engine/finding.ts';
import type { OpenedFolder } from './session.ts';

export interface HoverContext {
  readonly folder: OpenedFolder;
  readonly file: FilePath;
  readonly offset: number;
  rangeOf(span: Span): Range;
  rulePage(rule: string): string | undefined;
  /** What a link leads to that shows the SQL of the whole migration, where the editor can. */
  readonly showSql: string | undefined;
  isShown(finding: Finding): boolean;
}

/** The rules that speak here in short, and what the operation does to the database. */
export function hoverAt(context: HoverContext): Hover | null {
  const { folder, file, offset } = context;
  const findings = folder
    .check(file)
    .filter(({ span }) => span.start <= offset && offset <= span.end)
    .filter((finding) => context.isShown(finding));
  const facts = changeFactsAt(folder.workspace.projectOf(file), file, offset);
  const parts = [
    ...new Set(findings.map((finding) => ruleText(finding, context))),
    ...facts.map(factsText),
    ...(facts.some(({ sql }) => sql !== undefined) && context.showSql !== undefined
      ? [`[Show SQL of This Migration](${context.showSql})`]
      : []),
  ];
  if (parts.length === 0) return null;
  const [first] = findings;
  return {
    contents: { kind: MarkupKind.Markdown, value: parts.join('\n\n---\n\n') },
    ...(first !== undefined && { range: context.rangeOf(first.span) }),
  };
}

function factsText({ name, sql, facts }: ChangeFacts): string {
  const parts = [
    `**${name}**`,
    ...(sql === undefined ? [] : [`\`\`\`sql\n${sql}\n\`\`\``]),
    ...(facts.length === 0 ? [] : [facts.map((fact) => `- ${fact}`).join('\n')]),
  ];
  return parts.join('\n\n');
}

function ruleText({ rule }: Finding, { rulePage }: HoverContext): string {
  const page = rulePage(rule.name);
  const name = page === undefined ? `\`${rule.name}\`` : `[\`${rule.name}\`](${page})`;
  return `${name}: ${rule.summary}`;
}
