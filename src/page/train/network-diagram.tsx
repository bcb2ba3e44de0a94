import { useEffect, useRef } from 'preact/hooks';
import type { Insight, LayerInsight } from '../run/protocol.ts';
import { gridInputs, type PlotRange, SHOWN_UNITS, UNIT_NODES } from '../settings/plane.ts';
import type { Settings } from '../settings/settings.ts';
import { texts } from '../texts/texts.ts';
import { useWidth } from '../ui/chart.tsx';
import { ColumnHeads } from '../ui/column-heads.tsx';
import { formatSigned, formatWhole } from '../ui/format.ts';
import { Scroll } from '../ui/scroll.tsx';
import { drawUnit, type UnitKind } from './unit-picture.ts';

/** Pixels of a unit, between units, and of the line above a column. */
const UNIT = 36;
const GAP = 8;
const HEAD = 40;
/** Pixels that a column's heading may be wider than its units on each side. */
const HEAD_MARGIN = 12;

const pixels = (value: number) => `${value}px`;

/** A unit that can be pointed at. */
export interface Unit {
  name: string;
  unit: UnitKind;
  values: Float32Array | undefined;
  /** The number that is drawn in full colour. */
  most: number;
  /** What it computes from the inputs, if that is a short formula. */
  formula?: string | undefined;
}

/** A unit by its column and its number in it. */
export interface UnitPlace {
  column: number;
  unit: number;
}

interface Props {
  columns: Column[];
  insight: Insight | undefined;
  /** Whether there is no point to train on. */
  empty: boolean;
  onShow: (unit: UnitPlace | undefined) => void;
  /** The unit that stays large. */
  kept: UnitPlace | undefined;
  onKeep: (unit: UnitPlace | undefined) => void;
}

/** Columns of units, each with its picture of the plane, joined by lines for the weights. */
export function NetworkDiagram({ columns, insight, empty, onShow, kept, onKeep }: Props) {
  const { network: words, noPoints } = texts.value;
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element);
  const dead = deadLayer(insight);
  const most = Math.max(...columns.map(({ units }) => units.length));
  const height = HEAD + most * (UNIT + GAP);
  const position = (column: number, unit: number) => ({
    x: HEAD_MARGIN + (column * (width - UNIT - 2 * HEAD_MARGIN)) / (columns.length - 1),
    y: HEAD + ((most - columns[column].units.length) * (UNIT + GAP)) / 2 + unit * (UNIT + GAP),
  });
  return (
    <figure class="network" aria-labelledby="network-title">
      <h2 id="network-title">{words.title}</h2>
      <div ref={element} class="diagram" style={{ height: pixels(height) }}>
        {width > 0 && (
          <>
            <Edges width={width} height={height} columns={columns} insight={insight} position={position} />
            {columns.map(({ head, units }, column) => (
              <fieldset key={column}>
                <legend
                  class="head"
                  style={{
                    left: pixels(position(column, 0).x - HEAD_MARGIN),
                    width: pixels(UNIT + 2 * HEAD_MARGIN),
                    top: pixels(position(column, 0).y - HEAD),
                  }}
                >
                  {head}
                </legend>
                {units.map((unit, i) => (
                  <UnitButton
                    key={i}
                    unit={unit}
                    position={position(column, i)}
                    onShow={(shown) => onShow(shown ? { column, unit: i } : undefined)}
                    kept={kept?.column === column && kept.unit === i}
                    onKeep={(keep) => onKeep(keep ? { column, unit: i } : undefined)}
                  />
                ))}
              </fieldset>
            ))}
          </>
        )}
      </div>
      <figcaption>{empty ? noPoints : insight ? words.legend : words.waiting}</figcaption>
      {dead !== undefined && <p class="remark">{words.dead(dead + 1)}</p>}
      {insight && <WeightsTable columns={columns} insight={insight} />}
    </figure>
  );
}

/** The first layer whose units have all died in training. */
function deadLayer(insight: Insight | undefined): number | undefined {
  if (!insight || insight.step === 0) return undefined;
  const layer = insight.layers.findIndex(({ dead }) => dead === 1);
  return layer < 0 ? undefined : layer;
}

export interface Column {
  head: string;
  units: Unit[];
}

/**
 * The columns of units that are shown, from the inputs to the classes.
 * @param coordinates of the grid's nodes, of each input
 */
export function columnsOf(
  settings: Settings,
  coordinates: readonly Float32Array[],
  insight: Insight | undefined,
): Column[] {
  const { network: words } = texts.value;
  const { hidden, classes } = settings;
  // An earlier network's pictures do not fit. The new ones come soon.
  const layers = insight?.layers.length === hidden.length + 1 ? insight.layers : undefined;
  const picture = (layer: number, unit: number) => {
    const values = layers?.[layer].pictures;
    const size = UNIT_NODES ** 2;
    return values && values.length >= (unit + 1) * size
      ? values.subarray(unit * size, (unit + 1) * size)
      : undefined;
  };
  const inputColumn: Column = {
    head: words.inputs,
    units: ['x', 'y'].map((name, i) => ({
      name: words.input(name),
      unit: { kind: 'input' },
      values: coordinates[i],
      most: mostOf(coordinates[i]),
    })),
  };
  const columns = hidden.map((width, layer): Column => {
    const shown = Math.min(width, SHOWN_UNITS);
    const most = mostOf(layers?.[layer].pictures);
    return {
      head: shown < width ? words.shown(shown, formatWhole(width)) : words.units(formatWhole(width)),
      units: Array.from({ length: shown }, (_, i) => ({
        name: words.unit(layer + 1, i + 1),
        unit: { kind: 'hidden' },
        values: picture(layer, i),
        most,
        formula: layer === 0 && layers ? formulaOf(layers[0], shown, i) : undefined,
      })),
    };
  });
  const outputs: Column = {
    head: words.outputs,
    units: Array.from({ length: classes }, (_, label) => ({
      name: words.output(label),
      unit: { kind: 'class', label },
      values: picture(hidden.length, label),
      most: 1,
    })),
  };
  return [inputColumn, ...columns, outputs];
}

/** Such as `max(0, 1.2x − 0.7y + 0.3)`. */
function formulaOf({ shownWeights, shownBiases }: LayerInsight, shown: number, unit: number): string {
  const [x, y, b] = [shownWeights[unit], shownWeights[shown + unit], shownBiases[unit]];
  const term = (value: number) => `${value < 0 ? '−' : '+'} ${formatSigned(Math.abs(value))}`;
  return `max(0, ${formatSigned(x)}x ${term(y)}y ${term(b)})`;
}

/** An input over the plane is its coordinate. */
export function coordinates(range: PlotRange, axis: number): Float32Array {
  const inputs = gridInputs(range, UNIT_NODES);
  return Float32Array.from({ length: UNIT_NODES ** 2 }, (_, node) => inputs[2 * node + axis]);
}

/**
 * The largest output of the units of a layer that are shown, to which their pictures are scaled.
 */
function mostOf(pictures: Float32Array | undefined): number {
  return pictures ? pictures.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0;
}

interface UnitProps {
  unit: Unit;
  position: { x: number; y: number };
  onShow: (shown: boolean) => void;
  kept: boolean;
  onKeep: (keep: boolean) => void;
}

function UnitButton({ unit: { name, unit, values, most }, position, onShow, kept, onKeep }: UnitProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && values) drawUnit(context, values, unit, most);
  }, [values]);
  const show = () => onShow(true);
  const hide = () => onShow(false);
  return (
    <button
      type="button"
      class="unit"
      aria-label={name}
      title={name}
      style={{ left: pixels(position.x), top: pixels(position.y), width: pixels(UNIT), height: pixels(UNIT) }}
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      aria-pressed={kept}
      onClick={() => {
        show();
        onKeep(!kept);
      }}
      onBlur={hide}
    >
      <canvas ref={canvas} width={UNIT_NODES} height={UNIT_NODES} />
    </button>
  );
}

interface EdgesProps {
  width: number;
  height: number;
  columns: Column[];
  insight: Insight | undefined;
  position: (column: number, unit: number) => { x: number; y: number };
}

/**
 * A line for each weight between units that are shown, as thick as the weight is large in its
 * layer.
 */
function Edges({ width, height, columns, insight, position }: EdgesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current) return;
    const style = getComputedStyle(canvas.current);
    // Computed styles do not resolve custom properties for the theme, so that two standard ones
    // hold the colours.
    const [above, below] = [style.color, style.outlineColor];
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (insight?.layers.length !== columns.length - 1) return;
    insight.layers.forEach(({ shownWeights }, layer) => {
      const after = columns[layer + 1].units.length;
      const most = shownWeights.reduce((most, weight) => Math.max(most, Math.abs(weight)), 1e-30);
      shownWeights.forEach((weight, i) => {
        const from = position(layer, Math.floor(i / after));
        const to = position(layer + 1, i % after);
        const width = (4 * Math.abs(weight)) / most;
        if (!(width >= 0.05)) return;
        context.strokeStyle = weight < 0 ? below : above;
        context.lineWidth = width;
        context.beginPath();
        context.moveTo(from.x + UNIT, from.y + UNIT / 2);
        context.lineTo(to.x, to.y + UNIT / 2);
        context.stroke();
      });
    });
  });
  return (
    <div aria-hidden="true">
      <canvas
        ref={canvas}
        class="edges"
        width={Math.round(width * devicePixelRatio)}
        height={Math.round(height * devicePixelRatio)}
        style={{ width: pixels(width), height: pixels(height) }}
      />
    </div>
  );
}

/** The weights of the picture as numbers. */
function WeightsTable({ columns, insight }: { columns: Column[]; insight: Insight }) {
  const { network: words } = texts.value;
  if (insight.layers.length !== columns.length - 1) return null;
  return (
    <details>
      <summary>{words.table}</summary>
      {insight.layers.map(({ shownWeights }, layer) => {
        const [before, after] = [columns[layer].units, columns[layer + 1].units];
        return (
          <Scroll
            key={layer}
            label={layer < insight.layers.length - 1 ? words.hidden(layer + 1) : words.outputs}
          >
            <table>
              <ColumnHeads names={[words.from, ...after.map(({ name }) => name)]} />
              <tbody>
                {before.map(({ name }, row) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {after.map((unit, column) => (
                      <td key={unit.name}>{formatSigned(shownWeights[row * after.length + column])}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        );
      })}
    </details>
  );
}
