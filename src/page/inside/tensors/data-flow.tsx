import { useRef } from 'preact/hooks';
import type { Operation } from '../../../index.ts';
import { insideTexts } from '../../texts/inside/inside.ts';
import { formatWhole } from '../../ui/format.ts';
import { Formula } from '../operation/formula.tsx';
import { type Box, edgesOf, mapLayout } from './map-layout.ts';
import { present, type Slot } from './slots.ts';
import { useSpace } from './space.ts';
import { Thumbnail } from './thumbnail.tsx';

interface Props {
  slots: readonly Slot[];
  operations: readonly Operation[];
  /** The selected operation, which has just been carried out. */
  at: number;
  /** The name of the selected slot's first tensor. */
  selected: string | undefined;
  layers: number;
  onSelect: (name: string | undefined) => void;
}

/** The height of a map that stands in one column with all else. */
const ALONE = 400;

/** All tensors of the step with their numbers as pictures, and what is computed from what. */
export function DataFlow({ slots, operations, at, selected, layers, onSelect }: Props) {
  const { flow: words } = insideTexts.value;
  const stage = useRef<HTMLDivElement>(null);
  const { boxes, width, height } = mapLayout(slots, layers, useSpace(stage, ALONE));
  return (
    <section class="flow" aria-labelledby="flow-title">
      <div class="title">
        <h2 id="flow-title">{words.title}</h2>
        <p class="hint">{words.hint}</p>
      </div>
      <div class="stage" ref={stage}>
        <div class="map" style={{ width: `${width}px`, height: `${height}px` }}>
          <svg width={width} height={height} aria-hidden="true">
            {edgesOf(boxes, operations, at).map(({ path, head, active }) => (
              <g key={path} class={active ? 'active' : undefined}>
                <path d={path} />
                {active && <path class="head" d={head} />}
              </g>
            ))}
          </svg>
          {boxes.map((box) => (
            <Station
              key={box.slot[0].name}
              box={box}
              operations={operations}
              at={at}
              pressed={selected === box.slot[0].name}
              onSelect={onSelect}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

interface StationProps extends Pick<Props, 'operations' | 'at' | 'onSelect'> {
  box: Box;
  pressed: boolean;
}

/** Pixels of a box around its picture, and of the line above it. */
const FRAME = 4;
const LINE = 20;
/** Pixels of a box that has its name beside the picture, and of the name there. */
const FLAT = { height: 40, name: 36 };
/** Pixels of a letter of the shape, and of the symbol before it. */
const LETTER = 7;
const SYMBOL = 40;

/** A tensor on the map. */
function Station({ box, operations, at, pressed, onSelect }: StationProps) {
  const { flow: words } = insideTexts.value;
  const { slot, left, top, width, height } = box;
  const [{ name, symbol, shape }] = slot;
  const { tensor, computed } = present(slot, operations, at + 1);
  const state = computed ? 'there' : 'later';
  const touched = (names: readonly string[]) => slot.some(({ name }) => names.includes(name));
  const { reads, writes } = operations[at];
  const role = touched(writes) ? 'written' : touched(reads) ? 'read' : '';
  const flat = height < FLAT.height;
  const space = flat
    ? { width: width - 2 * FRAME - FLAT.name, height: height - 2 * FRAME }
    : { width: width - 2 * FRAME, height: height - 2 * FRAME - LINE };
  const size = shape.map((size) => formatWhole(size)).join('×');
  return (
    <button
      type="button"
      class={`tensor ${state} ${role}${flat ? ' flat' : ''}`}
      style={{ left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` }}
      aria-pressed={pressed}
      title={`${name}, ${size}: ${words.states[state]}`}
      onClick={() => onSelect(pressed ? undefined : name)}
    >
      <span class="name">
        <Formula text={symbol} />
        {!flat && SYMBOL + LETTER * size.length <= width && <span class="shapes">{size}</span>}
      </span>
      {space.width >= LETTER && <Thumbnail tensor={tensor} space={space} />}
      <span class="hidden">
        {name}, {words.states[state]}
        {role && `, ${words.roles[role]}`}
      </span>
    </button>
  );
}
