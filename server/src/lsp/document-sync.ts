import type {
  DidChangeTextDocumentParams,
  DidChangeWatchedFilesParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  DidSaveTextDocumentParams,
  WorkspaceFoldersChangeEvent,
} from 'vscode-languageserver';
import type { FilePath } from '../base/file-path.ts';
import { isPyproject } from '../engine/settings.ts';
import type { Running } from './running.ts';

export function documentOpened(running: Running, { textDocument }: DidOpenTextDocumentParams): void {
  const { session, publisher } = running;
  const file = session.uris.fileOf(textDocument.uri);
  session.documents.open(file, textDocument);
  const folder = session.folderOf(file);
  folder.workspace.openDocument(file, textDocument.text);
  publisher.refresh(file);
  publisher.publishSettings(folder);
}

/** The path of a keystroke: only this file is read and judged again before its findings are sent. */
export function documentChanged(running: Running, params: DidChangeTextDocumentParams): void {
  const { session, publisher, queue, host } = running;
  const { uri, version } = params.textDocument;
  const file = session.uris.fileOf(uri);
  const isOvertaken = host.takeChange(uri) > 0;
  const edits = session.documents.change(file, version, params.contentChanges);
  if (edits === undefined) return;
  const folder = session.folderOf(file);
  folder.workspace.editDocument(file, edits);
  if (isOvertaken) return;
  publisher.refresh(file);
  queue.addDependents(file);
}

export function documentClosed(running: Running, { textDocument }: DidCloseTextDocumentParams): void {
  const { session } = running;
  const file = session.uris.fileOf(textDocument.uri);
  const folder = session.folderOf(file);
  session.documents.close(file);
  folder.workspace.closeDocument(file);
  // What was typed and not saved is gone; a file that was never saved is no migration any more.
  running.publisher.refresh(file);
  running.queue.addDependents(file);
}

/** For editors that watch no files: what they save has changed on the disk. */
export function documentSaved(running: Running, { textDocument }: DidSaveTextDocumentParams): void {
  filesOnDiskChanged(running, [running.session.uris.fileOf(textDocument.uri)]);
}

export function watchedFilesChanged(running: Running, { changes }: DidChangeWatchedFilesParams): void {
  filesOnDiskChanged(
    running,
    changes.map(({ uri }) => running.session.uris.fileOf(uri)),
  );
}

function filesOnDiskChanged(running: Running, changed: readonly FilePath[]): void {
  const { session, publisher, host } = running;
  for (const folder of session.opened()) {
    const files = changed.filter((file) => session.folderOf(file) === folder && host.mayMatter(file, folder.root));
    if (files.length === 0) continue;
    folder.workspace.filesChanged(files);
    if (files.some(isPyproject)) publisher.publishSettings(folder);
    // An open document counts as the editor has it.
    const closed = files.filter((file) => session.documents.find(file) === undefined);
    for (const file of closed.filter((each) => folder.files.read(each).kind === 'missing')) publisher.clear(file);
    for (const file of files) running.queue.addDependents(file);
  }
}

export function foldersChanged(running: Running, { added, removed }: WorkspaceFoldersChangeEvent): void {
  const { session, publisher, queue } = running;
  for (const { uri } of removed) session.removeFolder(session.uris.fileOf(uri));
  for (const { uri } of added) session.addFolder(session.uris.fileOf(uri));
  const open = new Set(session.documents.files());
  for (const file of publisher.files().filter((each) => !open.has(each))) publisher.clear(file);
  queue.add(open);
}

/** Somebody turned checking off or on, or wants to see other levels. */
export function settingsChanged({ session, publisher, queue }: Running): void {
  for (const folder of session.opened()) publisher.publishSettings(folder);
  queue.add(new Set([...session.documents.files(), ...publisher.files()]));
}
