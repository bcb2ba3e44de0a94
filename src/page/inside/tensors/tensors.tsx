import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import { useRef } from 'preact/hooks';
import type { Operation, Tensor } from '../../../index.ts';
import type { InsideState } from '../../run/protocol.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import type { NetworkShape } from './axes.ts';
import { HeatMap } from './heat-map.tsx';
import { present, type Slot } from './slots.ts';
import { useSpace } from './space.ts';

interface Props {
  state: InsideState;
  tensors: ReadonlyMap<string, Tensor>;
  /** The selected operation's place. */
  at: number;
  /** The selected slot, which is shown in place of the operation's tensors. */
  slot: Slot | undefined;
  network: NetworkShape;
  followed: number;
  /** Shows the operation's tensors again. */
  onLeave: () => void;
}

/** The height of a tensor where all stands in one column. */
const ALONE = 216;
/** Pixels between tensors, and of the arrow between what is read and what is written. */
const GAP = 12;
const ARROW = 16;
/** Where tensors have less than this each on average, they stand one below the other. */
const LEAST = 88;

/** What the selected operation reads and what it writes, or one tensor in all the place. */
export function Tensors({ state, tensors, at, slot, network, followed, onLeave }: Props) {
  const { tensors: words, byClass: sort } = insideTexts.value;
  const byClass = useSignal(false);
  const place = useRef<HTMLDivElement>(null);
  const space = useSpace(place, ALONE);
  const { operations, differences } = state;
  const order = byClass.value ? orderByClass(tensors.get('labels')) : undefined;
  const shown = slot
    ? [{ ...present(slot, operations, at + 1), written: false }]
    : ofOperation(operations[at], tensors);
  const narrow = space.width < LEAST * shown.length;
  const widths = narrow
    ? shown.map(() => space.width)
    : shares(
        shown.map(({ tensor }) => tensor),
        space.width - GAP * (shown.length - 1) - (slot ? 0 : ARROW + GAP),
      );
  return (
    <section class="tensors" aria-labelledby="tensors-title">
      <div class="title">
        <h2 id="tensors-title">{slot ? words.one(slot[0].name) : words.ofOperation}</h2>
        {slot && (
          <button type="button" class="small" onClick={onLeave}>
            {words.back(operations[at].name)}
          </button>
        )}
        {!network.regression && (
          <label class="check">
            <input
              type="checkbox"
              checked={byClass.value}
              onChange={({ currentTarget }) => {
                byClass.value = currentTarget.checked;
              }}
            />
            {sort}
          </label>
        )}
      </div>
      <div class={narrow ? 'heat-maps narrow' : 'heat-maps'} ref={place}>
        {space.width > 0 &&
          shown.map(({ tensor, computed, written }, i) => (
            <Fragment key={`${tensor.name} ${slot ? 'alone' : ''}`}>
              {written && !shown[i - 1]?.written && (
                <span class="arrow" aria-hidden="true">
                  {narrow ? '↓' : '→'}
                </span>
              )}
              <HeatMap
                tensor={tensor}
                network={network}
                order={order}
                followed={followed}
                computed={computed}
                difference={differences[tensor.name]?.absolute.value}
                space={{ width: widths[i], height: space.height }}
                alone={slot !== undefined}
              />
            </Fragment>
          ))}
      </div>
    </section>
  );
}

function ofOperation({ reads, writes }: Operation, tensors: ReadonlyMap<string, Tensor>) {
  const found = (names: readonly string[], written: boolean) =>
    names.flatMap((name) => {
      const tensor = tensors.get(name);
      return tensor ? [{ tensor, computed: true, written }] : [];
    });
  return [...found(reads, false), ...found(writes, true)];
}

/** Widths by the square roots of sizes, so that cells are of nearly the same size. */
function shares(tensors: readonly Tensor[], width: number): number[] {
  const weights = tensors.map(({ values }) => Math.max(12, Math.min(60, Math.sqrt(values.length))));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const free = width - LEAST_WIDTH * tensors.length;
  return weights.map((weight) => Math.floor(LEAST_WIDTH + (free * weight) / all));
}

/** Pixels of a tensor's picture and words, at least. */
const LEAST_WIDTH = 64;

/** Indices of rows, sorted by class. */
function orderByClass(labels: Tensor | undefined): number[] | undefined {
  if (!labels) return undefined;
  const { values } = labels;
  return Array.from(values, (_, row) => row).sort((a, b) => values[a] - values[b] || a - b);
}
