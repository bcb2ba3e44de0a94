import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { address } from './session/address.ts';
import type { Session } from './session/session.ts';
import { recall, remember } from './settings/storage.ts';
import { texts } from './texts/texts.ts';

const STORAGE_KEY = 'spiralnet shortcuts';

/** Single keys and what they do, in the order in which they are listed. */
const KEYS = { t: 'train', s: 'step', e: 'epoch', r: 'rewind', u: 'undo', '?': 'help' } as const;

/** The keys that repeat while they are held. */
const REPEATED: readonly string[] = ['step', 'epoch'];

/** The help, and the keys that it lists. */
export function Help({ session }: { session: Session }) {
  const { help: words, header } = texts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const enabled = useSignal(recall(STORAGE_KEY) !== 'off');
  const show = () => {
    if (!dialog.current?.open) dialog.current?.showModal();
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const action = KEYS[event.key as keyof typeof KEYS];
      if (!action || !enabled.value || event.ctrlKey || event.metaKey || event.altKey || typing(event))
        return;
      if (action === 'help') show();
      else if (address.value.view === 'benchmark' || dialog.current?.open) return;
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
        <h2 id="help-title">{words.title}</h2>
        <p>{words.intro}</p>
        <h3>{words.shortcuts}</h3>
        <dl class="facts">
          {Object.entries(KEYS).map(([key, action]) => (
            <>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{words.keys[action]}</dd>
            </>
          ))}
        </dl>
        <label class="check">
          <input
            type="checkbox"
            checked={enabled.value}
            onChange={({ currentTarget }) => {
              enabled.value = currentTarget.checked;
              remember(STORAGE_KEY, enabled.value ? 'on' : 'off');
            }}
          />
          {words.enabled}
        </label>
        <form method="dialog">
          <button type="submit">{words.close}</button>
        </form>
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
