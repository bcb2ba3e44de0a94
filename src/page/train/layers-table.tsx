import type { Insight } from '../run/protocol.ts';
import { texts } from '../texts/texts.ts';
import { LazyPart } from '../ui/lazy.tsx';

const load = async () => (await import('./layer-norms.tsx')).LayerNorms;

/** Norms of weights, gradients and updates, and dead units, layer by layer. */
export function LayersTable({ insight }: { insight: Insight | undefined }) {
  const { norms: words, confusion } = texts.value;
  return (
    <details class="layers-table" open>
      <summary>
        <h2>{words.title}</h2>
      </summary>
      {insight ? <LazyPart load={load} properties={{ insight }} /> : <p class="hint">{confusion.none}</p>}
    </details>
  );
}
