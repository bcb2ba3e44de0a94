import type { TensorShape } from '../../index.ts';
import { insideTexts } from '../texts/inside/inside.ts';
import { formatWhole } from '../ui/format.ts';
import { Formula } from './formula.tsx';

interface Props {
  shapes: ReadonlyMap<string, TensorShape>;
  /** Names of those that have numbers. */
  computed: ReadonlySet<string>;
  /** Names of those that the plan never stores. */
  never: ReadonlySet<string>;
  /** Names that the selected operation reads and writes. */
  reads: readonly string[];
  writes: readonly string[];
  selected: string | undefined;
  layers: number;
  onSelect: (name: string) => void;
}

/** Where each tensor stands between the others, and which have been computed: forward above, gradients below. */
export function DataFlow({ shapes, computed, never, reads, writes, selected, layers, onSelect }: Props) {
  const { flow: words } = insideTexts.value;
  const last = layers - 1;
  const columns: string[][] = [['inputs', 'labels']];
  for (let layer = 0; layer < layers; layer++) {
    const output = layer < last ? `hidden ${layer}` : 'scores';
    columns.push([`W ${layer}`, `b ${layer}`, `dW ${layer}`, `db ${layer}`]);
    columns.push([output, layer < last ? `dhidden ${layer}` : 'dscores']);
  }
  columns.push(['probabilities', 'losses']);
  return (
    <section class="flow" aria-labelledby="flow-title">
      <h2 id="flow-title">{words.title}</h2>
      <p class="hint">{words.hint}</p>
      <div class="stations">
        {columns.map((names, i) => (
          <div key={i} class="station">
            {names.map((name) => {
              const tensor = shapes.get(name);
              const role = writes.includes(name) ? 'written' : reads.includes(name) ? 'read' : '';
              const state = never.has(name) ? 'never' : computed.has(name) ? 'there' : 'awaited';
              return (
                <button
                  key={name}
                  type="button"
                  class={`tensor ${state} ${role}`}
                  aria-pressed={selected === name}
                  aria-disabled={state !== 'there'}
                  title={`${name}: ${words.states[state]}`}
                  onClick={() => state === 'there' && onSelect(name)}
                >
                  {tensor ? <Formula text={tensor.symbol} /> : name}
                  <span class="shapes">{tensor?.shape.map((size) => formatWhole(size)).join('×')}</span>
                  <span class="hidden">
                    {name}, {words.states[state]}
                    {role && `, ${words.roles[role]}`}
                  </span>
                </button>
              );
            })}
          </div>
        ))}
      </div>
    </section>
  );
}
