import type { Span } from '../base/span.ts';

/** A place that an example marks, and what is to be said there. */
export interface Mark {
  readonly span: Span;
  readonly message: string;
}

export interface MarkedText {
  /** Without the lines of marks. */
  readonly text: string;
  readonly marks: readonly Mark[];
}

const markLine = /^[ \t]*(~+)(?: (.*))?$/;

/**
 * Takes the marks out of one file of an example: a line `~~~~ message` marks the text directly above its tildes.
 * Several lines of marks may stand under one line of text.
 */
export function readMarks(marked: string): MarkedText {
  const marks: Mark[] = [];
  let text = '';
  let lineStart = 0;
  for (const line of marked.split(/(?<=\n)/)) {
    const match = markLine.exec(line.replace(/\r?\n$/, ''));
    if (match?.[1] === undefined) {
      lineStart = text.length;
      text += line;
      continue;
    }
    const start = lineStart + line.indexOf('~');
    marks.push({ span: { start, end: start + match[1].length }, message: match[2] ?? '' });
  }
  return { text, marks };
}

/** One file of an example, under its `# file: path` header. */
export interface ExampleFile {
  readonly path: string;
  readonly text: string;
}

export function readExampleFiles(files: string): readonly ExampleFile[] {
  const parts = files.split(/^# file: (\S+)[ \t]*\r?\n/m);
  const result: ExampleFile[] = [];
  for (let index = 1; index < parts.length; index += 2) {
    result.push({ path: parts[index] ?? '', text: parts[index + 1] ?? '' });
  }
  return result;
}
