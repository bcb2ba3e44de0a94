import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useWidth } from './width.ts';

/** Pixels of a label along the x axis, and between the picture's edges and the axes. */
const LABEL = 48;
const TOP = 8;
const RIGHT = 24;
const BOTTOM = 48;

export interface Axis {
  label: string;
  /** Values with a line across the plot and a number. */
  ticks: readonly number[];
  format: (value: number) => string;
  /** Maps a value to its position along the axis, 0 … 1. */
  place: (value: number) => number;
}

export interface Series {
  /** With the ends of a bar, where a value has a range. */
  points: readonly { x: number; y: number; bar?: readonly [low: number, high: number] }[];
  /** The dash pattern of the line; without it, the points are marks. */
  dash?: string;
  marks?: number;
  class: string;
}

interface PlotProps {
  width: number;
  height: number;
  /** Pixels left of the plot. */
  left: number;
  x: Axis;
  y: Axis;
  series: Series[];
  /** A value of the x axis that is marked by a line. */
  cursor?: number | undefined;
}

/** A chart takes its width from the element around it. */
export interface ChartProps extends Omit<PlotProps, 'width'> {
  /** A description for screen readers, which says where the figures are. */
  description: string;
}

/** Series over two axes, as wide as the element around it. */
export function Chart({ description, height, ...plot }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element);
  return (
    <div ref={element} class="plot" style={{ height: `${height}px` }} role="img" aria-label={description}>
      {width - plot.left - RIGHT > 0 && (
        <svg class="chart" width={width} height={height} aria-hidden="true">
          <Plot width={width} height={height} {...plot} />
        </svg>
      )}
    </div>
  );
}

/** What is inside a chart. */
export function Plot({ width, height, left, x, y, series, cursor }: PlotProps) {
  const [across, down] = [width - left - RIGHT, height - TOP - BOTTOM];
  const atX = (value: number) => left + x.place(value) * across;
  const atY = (value: number) => TOP + (1 - y.place(value)) * down;
  const every = Math.ceil((x.ticks.length * LABEL) / across);
  return (
    <>
      {x.ticks.map((value, i) => (
        <g key={value}>
          <path class="grid" d={`M${atX(value)} ${TOP}v${down}`} />
          {i % every === 0 && (
            <Label x={atX(value)} y={TOP + down + 16} anchor="middle">
              {x.format(value)}
            </Label>
          )}
        </g>
      ))}
      {y.ticks.map((value) => (
        <g key={value}>
          <path class="grid" d={`M${left} ${atY(value)}h${across}`} />
          <Label x={left - 8} y={atY(value) + 4} anchor="end">
            {y.format(value)}
          </Label>
        </g>
      ))}
      <Label x={left + across / 2} y={height - 8} anchor="middle">
        {x.label}
      </Label>
      <text transform={`translate(12 ${TOP + down / 2}) rotate(-90)`} text-anchor="middle">
        {y.label}
      </text>
      {series.map(({ points, dash, marks, class: name }, i) => (
        <g key={i} class={name}>
          {dash !== undefined && <path class="line" stroke-dasharray={dash} d={line(points, atX, atY)} />}
          {points.map(
            ({ x, bar }) => bar && <path key={x} class="line" d={barred(atX(x), atY(bar[0]), atY(bar[1]))} />,
          )}
          {marks && points.map(({ x, y }) => <circle key={x} cx={atX(x)} cy={atY(y)} r={marks} />)}
        </g>
      ))}
      {cursor !== undefined && <path class="cursor" d={`M${atX(cursor)} ${TOP}v${down}`} />}
    </>
  );
}

function line(
  points: Series['points'],
  atX: (value: number) => number,
  atY: (value: number) => number,
): string {
  return points.map(({ x, y }, i) => `${i ? 'L' : 'M'}${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`).join('');
}

/** A bar with a stroke at each end. */
const barred = (x: number, low: number, high: number): string => `M${x - 4} ${low}h8m-4 0V${high}m-4 0h8`;

interface LabelProps {
  x: number;
  y: number;
  anchor: 'middle' | 'end';
  children: ComponentChildren;
}

function Label({ x, y, anchor, children }: LabelProps) {
  return (
    <text x={x} y={y} text-anchor={anchor}>
      {children}
    </text>
  );
}

/** An axis from 0 to `end`, with a tick at every multiple of `step`. */
export function linearAxis(label: string, end: number, step: number, format: Axis['format']): Axis {
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  return { label, ticks, format, place: (value) => value / end };
}

/** An axis of powers: equal factors lie equally far apart. */
export function logarithmicAxis(
  label: string,
  [start, end]: readonly [number, number],
  ticks: readonly number[],
  format: Axis['format'],
): Axis {
  const place = (value: number) => Math.log(value / start) / Math.log(end / start);
  return { label, ticks, format, place };
}
