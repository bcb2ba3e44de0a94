import type { Operation } from '../../index.ts';
import { insideTexts } from '../texts/inside/inside.ts';
import { formatWhole } from '../ui/format.ts';
import { Formula } from './formula.tsx';
import { columnsOf, type Place, present } from './places.ts';

interface Props {
  places: readonly Place[];
  operations: readonly Operation[];
  /** The one that is looked at: it has just been carried out. */
  at: number;
  /** The first tensor at the place that is looked at. */
  selected: string | undefined;
  layers: number;
  onSelect: (name: string) => void;
}

/**
 * Where each tensor stands between the others, and which have been computed: forward above,
 * gradients below.
 */
export function DataFlow({ places, operations, at, selected, layers, onSelect }: Props) {
  const { flow: words } = insideTexts.value;
  const { reads, writes } = operations[at];
  return (
    <section class="flow" aria-labelledby="flow-title">
      <h2 id="flow-title">{words.title}</h2>
      <p class="hint">{words.hint}</p>
      <div class="stations">
        {columnsOf(places, layers).map((column, i) => (
          <div key={i} class="station">
            {column.map((place) => {
              const [{ name, symbol, shape }] = place;
              const state = present(place, operations, at + 1).computed ? 'there' : 'later';
              const touched = (names: readonly string[]) => place.some(({ name }) => names.includes(name));
              const role = touched(writes) ? 'written' : touched(reads) ? 'read' : '';
              return (
                <button
                  key={name}
                  type="button"
                  class={`tensor ${state} ${role}`}
                  aria-pressed={selected === name}
                  title={`${name}: ${words.states[state]}`}
                  onClick={() => onSelect(name)}
                >
                  <Formula text={symbol} />
                  <span class="shapes">{shape.map((size) => formatWhole(size)).join('×')}</span>
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
