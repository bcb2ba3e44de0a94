import { useSignal } from '@preact/signals';
import type { Session } from '../../session/session.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { Lazy } from '../../ui/lazy.tsx';

const load = async () => (await import('./space-view.tsx')).SpaceView;

/** The plane as the last hidden layer sees it, one press away. */
export function SpacePanel({ session, data }: { session: Session; data: StudyData }) {
  const { space: words } = laterTexts.value;
  const open = useSignal(false);
  const { hidden } = session.settings.value;
  return (
    <details
      class="space"
      onToggle={({ currentTarget }) => {
        open.value = currentTarget.open;
      }}
    >
      <summary>
        <h2>{hidden.length > 0 ? words.title : words.linear}</h2>
      </summary>
      {open.value && <Lazy load={load} properties={{ session, data }} as="section" />}
    </details>
  );
}
