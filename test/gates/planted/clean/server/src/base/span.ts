export interface Span {
  readonly start: number;
  readonly end: number;
}

export function lengthOf(span: Span): number {
  return span.end - span.start;
}
