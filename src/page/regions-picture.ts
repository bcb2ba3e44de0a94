import type { Dataset } from '../index.ts';
import { CELLS, NODES, type PlotRange } from './grid.ts';
import { CLASSES, OUTLINE, type Shape } from './models.ts';

/** Pixels of the picture along each side of a grid cell. */
const SCALE = 6;
/** Pixels along each side of the picture. */
export const PICTURE = CELLS * SCALE;
/** Half the size of a marker, in pixels. */
const MARKER = 8.5;

const FILLS = Uint32Array.from(CLASSES, ({ fill }) => abgr(fill));

/** Draws the class regions, then the data over them. */
export function drawPicture(
  context: CanvasRenderingContext2D,
  regions: Uint8Array,
  data: Dataset,
  range: PlotRange,
): void {
  const image = context.createImageData(PICTURE, PICTURE);
  fillRegions(new Uint32Array(image.data.buffer), regions);
  context.putImageData(image, 0, 0);
  drawPoints(context, data, range);
}

/** Colours each pixel by the class that most of its grid cell's corners have, the nearer ones counting for more. */
function fillRegions(pixels: Uint32Array, regions: Uint8Array): void {
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const node = row * NODES + column;
      const corners = [regions[node], regions[node + 1], regions[node + NODES], regions[node + NODES + 1]];
      const start = row * SCALE * PICTURE + column * SCALE;
      const uniform = corners.every((corner) => corner === corners[0]);
      for (let y = 0; y < SCALE; y++) {
        const at = start + y * PICTURE;
        if (uniform) pixels.fill(FILLS[corners[0]], at, at + SCALE);
        else for (let x = 0; x < SCALE; x++) pixels[at + x] = FILLS[vote(corners, x, y)];
      }
    }
  }
}

/** The class with the largest bilinear weight at a pixel of a cell. */
function vote(corners: number[], x: number, y: number): number {
  const [u, v] = [(x + 0.5) / SCALE, (y + 0.5) / SCALE];
  const weights = [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v];
  const votes = [0, 0, 0];
  corners.forEach((corner, i) => {
    votes[corner] += weights[i];
  });
  return votes.indexOf(Math.max(...votes));
}

function drawPoints(context: CanvasRenderingContext2D, data: Dataset, { left, top, size }: PlotRange): void {
  context.strokeStyle = OUTLINE;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  for (let row = 0; row < data.count; row++) {
    const x = ((data.inputs[2 * row] - left) / size) * PICTURE;
    const y = ((top - data.inputs[2 * row + 1]) / size) * PICTURE;
    const { point, shape } = CLASSES[data.labels[row]];
    context.fillStyle = point;
    context.beginPath();
    trace(context, shape, x, y);
    context.fill();
    context.stroke();
  }
}

function trace(context: CanvasRenderingContext2D, shape: Shape, x: number, y: number): void {
  switch (shape) {
    case 'circle':
      context.arc(x, y, MARKER * 0.9, 0, 2 * Math.PI);
      break;
    case 'triangle':
      context.moveTo(x, y - MARKER * 1.1);
      context.lineTo(x + MARKER * 1.05, y + MARKER * 0.75);
      context.lineTo(x - MARKER * 1.05, y + MARKER * 0.75);
      context.closePath();
      break;
    case 'square':
      context.rect(x - MARKER * 0.8, y - MARKER * 0.8, MARKER * 1.6, MARKER * 1.6);
  }
}

/** `#rrggbb` as a pixel of image data, read as one 32-bit number (little-endian, as every browser's machine is). */
function abgr(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
