import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import type { Session } from '../../session/session.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { texts } from '../../texts/texts.ts';
import { Lazy } from '../../ui/lazy.tsx';

interface Props {
  session: Session;
  /** The component of what can be taken away. */
  load: () => Promise<ComponentType<{ session: Session; onClose: () => void }>>;
}

/** What leaves the page with a person: the link, and everything under "Take away". */
export function RunTools({ session, load }: Props) {
  const open = useSignal(false);
  return (
    <>
      <CopyLink session={session} />
      <button
        type="button"
        class="small"
        aria-haspopup="dialog"
        onClick={() => {
          open.value = true;
        }}
      >
        {texts.value.bar.takeAway}
      </button>
      {open.value && (
        <Lazy
          load={load}
          properties={{
            session,
            onClose: () => {
              open.value = false;
            },
          }}
          as="section"
        />
      )}
    </>
  );
}

function CopyLink({ session }: { session: Session }) {
  const { copying: words } = laterTexts.value;
  const answer = useSignal('');
  /** The link, where the browser does not copy it. */
  const shown = useSignal<string | undefined>(undefined);
  const copy = async () => {
    try {
      // `navigator.clipboard` is absent on insecure connections.
      await navigator.clipboard.writeText(session.link);
      answer.value = words.copied;
    } catch {
      answer.value = words.notCopied;
      shown.value = session.link;
    }
  };
  const forget = () => {
    if (shown.value === undefined) answer.value = '';
  };
  return (
    <>
      <span role="status" class="hint">
        {answer.value}
      </span>
      {shown.value !== undefined && (
        <input
          type="text"
          class="link"
          readOnly
          aria-label={words.link}
          value={shown.value}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
      )}
      <button type="button" class="small" onClick={copy} onBlur={forget}>
        {texts.value.bar.copyLink}
      </button>
    </>
  );
}
