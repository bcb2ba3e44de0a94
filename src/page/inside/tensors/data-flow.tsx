import type { Operation } from '../../../index.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { formatWhole } from '../../ui/format.ts';
import { Formula } from '../operation/formula.tsx';
import { present, type Slot, slotColumns } from './slots.ts';

interface Props {
  slots: readonly Slot[];
  operations: readonly Operation[];
  /** The selected operation, which has just been carried out. */
  at: number;
  /** The name of the selected slot's first tensor. */
  selected: string | undefined;
  layers: number;
  onSelect: (name: string) => void;
}

/** All tensors of the step, forward above and gradients below; computed tensors are marked. */
export function DataFlow({ slots, operations, at, selected, layers, onSelect }: Props) {
  const { flow: words } = insideTexts.value;
  const { reads, writes } = operations[at];
  return (
    <section class="flow" aria-labelledby="flow-title">
      <h2 id="flow-title">{words.title}</h2>
      <p class="hint">{words.hint}</p>
      <div class="stations">
        {slotColumns(slots, layers).map((column, i) => (
          <div key={i} class="station">
            {column.map((slot) => {
              const [{ name, symbol, shape }] = slot;
              const state = present(slot, operations, at + 1).computed ? 'there' : 'later';
              const touched = (names: readonly string[]) => slot.some(({ name }) => names.includes(name));
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
