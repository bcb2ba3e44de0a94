import type { Dataset } from '../index.ts';
import { CELLS, NODES, type PlotRange } from './grid.ts';
import { CLASSES, OUTLINE, type Shape } from './models.ts';

/** Pixels of the picture along each side of a grid cell. */
const SCALE = 6;
/** Pixels along each side of the picture. */
export const PICTURE = CELLS * SCALE;
/** Half the size of a marker, in pixels. */
const MARKER = 8.5;

const K = CLASSES.length;
const FILLS = Uint32Array.from(CLASSES, ({ fill }) => abgr(fill));

/**
 * Draws the class regions, where they are known, then the data over them.
 * @param evidence logarithm of each class's probability at each node of the grid, `NODES² × classes`
 */
export function drawPicture(
  context: CanvasRenderingContext2D,
  evidence: Float32Array | undefined,
  data: Dataset,
  range: PlotRange,
): void {
  if (evidence) {
    const image = context.createImageData(PICTURE, PICTURE);
    fillRegions(new Uint32Array(image.data.buffer), evidence);
    context.putImageData(image, 0, 0);
  } else {
    context.clearRect(0, 0, PICTURE, PICTURE);
  }
  drawPoints(context, data, range);
}

function fillRegions(pixels: Uint32Array, evidence: Float32Array): void {
  const winners = Uint8Array.from({ length: NODES * NODES }, (_, node) => winner(evidence, node * K));
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const node = row * NODES + column;
      const start = row * SCALE * PICTURE + column * SCALE;
      const label = winners[node];
      const crossed = [node + 1, node + NODES, node + NODES + 1].some((corner) => winners[corner] !== label);
      for (let y = 0; y < SCALE; y++) {
        const at = start + y * PICTURE;
        if (!crossed) pixels.fill(FILLS[label], at, at + SCALE);
        else for (let x = 0; x < SCALE; x++) pixels[at + x] = FILLS[winnerWithin(evidence, node, x, y)];
      }
    }
  }
}

const within = new Float32Array(K);

/**
 * The likeliest class at a pixel of a cell. What is interpolated are the logarithms, whose differences are those of the
 * scores: wherever the scores are linear over a cell, so are the borders drawn.
 */
function winnerWithin(evidence: Float32Array, node: number, x: number, y: number): number {
  const [u, v] = [(x + 0.5) / SCALE, (y + 0.5) / SCALE];
  for (let k = 0; k < K; k++) {
    const at = (corner: number) => evidence[corner * K + k];
    const upper = (1 - u) * at(node) + u * at(node + 1);
    const lower = (1 - u) * at(node + NODES) + u * at(node + NODES + 1);
    within[k] = (1 - v) * upper + v * lower;
  }
  return winner(within, 0);
}

function winner(evidence: Float32Array, start: number): number {
  let best = 0;
  for (let k = 1; k < K; k++) if (evidence[start + k] > evidence[start + best]) best = k;
  return best;
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
