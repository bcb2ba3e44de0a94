import type { PlotRange } from '../../settings/plane.ts';
import { pixelOf } from '../../train/plane/regions-picture.ts';
import { OUTLINE } from '../../ui/classes.ts';

/** Draws an arrow from one place of the plane to another. */
export function drawArrow(
  context: CanvasRenderingContext2D,
  range: PlotRange,
  [fromX, fromY]: readonly [number, number],
  [toX, toY]: readonly [number, number],
  { width, colour, head }: { width: number; colour: string; head: number },
): void {
  const [x, y] = pixelOf(range, toX, toY);
  const [startX, startY] = pixelOf(range, fromX, fromY);
  const angle = Math.atan2(y - startY, x - startX);
  context.lineCap = context.lineJoin = 'round';
  const edge = width + 3;
  for (const [line, stroke] of [
    [edge, OUTLINE],
    [width, colour],
  ] as const) {
    context.lineWidth = line;
    context.strokeStyle = stroke;
    context.beginPath();
    context.moveTo(startX, startY);
    context.lineTo(x, y);
    for (const side of [-1, 1]) {
      context.moveTo(x, y);
      context.lineTo(x - head * Math.cos(angle + side * 0.5), y - head * Math.sin(angle + side * 0.5));
    }
    context.stroke();
  }
}
