import type { Style } from './style.ts';

/** Markdown as it is pleasant to read in a terminal; the plain style leaves it as Markdown. */
export function terminalMarkdown(markdown: string, style: Style): string {
  let isCode = false;
  const lines = markdown.split('\n').flatMap((line) => {
    if (line.startsWith('```')) {
      isCode = !isCode;
      return [];
    }
    return [isCode ? `    ${style.dim(line)}`.trimEnd() : proseLine(line, style)];
  });
  return lines.join('\n');
}

function proseLine(line: string, style: Style): string {
  const heading = /^#+ (.*)$/.exec(line);
  if (heading !== null) return style.bold(heading[1] ?? '');
  const quote = /^>\s?(.*)$/.exec(line);
  if (quote !== null) return style.yellow(`~ ${quote[1]}`);
  return line
    .replace(/`([^`]+)`/g, (_, code: string) => style.cyan(code))
    .replace(/\*\*([^*]+)\*\*/g, (_, bold: string) => style.bold(bold))
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_, title: string, address: string) => `${title} ${style.dim(address)}`);
}
