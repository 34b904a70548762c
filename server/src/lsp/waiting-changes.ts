import type { DataCallback, Message, MessageReader } from 'vscode-languageserver';

/** A reader that knows which changes of documents have arrived but not been handled yet. */
export interface CountingReader {
  readonly reader: MessageReader;
  /** Takes one change of the document as handled, and tells how many are left. */
  takeChange(uri: string): number;
}

/**
 * Somebody who types quickly, or an editor that formats, sends changes faster than a large file is checked: what is
 * about to be overtaken need not be checked.
 */
export function countWaitingChanges(inner: MessageReader): CountingReader {
  const waiting = new Map<string, number>();
  const note = (message: Message): void => {
    const uri = changedDocument(message);
    if (uri !== undefined) waiting.set(uri, (waiting.get(uri) ?? 0) + 1);
  };
  const reader: MessageReader = {
    onError: inner.onError,
    onClose: inner.onClose,
    onPartialMessage: inner.onPartialMessage,
    listen: (callback: DataCallback) =>
      inner.listen((message) => {
        note(message);
        callback(message);
      }),
    dispose: () => inner.dispose(),
  };
  return {
    reader,
    takeChange(uri) {
      const left = Math.max(0, (waiting.get(uri) ?? 0) - 1);
      if (left === 0) waiting.delete(uri);
      else waiting.set(uri, left);
      return left;
    },
  };
}

function changedDocument(message: Message): string | undefined {
  if (!('method' in message) || message.method !== 'textDocument/didChange') return undefined;
  const { params } = message as { readonly params?: { readonly textDocument?: { readonly uri?: unknown } } };
  const uri = params?.textDocument?.uri;
  return typeof uri === 'string' ? uri : undefined;
}
