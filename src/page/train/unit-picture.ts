import { UNIT_NODES } from '../settings/plane.ts';
import { CLASSES } from '../ui/classes.ts';

type Colour = readonly [number, number, number];

const WHITE: Colour = [255, 255, 255];
const ABOVE: Colour = [31, 95, 191];
const BELOW: Colour = [214, 106, 20];

/** The kind of a unit's numbers, which decides their colours. */
export type UnitKind = { kind: 'input' } | { kind: 'hidden' } | { kind: 'class'; label: number };

/**
 * Draws what a unit computes over the plane, `UNIT_NODES²` numbers, a pixel each: white is 0.
 * @param most the number that is drawn in full colour
 */
export function drawUnit(
  context: CanvasRenderingContext2D,
  values: Float32Array,
  unit: UnitKind,
  most: number,
): void {
  const image = context.createImageData(UNIT_NODES, UNIT_NODES);
  const above = unit.kind === 'class' ? rgb(CLASSES[unit.label].fill) : ABOVE;
  values.forEach((value, i) => {
    const share = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
    const colour = value < 0 ? BELOW : above;
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = WHITE[c] + share * (colour[c] - WHITE[c]);
    image.data[4 * i + 3] = 255;
  });
  context.putImageData(image, 0, 0);
}

function rgb(colour: string): Colour {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16);
  return [part(1), part(3), part(5)];
}
