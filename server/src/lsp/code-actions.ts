import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { baseNameOf, type FilePath } from '../base/file-path.ts';
import { editsBetween } from '../base/line-diff.ts';
import { type Span, touches } from '../base/span.ts';
import { applyFixes, type FixOutcome } from '../engine/apply-fixes.ts';
import type { Finding } from '../engine/finding.ts';
import type { Fixable } from '../engine/fixable.ts';
import { suppressionsFor } from '../engine/suppress-edit.ts';
import { type FileEdit, type Fix, newFileOf } from '../fixes/fix.ts';
import type { OpenedFolder } from './session.ts';

/** All safe fixes of a file at once; editors can run it on save. */
const fixAllKind = `${CodeActionKind.SourceFixAll}.stepwise`;

export const codeActionKinds = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, fixAllKind];

export interface CodeActionContext {
  readonly folder: OpenedFolder;
  readonly file: FilePath;
  /** The selection. */
  readonly span: Span;
  toDiagnostic(finding: Finding): Diagnostic;
  /** `undefined` where the client cannot do what the edits need. */
  toEdit(edits: readonly FileEdit[]): WorkspaceEdit | undefined;
  readonly showsDisabled: boolean;
  /** The client's command that opens a rule's page. */
  readonly openRulePageCommand: string | undefined;
  /** Whether the person wants to see the finding. */
  isShown(finding: Finding): boolean;
}

/** What is offered for a selection. Everything is computed from the documents as they are now. */
export function codeActions(
  { context: { only } }: CodeActionParams,
  context: CodeActionContext,
): readonly CodeAction[] {
  const wants = (kind: string) =>
    only === undefined || only.some((each) => kind === each || kind.startsWith(`${each}.`));
  // Nobody sees a source action in the lightbulb's menu, and it costs more than all others: only when it is asked for.
  const isFixAll = only !== undefined && wants(fixAllKind);
  return [
    ...(wants(CodeActionKind.QuickFix) ? quickFixes(context) : []),
    ...(wants(CodeActionKind.RefactorRewrite) ? offeredRewrites(context) : []),
    ...(isFixAll ? fixAll(context) : []),
  ];
}

function quickFixes(context: CodeActionContext): readonly CodeAction[] {
  const { folder, file, span } = context;
  const findings = folder.check(file).filter((finding) => touches(finding.span, span) && context.isShown(finding));
  const fixes = findings.flatMap((finding) =>
    finding.fixes().flatMap((fix, index) => quickFix(fix, finding, index === 0, context)),
  );
  const refusals = findings.flatMap((finding) => {
    const action = { title: `Fix ${finding.rule.name}`, kind: CodeActionKind.QuickFix };
    return refused(finding, { ...action, diagnostics: [context.toDiagnostic(finding)] }, context);
  });
  const suppressions = findings.flatMap((finding) => suppressionActions(finding, context));
  return [...fixes, ...refusals, ...suppressions, ...findings.flatMap((finding) => explanation(finding, context))];
}

function quickFix(fix: Fix, finding: Finding, isPreferred: boolean, context: CodeActionContext): readonly CodeAction[] {
  const diagnostics = [context.toDiagnostic(finding)];
  const action = { title: titleWithFiles(fix), kind: CodeActionKind.QuickFix, diagnostics };
  return offered(fix, action, isPreferred, context);
}

/** Where no fix can be written, the menu says why. */
function refused(place: Fixable, action: CodeAction, { showsDisabled }: CodeActionContext): readonly CodeAction[] {
  const reasons = place.refusals();
  return showsDisabled && reasons.length > 0 ? [{ ...action, disabled: { reason: reasons.join(' ') } }] : [];
}

/** The action with its edit; without it, and with the reason, where a file is in the way of one that it would write. */
function offered(
  fix: Fix,
  action: CodeAction,
  isPreferred: boolean,
  { folder, toEdit, showsDisabled }: CodeActionContext,
): readonly CodeAction[] {
  const edit = toEdit(fix.edits);
  if (edit === undefined) return [];
  const made = fix.edits.flatMap((each) => newFileOf(each) ?? []);
  const obstacle = made.find((file) => folder.files.read(file).kind !== 'missing');
  if (obstacle === undefined) return [{ ...action, edit, ...(isPreferred && { isPreferred }) }];
  return showsDisabled ? [{ ...action, disabled: { reason: `${baseNameOf(obstacle)} exists already.` } }] : [];
}

/** Files that appear beside the one that is open would surprise: the title says that they do. */
function titleWithFiles({ title, edits }: Fix): string {
  const { length } = edits.filter(({ kind }) => kind === 'create');
  if (length === 0) return title;
  return `${title} (writes ${length} new ${length === 1 ? 'migration' : 'migrations'})`;
}

function suppressionActions(finding: Finding, context: CodeActionContext): readonly CodeAction[] {
  const project = context.folder.workspace.projectOf(finding.file);
  const { migration } = finding;
  const judged = migration === undefined ? undefined : project.migration(migration);
  if (judged === undefined) return [];
  const fixes = suppressionsFor(finding, judged.migration, project.source(judged.migration.id));
  return fixes.flatMap((fix) => quickFix(fix, finding, false, context));
}

function explanation(finding: Finding, context: CodeActionContext): readonly CodeAction[] {
  const { openRulePageCommand: command } = context;
  if (command === undefined) return [];
  const title = `Explain ${finding.rule.name}`;
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [context.toDiagnostic(finding)],
      command: { title, command, arguments: [finding.rule.name] },
    },
  ];
}

function offeredRewrites(context: CodeActionContext): readonly CodeAction[] {
  const { folder, file, span } = context;
  const offers = folder.offers(file).filter((offer) => touches(offer.span, span));
  const kind = CodeActionKind.RefactorRewrite;
  return offers.flatMap((offer) => [
    ...offer.fixes().flatMap((fix) => offered(fix, { title: titleWithFiles(fix), kind }, false, context)),
    ...refused(offer, { title: 'Write the step that is owed', kind }, context),
  ]);
}

function fixAll({ folder, file, toEdit }: CodeActionContext): readonly CodeAction[] {
  const { files } = applySafeFixes(folder, file);
  if (files.size === 0) return [];
  // No safe fix renames a file, so none is gone.
  const edits = Array.from(files, ([path, { before, after = '' }]): FileEdit => {
    if (before === undefined) return { kind: 'create', file: path, text: after };
    return { kind: 'change', file: path, edits: editsBetween(before, after) };
  });
  const edit = toEdit(edits);
  return edit === undefined ? [] : [{ title: 'Fix all safe problems', kind: fixAllKind, edit }];
}

/** Works on the live workspace as if the editor had typed, and puts everything back. */
function applySafeFixes(folder: OpenedFolder, file: FilePath): FixOutcome {
  const { workspace, files } = folder;
  const touched = new Map<FilePath, string | undefined>();
  try {
    return applyFixes(
      {
        candidates: (path) =>
          folder.check(path).map(({ rule, fixes, refusals }) => ({ rule: rule.name, file: path, fixes, refusals })),
        read(path) {
          if (!touched.has(path)) return files.read(path);
          const text = touched.get(path);
          return text === undefined ? { kind: 'missing' } : { kind: 'text', text };
        },
        put(path, text) {
          touched.set(path, text);
          workspace.openDocument(path, text);
        },
        hide(path) {
          touched.set(path, undefined);
          workspace.hideDocument(path);
        },
        takeBack(path) {
          touched.delete(path);
          folder.restoreDocument(path);
        },
      },
      [file],
      (candidate) => candidate.fixes().find(({ safety }) => safety === 'safe'),
    );
  } finally {
    for (const path of touched.keys()) folder.restoreDocument(path);
  }
}
