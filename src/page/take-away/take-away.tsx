import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Session } from '../session/session.ts';
import { takeAwayTexts } from '../texts/take-away/take-away.ts';
import { DialogHead } from '../ui/dialog-head.tsx';
import { formatWhole } from '../ui/format.ts';
import { Lazy } from '../ui/lazy.tsx';
import { FiguresTab } from './figures-tab.tsx';
import { download } from './files/download.ts';
import { ModelTab } from './model-tab.tsx';
import type { Taken } from './pictures/picture.ts';
import { PicturesTab } from './pictures-tab.tsx';
import type { TabProps } from './tab.ts';
import { Tabs } from './tabs.tsx';
import { take } from './taken.ts';

const TABS = ['pictures', 'figures', 'model', 'code'] as const;

const loadCode = async () => (await import('./code-tab.tsx')).CodeTab;

interface Props {
  session: Session;
  onClose: () => void;
}

/** Everything of a run that can leave the page, all of one step. */
export function TakeAway({ session, onClose }: Props) {
  const words = takeAwayTexts.value;
  const dialog = useRef<HTMLDialogElement>(null);
  const taken = useSignal<Taken | 'reading' | undefined>('reading');
  const tab = useSignal<(typeof TABS)[number]>('pictures');
  const done = useSignal('');
  const read = async () => {
    taken.value = await take(session);
  };
  useEffect(() => {
    dialog.current?.showModal();
    read();
    // Back goes to another run.
    const close = () => dialog.current?.close();
    addEventListener('popstate', close);
    return () => removeEventListener('popstate', close);
  }, []);
  const { value } = taken;
  const training = session.run.value.status === 'training';
  return (
    <dialog ref={dialog} class="take-away" aria-labelledby="take-away-title" onClose={onClose}>
      <DialogHead id="take-away-title" title={words.title} close={words.close} />
      {value === undefined && <p>{words.nothing}</p>}
      {value === 'reading' && <p role="status">{words.reading}</p>}
      {typeof value === 'object' && (
        <>
          <p class="hint">
            {words.of(formatWhole(value.latest.step))}{' '}
            {training && (
              <button type="button" class="small" onClick={read}>
                {words.again}
              </button>
            )}
          </p>
          <Tabs
            label={words.title}
            tabs={TABS.map((name) => ({ name, title: words.tabs[name] }))}
            chosen={tab.value}
            onChoose={(name) => {
              tab.value = name;
              done.value = '';
            }}
          >
            <Tab
              name={tab.value}
              session={session}
              taken={value}
              onDownload={(name, contents, type) => {
                download(name, contents, type);
                // A sandboxed frame may not let files through, and nothing tells of it.
                done.value = self.origin === 'null' ? words.inFrame(name) : words.saved(name);
              }}
              onDone={(sentence) => {
                done.value = sentence;
              }}
            />
          </Tabs>
          <p role="status" class="hint done">
            {done.value}
          </p>
        </>
      )}
    </dialog>
  );
}

function Tab({ name, ...props }: TabProps & { name: (typeof TABS)[number] }) {
  switch (name) {
    case 'pictures':
      return <PicturesTab {...props} />;
    case 'figures':
      return <FiguresTab {...props} />;
    case 'model':
      return <ModelTab {...props} />;
    case 'code':
      return <Lazy load={loadCode} properties={props} as="section" />;
  }
}
