import { CELLS, type PlotRange, type Point } from '../../settings/plane.ts';
import type { Units } from '../../settings/study-data.ts';
import { CLASSES, lookOf, OUTLINE, OUTLINES } from '../../ui/classes.ts';
import { colourOf } from '../network/unit-picture.ts';

/** Pixels of the picture along each side of a grid cell. */
const SCALE = 6;
/** Pixels along each side of the picture. */
export const PICTURE = CELLS * SCALE;
/** Half the size of a marker, in pixels. */
export const MARKER = 8.5;
/** Shades of a colour, from chance to certainty. */
const SHADES = 32;

/** Each class's fill, from hardly there to full. */
const FILLS = CLASSES.map(({ fill }) =>
  Uint32Array.from({ length: SHADES }, (_, shade) => abgr(fill, 0.15 + (0.85 * shade) / (SHADES - 1))),
);

const fillOf = (label: number): Uint32Array => FILLS[label % FILLS.length];

/**
 * Draws the class regions.
 * @param evidence logarithm of each class's probability at each node of the grid, `nodes² × classes`:
 * another number for all classes of a node changes no region
 * @param confidence whether less certain regions are paler
 * @param scale pixels of the picture along each side of a grid cell
 */
export function drawRegions(
  context: CanvasRenderingContext2D,
  evidence: Float32Array,
  classes: number,
  confidence: boolean,
  scale = SCALE,
): void {
  const nodes = Math.sqrt(evidence.length / classes);
  const width = (nodes - 1) * scale;
  const image = context.createImageData(width, width);
  fillRegions(new Uint32Array(image.data.buffer), evidence, classes, nodes, confidence, scale);
  context.putImageData(image, 0, 0);
}

function fillRegions(
  pixels: Uint32Array,
  evidence: Float32Array,
  classes: number,
  nodes: number,
  confidence: boolean,
  scale: number,
): void {
  const cells = nodes - 1;
  const width = cells * scale;
  const winners = Uint8Array.from({ length: nodes * nodes }, (_, node) =>
    winner(evidence, node * classes, classes),
  );
  const within = new Float32Array(classes);
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const node = row * nodes + column;
      const start = row * scale * width + column * scale;
      const label = winners[node];
      const crossed = [node + 1, node + nodes, node + nodes + 1].some((corner) => winners[corner] !== label);
      const shade = confidence ? shadeOf(evidence[node * classes + label], classes) : SHADES - 1;
      for (let y = 0; y < scale; y++) {
        const at = start + y * width;
        if (!crossed) pixels.fill(fillOf(label)[shade], at, at + scale);
        else {
          for (let x = 0; x < scale; x++) {
            interpolate(within, evidence, node, nodes, (x + 0.5) / scale, (y + 0.5) / scale);
            pixels[at + x] = fillOf(winner(within, 0, classes))[shade];
          }
        }
      }
    }
  }
}

function shadeOf(logarithm: number, classes: number): number {
  const sure = (Math.exp(logarithm) - 1 / classes) / (1 - 1 / classes);
  return Math.round(Math.max(0, sure) * (SHADES - 1));
}

/**
 * The evidence at a position in a cell. Logarithms are interpolated, because their differences are
 * those of the scores: if the scores are linear over a cell, so are the borders.
 */
function interpolate(
  within: Float32Array,
  evidence: Float32Array,
  node: number,
  nodes: number,
  u: number,
  v: number,
): void {
  const classes = within.length;
  for (let k = 0; k < classes; k++) {
    const upper = (1 - u) * evidence[node * classes + k] + u * evidence[(node + 1) * classes + k];
    const lower =
      (1 - u) * evidence[(node + nodes) * classes + k] + u * evidence[(node + nodes + 1) * classes + k];
    within[k] = (1 - v) * upper + v * lower;
  }
}

function winner(evidence: Float32Array, start: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (evidence[start + k] > evidence[start + best]) best = k;
  return best;
}

/** Draws points in the colour of their class or value: training points filled, test points hollow. */
export function drawPoints(
  context: CanvasRenderingContext2D,
  points: readonly Point[],
  range: PlotRange,
  hollow: boolean,
  { mean, deviation }: Units,
): void {
  context.lineJoin = 'round';
  for (const { x, y, label, value } of points) {
    const point = value === undefined ? lookOf(label).point : colourOf((value - mean) / deviation);
    context.beginPath();
    trace(context, label, ...pixelOf(range, x, y));
    context.lineWidth = hollow ? 5 : 2;
    context.strokeStyle = OUTLINE;
    context.stroke();
    if (hollow) {
      context.lineWidth = 2.5;
      context.strokeStyle = point;
      context.stroke();
    } else {
      context.fillStyle = point;
      context.fill();
    }
  }
}

function trace(context: CanvasRenderingContext2D, label: number, x: number, y: number): void {
  const { shape } = lookOf(label);
  if (shape === 'circle') {
    context.arc(x, y, MARKER * 0.9, 0, 2 * Math.PI);
    return;
  }
  for (const [dx, dy] of OUTLINES[shape]) context.lineTo(x + dx * MARKER, y + dy * MARKER);
  context.closePath();
}

/** Draws the keyboard's cursor. */
export function drawCursor(
  context: CanvasRenderingContext2D,
  { x, y }: { x: number; y: number },
  range: PlotRange,
): void {
  const [column, row] = pixelOf(range, x, y);
  for (const [width, colour] of [
    [6, '#fff'],
    [2, OUTLINE],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      context.moveTo(column + 12 * dx, row + 12 * dy);
      context.lineTo(column + 28 * dx, row + 28 * dy);
    }
    context.stroke();
  }
}

export function pixelOf({ left, top, size }: PlotRange, x: number, y: number): [number, number] {
  return [((x - left) / size) * PICTURE, ((top - y) / size) * PICTURE];
}

/**
 * `#rrggbb` over white as a pixel of image data, read as one 32-bit number (little-endian, as every
 * browser's machine is).
 */
function abgr(colour: string, opacity: number): number {
  const [r, g, b] = [1, 3, 5].map((at) =>
    Math.round(255 + opacity * (Number.parseInt(colour.slice(at, at + 2), 16) - 255)),
  );
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
