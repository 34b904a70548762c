import { type DocumentSymbol, type DocumentSymbolParams, SymbolKind } from 'vscode-languageserver';
import type { Span } from '../base/span.ts';
import { type OutlineItem, outlineOf } from '../engine/outline.ts';
import type { Running } from './running.ts';

/** What the outline of an editor shows of a migration. */
export function answerDocumentSymbols(
  { session, settings }: Running,
  { textDocument }: DocumentSymbolParams,
): DocumentSymbol[] {
  const file = session.uris.fileOf(textDocument.uri);
  if (session.documents.find(file) === undefined || !settings.enable) return [];
  const rangeOf = (span: Span) => session.rangeOf(file, span);
  const toSymbol = ({ name, kind, span, selection, items }: OutlineItem): DocumentSymbol => ({
    name,
    kind: kind === 'operation' ? SymbolKind.Event : SymbolKind.String,
    range: rangeOf(span),
    selectionRange: rangeOf(selection),
    ...(items.length > 0 && { children: items.map(toSymbol) }),
  });
  return outlineOf(session.folderOf(file).workspace.projectOf(file), file).map(toSymbol);
}
