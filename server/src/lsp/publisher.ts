import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { FilePath } from '../base/file-path.ts';
import { isAtLeast } from '../base/level.ts';
import type { EditorSettings } from '../config/editor-settings.ts';
import { countLevels, type Finding } from '../engine/finding.ts';
import { isPyproject } from '../engine/settings.ts';
import { SqlParserNeededError } from '../sql/postgresql/parser-source.ts';
import { type DiagnosticContext, settingDiagnostic, toDiagnostic } from './diagnostics.ts';
import { type LevelCounts, type StatusParams, statusMethod } from './protocol.ts';
import type { OpenedFolder, Session } from './session.ts';

/** Does work that nobody waits for: what throws is logged. */
export type Guard = (what: string, work: () => void) => void;

/** Sends diagnostics, and remembers for which files, so that none outlives its reason. */
export interface Publisher {
  /**
   * Checks a file and sends what was found; answers the findings that the person wants to see.
   *
   * @throws {SqlParserNeededError} before anything is sent
   */
  publish(file: FilePath): readonly Finding[];
  /** The same for those who do not wait for it: at once, or when the parser for its SQL is there. */
  refresh(file: FilePath): void;
  /** Sends what is wrong with the settings of a folder. */
  publishSettings(folder: OpenedFolder): void;
  /** Files with diagnostics on the screen. */
  files(): readonly FilePath[];
  clear(file: FilePath): void;
}

export function createPublisher(
  connection: Connection,
  session: Session,
  context: DiagnosticContext,
  settings: () => EditorSettings,
  guard: Guard,
): Publisher {
  const shown = new Set<FilePath>();
  const send = (file: FilePath, diagnostics: Diagnostic[]): void => {
    if (diagnostics.length === 0 && !shown.has(file) && session.documents.find(file) === undefined) return;
    const version = session.documents.find(file)?.version;
    const params = { uri: session.uris.uriOf(file), diagnostics, ...(version !== undefined && { version }) };
    void connection.sendDiagnostics(params);
    if (diagnostics.length === 0) shown.delete(file);
    else shown.add(file);
  };
  const sendStatus = (file: FilePath, counts: LevelCounts): void => {
    const version = session.documents.find(file)?.version;
    const params: StatusParams = {
      uri: session.uris.uriOf(file),
      ...counts,
      ...(version !== undefined && { version }),
    };
    void connection.sendNotification(statusMethod, params);
  };
  const publisher: Publisher = {
    publish(file) {
      const { enable, minimumLevel } = settings();
      const folder = session.folderOf(file);
      if (isPyproject(file)) {
        publisher.publishSettings(folder);
        return [];
      }
      const isMigration = folder.workspace.projectOf(file).migrationAt(file) !== undefined;
      const findings = enable ? folder.check(file).filter(({ level }) => isAtLeast(level, minimumLevel)) : [];
      if (!isMigration && findings.length === 0) {
        if (shown.has(file)) send(file, []);
        return [];
      }
      send(
        file,
        findings.map((finding) => toDiagnostic(finding, context)),
      );
      if (isMigration) sendStatus(file, countLevels(findings));
      return findings;
    },
    refresh(file) {
      try {
        publisher.publish(file);
      } catch (error) {
        if (!(error instanceof SqlParserNeededError)) throw error;
        void error.load().then(() => guard('publish', () => publisher.refresh(file)));
      }
    },
    publishSettings(folder) {
      const problems = settings().enable ? folder.settingProblems() : [];
      const files = new Set(problems.map(({ file }) => file));
      const gone = [...shown].filter((file) => isPyproject(file) && session.folderOf(file) === folder);
      for (const file of [...files, ...gone.filter((each) => !files.has(each))]) {
        send(
          file,
          problems.filter((problem) => problem.file === file).map((problem) => settingDiagnostic(problem, context)),
        );
      }
    },
    files: () => [...shown],
    clear: (file) => send(file, []),
  };
  return publisher;
}
