import type { FilePath } from '../base/file-path.ts';
import type { DatabaseKind, Target, Version } from '../base/target.ts';
import type { TextEdit } from '../base/text-edit.ts';
import type { LoweringContext } from '../django/lowering-context.ts';
import type { PythonParser } from '../syntax/parser.ts';
import type { Files } from './files.ts';
import type { Project } from './project.ts';

/**
 * A folder with its projects, as it is being worked on. Everything is computed when it is asked for and kept until a
 * file that matters to it changes.
 */
export interface Workspace {
  readonly root: FilePath;
  /** Outermost first; at least one. A project is another object once anything in it has changed. */
  readonly projects: readonly Project[];
  projectOf(file: FilePath): Project;
  /** From now on the file reads as the editor has it, whatever the disk says. */
  openDocument(file: FilePath, text: string): void;
  /** @param edits one after the other, each for the text that the one before it left */
  editDocument(file: FilePath, edits: readonly TextEdit[]): void;
  /** From now on the file is not there, whatever the disk says. */
  hideDocument(file: FilePath): void;
  /** The disk decides again. */
  closeDocument(file: FilePath): void;
  /** Files have appeared, changed or gone on the disk. */
  filesChanged(files: readonly FilePath[]): void;
  /** The migrations whose findings may be different when this file is, itself included. */
  affectedBy(file: FilePath): readonly FilePath[];
}

export interface WorkspaceOptions {
  readonly root: FilePath;
  readonly files: Files;
  readonly parser: PythonParser;
  readonly sqlParser: LoweringContext['sqlParser'];
  /**
   * What a pyproject.toml decides for the folder it stands in; `undefined` where it does not configure Stepwise.
   *
   * @param text `undefined` when the file is gone
   */
  readonly decisionsIn: (pyproject: FilePath, text: string | undefined) => ProjectDecisions | undefined;
  /**
   * How many migrations of a project are kept in memory whole (about 60 kB each). Of the others only what they built is
   * kept: they are read again when somebody asks for them.
   */
  readonly mostRemembered?: number;
}

/** What the owners of a project have decided; `undefined` is found out from its files. */
export interface ProjectDecisions {
  readonly database: DatabaseKind | undefined;
  readonly databaseVersion: Version | undefined;
  readonly django: Version | undefined;
  readonly deploys: Target['deploys'];
}
