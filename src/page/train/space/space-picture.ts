import type { HiddenSpace } from '../../run/protocol.ts';
import { type PlotRange, type Point, SPACE_NODES } from '../../settings/plane.ts';
import type { Units } from '../../settings/study-data.ts';
import { lookOf } from '../../ui/classes.ts';
import { drawPoints, PICTURE, pixelOf } from '../plane/regions-picture.ts';
import { type Square, wedgeOf } from './wedges.ts';

/** Nodes from one line of the grid to the next; the nodes between bend the line. */
const LINE = 4;
/** Light in every theme, because the data's colours are the same in every theme. */
const GROUND = '#f3f3f5';
const GRID = '#1d1d2480';

/** The points of the plane at their places in the hidden layer. */
export const pointsIn = ({ points, stride }: HiddenSpace, all: readonly Point[]): Point[] =>
  Array.from({ length: points.length / 2 }, (_, i) => ({
    ...all[i * stride],
    x: points[2 * i],
    y: points[2 * i + 1],
  }));

/** Draws the straight regions of the classes, the bent grid and the points. */
export function drawSpace(
  context: CanvasRenderingContext2D,
  space: HiddenSpace,
  { left, bottom, size }: Square,
  points: readonly Point[],
  colours: Units,
): void {
  const range: PlotRange = { left, top: bottom + size, size };
  context.fillStyle = GROUND;
  context.fillRect(0, 0, PICTURE, PICTURE);
  const { scores } = space;
  for (let label = 0; label < (scores?.length ?? 0) / 3; label++) {
    context.beginPath();
    for (const [x, y] of wedgeOf(scores as Float32Array, label, { left, bottom, size }))
      context.lineTo(...pixelOf(range, x, y));
    context.closePath();
    context.fillStyle = lookOf(label).fill;
    context.fill();
  }
  drawGrid(context, space, range);
  drawPoints(context, points, range, false, colours);
}

function drawGrid(context: CanvasRenderingContext2D, { grid }: HiddenSpace, range: PlotRange): void {
  context.strokeStyle = GRID;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  for (let line = 0; line < SPACE_NODES; line += LINE) {
    for (const [first, next] of [
      [line, SPACE_NODES],
      [line * SPACE_NODES, 1],
    ]) {
      context.beginPath();
      for (let i = 0; i < SPACE_NODES; i++) {
        const node = first + i * next;
        context.lineTo(...pixelOf(range, grid[2 * node], grid[2 * node + 1]));
      }
      context.stroke();
    }
  }
}
