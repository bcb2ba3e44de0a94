import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { address } from './session/address.ts';
import type { Session } from './session/session.ts';
import { recall, remember } from './settings/storage.ts';
import { texts } from './texts/texts.ts';
import { Lazy } from './ui/lazy.tsx';

const STORAGE_KEY = 'spiralnet shortcuts';

/** Single keys and what they do, in the order in which they are listed. */
const KEYS = { t: 'train', s: 'step', e: 'epoch', r: 'rewind', u: 'undo', '?': 'help' } as const;

/** The keys that repeat while they are held. */
const REPEATED: readonly string[] = ['step', 'epoch'];

const loadWords = async () => (await import('./help-words.tsx')).HelpWords;

/** The help, and the keys that it lists. */
export function Help({ session }: { session: Session }) {
  const { header } = texts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const enabled = useSignal(recall(STORAGE_KEY) !== 'off');
  const opened = useSignal(false);
  const onEnable = (enable: boolean) => {
    enabled.value = enable;
    remember(STORAGE_KEY, enable ? 'on' : 'off');
  };
  const show = () => {
    opened.value = true;
    if (!dialog.current?.open) dialog.current?.showModal();
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = KEYS[event.key as keyof typeof KEYS];
      if (!action || !enabled.value || event.ctrlKey || event.metaKey || event.altKey || typing(event))
        return;
      if (document.querySelector('dialog[open]')) return;
      if (action === 'help') show();
      else if (['benchmark', 'learn'].includes(address.value.view)) return;
      else if (!event.repeat || REPEATED.includes(action)) act(session, action);
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [session]);
  return (
    <>
      <button type="button" class="small" aria-label={header.help} title={header.help} onClick={show}>
        ?
      </button>
      <dialog ref={dialog} aria-labelledby="help-title">
        {opened.value && (
          <Lazy load={loadWords} properties={{ keys: KEYS, enabled, onEnable }} as="section" />
        )}
      </dialog>
    </>
  );
}

function act(session: Session, action: Exclude<(typeof KEYS)[keyof typeof KEYS], 'help'>): void {
  const { status } = session.run.peek();
  const standing = status === 'untrained' || status === 'paused';
  switch (action) {
    case 'train':
      if (status === 'training') session.pause();
      else if (standing) session.train();
      break;
    case 'step':
      if (standing) session.step(1);
      break;
    case 'epoch':
      if (standing) session.step(session.epoch);
      break;
    case 'rewind':
      session.rewind();
      break;
    case 'undo':
      session.undo();
  }
}

/** Whether the focused control uses the key itself: a text field or a list. */
function typing({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLInputElement
    ? !['checkbox', 'radio', 'range'].includes(target.type)
    : target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
