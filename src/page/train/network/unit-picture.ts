import type { Units } from '../../settings/study-data.ts';
import { lookOf } from '../../ui/classes.ts';

type Colour = readonly [number, number, number];

const ABOVE: Colour = [31, 95, 191];
const BELOW: Colour = [214, 106, 20];
const INK: Colour = [0, 0, 0];

/** The kind of a unit's numbers, which decides their colours. */
export type UnitKind =
  | { kind: 'input' }
  | { kind: 'image' }
  | { kind: 'hidden' }
  | { kind: 'value' }
  | { kind: 'class'; label: number };

/** What a unit computes over the plane. */
export interface UnitPicture {
  unit: UnitKind;
  /** At the nodes of a square grid, or the pixels of an image. */
  values: Float32Array;
  /** Pixels of a row of an image. */
  width?: number | undefined;
  /** The number that is drawn in full colour. */
  most: number;
}

/** The values that a regression predicts, on the scale of the colours. */
export const valuesPicture = (values: Float32Array, { mean, deviation }: Units): UnitPicture => ({
  unit: { kind: 'value' },
  values: values.map((value) => (value - mean) / deviation),
  most: 1,
});

/**
 * Draws what a unit computes at the nodes of a grid, or an image, a pixel each: white is 0.
 * @param most the number that is drawn in full colour
 */
export function drawUnit(
  context: CanvasRenderingContext2D,
  values: Float32Array,
  unit: UnitKind,
  most: number,
  width = Math.sqrt(values.length),
): void {
  const image = context.createImageData(width, values.length / width);
  const above = unit.kind === 'image' ? INK : unit.kind === 'class' ? rgb(lookOf(unit.label).fill) : ABOVE;
  values.forEach((value, i) => {
    const share = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
    const colour = value < 0 ? BELOW : above;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = mix(share, colour[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

/**
 * Draws what a unit computes as a square of any size; the browser interpolates between the nodes. An
 * image has sharp pixels.
 */
export function drawLarge(
  context: CanvasRenderingContext2D,
  { unit, values, most, width = Math.sqrt(values.length) }: UnitPicture,
  size: number,
): void {
  const small = new OffscreenCanvas(width, values.length / width);
  const smallContext = small.getContext('2d') as unknown as CanvasRenderingContext2D | null;
  if (!smallContext) return;
  drawUnit(smallContext, values, unit, most, width);
  if (unit.kind === 'image') {
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, size, size);
    return;
  }
  context.imageSmoothingQuality = 'high';
  // The picture reaches from the centre of the first pixel to the centre of the last, because nodes
  // are the corners of cells.
  const side = width - 1;
  context.drawImage(small, 0.5, 0.5, side, side, 0, 0, size, size);
}

/** The colour of a value on the scale from −1 to 1, as pictures of values have it. */
export function colourOf(value: number): string {
  const colour = value < 0 ? BELOW : ABOVE;
  return `rgb(${colour.map((part) => mix(Math.min(1, Math.abs(value)), part)).join(' ')})`;
}

/** From white at 0 to a colour's part at 1. */
const mix = (share: number, part: number): number => 255 + share * (part - 255);

function rgb(colour: string): Colour {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}
