import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type FileState, namesOf, OwnFile, type Taken } from '../../session/own-file.ts';
import type { Session } from '../../session/session.ts';
import { printable } from '../../settings/link.ts';
import type { TrainingFile } from '../../settings/resumption.ts';
import { fileTexts } from '../../texts/file/file.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { DialogHead } from '../../ui/dialog-head.tsx';
import { formatBytes, formatWhole } from '../../ui/format.ts';
import { asked, fileOf, taken } from './asked.ts';
import { ProblemText } from './problem-text.tsx';
import { TablePreview } from './table-preview.tsx';
import { UnfitText } from './unfit-text.tsx';
import { useRows } from './use-rows.ts';
import { wantedBy } from './wanted.ts';

interface Props {
  session: Session;
  /** What was dropped or pasted; none if a person has pressed the button. */
  files: readonly File[];
}

/** The way from a file to a run: choose, read, preview, train. */
export function FileDialog({ session, files }: Props) {
  const words = fileTexts.value;
  const file: OwnFile = useMemo(() => {
    const uses = {
      rows: async (rows: Taken) => {
        await useRows(session, rows);
        taken.value = file.files;
        asked.value = undefined;
      },
      run: async (training: TrainingFile, rows: Taken | undefined) => {
        const { resumeRun } = await import('./resume-run.ts');
        const answer = await resumeRun(session, training, rows);
        if (rows && !answer) taken.value = file.files;
        if (!answer) asked.value = undefined;
        return answer;
      },
    };
    return new OwnFile(uses, wantedBy(session));
  }, []);
  const title = useRef<HTMLHeadingElement>(null);
  const state = file.state.value;
  useEffect(() => {
    if (files.length > 0) file.read(files);
  }, [files]);
  useEffect(() => () => file.end(), [file]);
  // A button that is gone cannot keep the focus.
  useEffect(() => title.current?.focus(), [state.at]);
  return (
    <>
      <DialogHead id="file-title" title={nameOf(state) ?? words.title} close={words.close} heading={title} />
      {state.at === 'choosing' && <Chooser file={file} />}
      {state.at === 'reading' && <Reading state={state} onCancel={() => file.back()} />}
      {state.at === 'other' && <OtherFile state={state} file={file} />}
      {state.at === 'taking' && <p role="status">{words.preparing}</p>}
      {state.at === 'resuming' && <p role="status">{words.resuming}</p>}
      {state.at === 'preview' && <TablePreview state={state} file={file} session={session} />}
      {(state.at === 'failed' || state.at === 'unfit') && (
        <>
          {state.at === 'failed' ? (
            <ProblemText problem={state.problem} />
          ) : (
            <UnfitText unfit={state.unfit} />
          )}
          <button type="button" class="small" onClick={() => file.back()}>
            {words.another}
          </button>
        </>
      )}
    </>
  );
}

/** The name of what has been read. */
function nameOf(state: FileState): string | undefined {
  if ('preview' in state) return state.preview.name;
  return 'name' in state && state.at !== 'reading' ? state.name : undefined;
}

/** A button for a file, and a field for cells. */
function Chooser({ file }: { file: OwnFile }) {
  const words = fileTexts.value;
  const wanted = file.wanted?.name;
  const wantedBy = file.resumes ? words.run.wanted : words.wanted;
  const input = useRef<HTMLInputElement>(null);
  const pasted = useSignal('');
  const read = (text: string) =>
    text.trim() !== '' && file.read([fileOf(text, laterTexts.value.file.pastedName)]);
  return (
    <>
      {wanted !== undefined && <p>{wantedBy(printable(wanted))}</p>}
      <p>{words.private}</p>
      <div class="choose">
        <button type="button" class="primary" onClick={() => input.current?.click()}>
          {words.choose}
        </button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          onChange={({ currentTarget }) => file.read([...(currentTarget.files ?? [])])}
        />
        {wanted === undefined && taken.value.length > 0 && (
          <button type="button" onClick={() => file.read(taken.value)}>
            {words.again(namesOf(taken.value))}
          </button>
        )}
        <p class="hint">{words.formats}</p>
      </div>
      <label class="paste">
        {words.paste}
        <textarea
          rows={3}
          spellcheck={false}
          aria-describedby="paste-hint"
          value={pasted.value}
          onInput={({ currentTarget }) => {
            pasted.value = currentTarget.value;
          }}
          onPaste={(event) => {
            const text = event.clipboardData?.getData('text/plain') ?? '';
            if (pasted.value !== '' || !/[\t\n]/.test(text)) return;
            // A large table would hold the field up.
            event.preventDefault();
            read(text);
          }}
        />
      </label>
      <p id="paste-hint" class="hint">
        {words.pasteHint}
      </p>
      {pasted.value.trim() !== '' && (
        <button type="button" class="small" onClick={() => read(pasted.value)}>
          {words.readPaste}
        </button>
      )}
    </>
  );
}

function Reading({
  state: { name, bytes, total, rows, secondsLeft },
  onCancel,
}: {
  state: Extract<FileState, { at: 'reading' }>;
  onCancel: () => void;
}) {
  const words = fileTexts.value;
  return (
    <>
      <p role="status">{words.reading(name)}</p>
      <div class="reading">
        <progress max={total} value={bytes} aria-label={words.reading(name)} />
        <span>{words.progress(formatBytes(bytes), formatBytes(total), rows)}</span>
        <span class="quiet">
          {secondsLeft !== undefined && words.secondsLeft(formatWhole(Math.ceil(secondsLeft)))}
        </span>
      </div>
      <button type="button" class="small" onClick={onCancel}>
        {words.cancel}
      </button>
    </>
  );
}

/** Asks whether a file may stand for the one that a link was made from. */
function OtherFile({ state, file }: { state: Extract<FileState, { at: 'other' }>; file: OwnFile }) {
  const words = fileTexts.value;
  const { preview, wanted } = state;
  const { happened, kept } = file.resumes ? { happened: words.run.other, kept: words.run.kept } : words.other;
  return (
    <>
      <p role="alert">
        {happened(preview.name, printable(wanted.name))} {kept}
      </p>
      <div class="choose">
        <button type="button" class="primary" onClick={() => file.back()}>
          {words.another}
        </button>
        {!file.resumes && (
          <button type="button" onClick={() => file.useAnyway()}>
            {words.other.use}
          </button>
        )}
      </div>
    </>
  );
}
