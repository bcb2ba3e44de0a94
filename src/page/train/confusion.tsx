import type { Insight } from '../run/protocol.ts';
import { texts } from '../texts/texts.ts';
import { LazyPart } from '../ui/lazy.tsx';

const load = async () => (await import('./confusion-matrices.tsx')).ConfusionMatrices;

/** How often points of each class are taken for each class. */
export function Confusion({ insight }: { insight: Insight | undefined }) {
  const { confusion: words } = texts.value;
  return (
    <details class="confusion" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {insight ? <LazyPart load={load} properties={insight.confusion} /> : <p class="hint">{words.none}</p>}
    </details>
  );
}
