import { useEffect, useRef } from 'preact/hooks';
import type { Insight } from '../../run/protocol.ts';
import { UNIT_NODES } from '../../settings/plane.ts';
import { isLoaded, type Settings } from '../../settings/settings.ts';
import { laterTexts } from '../../texts/later/later.ts';
import { ColumnHeads } from '../../ui/column-heads.tsx';
import { formatSigned } from '../../ui/format.ts';
import { Scroll } from '../../ui/scroll.tsx';
import { useWidth } from '../../ui/width.ts';
import { FeatureSwitches } from '../settings/feature-switches.tsx';
import type { Column, Unit, UnitPlace } from './columns.ts';
import { HEAD, HEAD_MARGIN, layoutOf, type NetworkLayout, UNIT, weightLines } from './network-layout.ts';
import { drawUnit } from './unit-picture.ts';

const pixels = (value: number) => `${value}px`;

interface Props {
  settings: Settings;
  onChange: (part: Partial<Settings>) => void;
  columns: Column[];
  insight: Insight | undefined;
  /** Whether there is no point to train on. */
  empty: string | undefined;
  onShow: (unit: UnitPlace | undefined) => void;
  /** The unit that stays large. */
  kept: UnitPlace | undefined;
  onKeep: (unit: UnitPlace | undefined) => void;
}

/** Columns of units, each with its picture of the plane, joined by lines for the weights. */
export function NetworkDiagram(props: Props) {
  const { columns, insight, empty, onShow, kept, onKeep } = props;
  const { network: words } = laterTexts.value;
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element);
  const dead = deadLayer(insight);
  const layout = layoutOf(columns, width);
  const { height, position } = layout;
  return (
    <figure class="network" aria-labelledby="network-title">
      <div class="title">
        <h2 id="network-title">{words.title}</h2>
        {!isLoaded(props.settings.shape) && (
          <FeatureSwitches features={props.settings.features} onChange={props.onChange} />
        )}
      </div>
      <div ref={element} class="diagram" style={{ height: pixels(height) }}>
        {width > 0 && (
          <>
            <Edges width={width} columns={columns} layout={layout} />
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
      <figcaption>{empty ?? (insight ? words.legend : words.waiting)}</figcaption>
      {dead !== undefined && <p class="remark">{words.dead(dead + 1)}</p>}
      {insight && <WeightsTable columns={columns} />}
    </figure>
  );
}

/** The first layer whose units have all died in training. */
function deadLayer(insight: Insight | undefined): number | undefined {
  if (!insight || insight.step === 0) return undefined;
  const layer = insight.layers.findIndex(({ dead }) => dead === 1);
  return layer < 0 ? undefined : layer;
}

interface UnitProps {
  unit: Unit;
  position: { x: number; y: number };
  onShow: (shown: boolean) => void;
  kept: boolean;
  onKeep: (keep: boolean) => void;
}

function UnitButton({
  unit: { name, unit, values, most, width },
  position,
  onShow,
  kept,
  onKeep,
}: UnitProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context && values) drawUnit(context, values, unit, most, width);
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
      <canvas
        ref={canvas}
        width={width ?? UNIT_NODES}
        height={width && values ? values.length / width : UNIT_NODES}
      />
    </button>
  );
}

interface EdgesProps {
  width: number;
  columns: Column[];
  layout: NetworkLayout;
}

/** The lines of the weights. */
function Edges({ width, columns, layout }: EdgesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { height } = layout;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || !canvas.current) return;
    const style = getComputedStyle(canvas.current);
    // Computed styles do not resolve custom properties for the theme, so that two standard ones
    // hold the colours.
    const [above, below] = [style.color, style.outlineColor];
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    context.clearRect(0, 0, width, height);
    for (const line of weightLines(columns, layout)) {
      context.strokeStyle = line.below ? below : above;
      context.lineWidth = line.width;
      context.beginPath();
      context.moveTo(line.from.x, line.from.y);
      context.lineTo(line.to.x, line.to.y);
      context.stroke();
    }
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
function WeightsTable({ columns }: { columns: Column[] }) {
  const { network: words } = laterTexts.value;
  return (
    <details>
      <summary>{words.table}</summary>
      {columns.slice(1).map(({ units: after, weights }, layer) => {
        const before = columns[layer].units;
        if (!weights) return null;
        return (
          <Scroll key={layer} label={layer < columns.length - 2 ? words.hidden(layer + 1) : words.outputs}>
            <table>
              <ColumnHeads names={[words.from, ...after.map(({ name }) => name)]} />
              <tbody>
                {before.map(({ name }, row) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    {after.map((unit, column) => (
                      <td key={unit.name}>{formatSigned(weights[row * after.length + column])}</td>
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
