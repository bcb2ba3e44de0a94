import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Answer } from '../../run/protocol.ts';
import type { RunView } from '../../session/run-view.ts';
import type { Session } from '../../session/session.ts';
import type { Settings } from '../../settings/settings.ts';
import type { StudyData } from '../../settings/study-data.ts';
import { sizesOf } from '../../settings/work.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { adapterName } from '../../ui/adapter-name.ts';
import { threeDigits } from '../../ui/format.ts';
import { hasLongSteps } from './slow-run.ts';

type Speeds = Extract<Answer, { what: 'speeds' }>;

/** How many times as fast the CPU has to be, so that the page says so. */
const WORTH_SAYING = 1.5;
/** Milliseconds that a run has to stand before it is compared: its last pictures are drawn by then. */
const REST = 1000;

/** The speeds that were measured, by what they depend on. */
const measured = signal<ReadonlyMap<string, Speeds>>(new Map());

/**
 * Where the GPU is a program on the CPU: how much faster the CPU itself would train this network, once that
 * was measured, and a way there. It is measured where it is seen, while the run stands.
 */
export function CpuOffer({ session }: { session: Session }) {
  const adapter = session.adapter.value;
  const concerned = adapter?.backend === 'webgpu' && adapter.software;
  if (!concerned || session.settings.value.backend !== 'auto') return null;
  return <Offer session={session} name={adapterName(adapter)} />;
}

function Offer({ session, name }: { session: Session; name: string }) {
  const { timing: words } = laterTexts.value;
  const run = session.run.value;
  const place = useRef<HTMLDivElement>(null);
  const seen = useSeen(place);
  const key = keyOf(session.settings.value, session.data.value);
  const speeds = measured.value.get(key);
  const waits = !speeds && seen && rests(run);
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(async () => {
      const answer = await session.ask({ what: 'speeds' });
      // The answer may be of a run that was opened meanwhile.
      const same = keyOf(session.settings.peek(), session.data.peek()) === key;
      if (answer && same) measured.value = new Map([...measured.peek(), [key, answer]]);
    }, REST);
    return () => clearTimeout(timer);
  }, [waits, key, run.latest?.step]);
  const times = speeds ? speeds.gpu / speeds.cpu : 0;
  const offers = times >= WORTH_SAYING;
  return (
    <div ref={place} class="offer">
      <p role="status">
        {speeds &&
          offers &&
          words.offer(twoDigits(times), twoDigits(speeds.cpu), twoDigits(speeds.gpu), name)}
      </p>
      {offers && (
        <button
          type="button"
          class="small"
          title={words.takeCpuHint}
          onClick={() => session.change({ backend: 'cpu' })}
        >
          {words.takeCpu}
        </button>
      )}
    </div>
  );
}

const twoDigits = (value: number) => threeDigits(Number(value.toPrecision(2)));

/** Whether nothing is under way that a measurement would disturb. */
const rests = (run: RunView): boolean =>
  ['untrained', 'paused', 'finished'].includes(run.status) &&
  run.insight !== undefined &&
  run.timing.state !== 'running' &&
  run.trial.state !== 'running' &&
  run.checking === undefined &&
  !hasLongSteps(run);

const SHAPING = [
  'activation',
  'loss',
  'optimizer',
  'precision',
  'plan',
] as const satisfies (keyof Settings)[];

/** What the time of a step depends on. */
function keyOf(settings: Settings, data: StudyData): string {
  const { batchSize, dropout } = settings;
  const rows = data.train?.count ?? 0;
  return [
    ...sizesOf(settings, data),
    batchSize > 0 ? Math.min(batchSize, rows) : rows,
    ...SHAPING.map((key) => settings[key]),
    dropout > 0,
  ].join();
}

/** Whether an element is in the window. */
function useSeen(place: { current: HTMLElement | null }): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const observer = new IntersectionObserver(([entry]) => setSeen(entry.isIntersecting));
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return seen;
}
