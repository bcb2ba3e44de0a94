import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../../session/session.ts';
import { printable } from '../../settings/link.ts';
import type { Settings, TableChoice } from '../../settings/settings.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { Lazy } from '../../ui/lazy.tsx';
import { asked, askForFile, fileOf } from './asked.ts';

const loadWanted = async () => (await import('./wanted-file.tsx')).WantedFile;
const loadDialog = async () => (await import('./file-dialog.tsx')).FileDialog;

/** Takes files that are dropped and cells that are pasted anywhere on the page, and has the dialog for them. */
export function OwnData({ session }: { session: Session }) {
  const { file: words } = laterTexts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const dragging = useSignal(false);
  const files = asked.value;
  useEffect(() => {
    if (files && !dialog.current?.open) dialog.current?.showModal();
    else if (!files) dialog.current?.close();
  }, [files]);
  useEffect(() => {
    const listeners = {
      dragover: (event: DragEvent) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        // Else the browser would leave the page for the file.
        event.preventDefault();
        dragging.value = true;
      },
      dragleave: (event: DragEvent) => {
        if (event.relatedTarget === null) dragging.value = false;
      },
      drop: (event: DragEvent) => {
        dragging.value = false;
        const dropped = [...(event.dataTransfer?.files ?? [])];
        if (dropped.length === 0) return;
        event.preventDefault();
        askForFile(dropped);
      },
      paste: (event: ClipboardEvent) => {
        if (event.defaultPrevented || isField(event.target)) return;
        const text = event.clipboardData?.getData('text/plain') ?? '';
        // Spreadsheets also paste a picture of their cells.
        if (isTable(text)) askForFile([fileOf(text, words.pastedName)]);
        else if (event.clipboardData?.files.length) askForFile([...event.clipboardData.files]);
      },
    };
    for (const [name, listen] of Object.entries(listeners)) addEventListener(name, listen as EventListener);
    return () => {
      for (const [name, listen] of Object.entries(listeners))
        removeEventListener(name, listen as EventListener);
    };
  }, [words]);
  return (
    <>
      <dialog
        ref={dialog}
        class={dragging.value ? 'file dragging' : 'file'}
        aria-labelledby="file-title"
        onClose={() => {
          asked.value = undefined;
        }}
      >
        {files && <Lazy load={loadDialog} properties={{ session, files }} as="section" />}
      </dialog>
      {dragging.value && <p class="drop">{words.drop}</p>}
    </>
  );
}

/** In the place of all pictures while a link waits for its file. */
export function WantedRows(properties: { settings: Settings; wanted: TableChoice }) {
  return <Lazy load={loadWanted} properties={properties} as="section" />;
}

/** The button of a person's own data, and what it takes. */
export function OwnDataButton({ settings: { shape, table } }: { settings: Settings }) {
  const { file: words } = laterTexts.value;
  return (
    <div class="own-data">
      <button type="button" class="small" aria-describedby="own-data-hint" onClick={() => askForFile()}>
        {words.button}
      </button>
      <span id="own-data-hint" class="hint">
        {shape === 'table' && table ? words.shown(printable(table.name), printable(table.label)) : words.hint}
      </span>
    </div>
  );
}

/** Whether a paste belongs to the element itself. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target.matches('input:not([type=checkbox], [type=radio], [type=range]), textarea'));

/** Whether a text has cells: several in a line, or several lines. */
const isTable = (text: string): boolean => /\t|\S[\r\n]+\S/.test(text);
