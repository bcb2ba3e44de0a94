import { PLAIN } from '../../settings/study-data.ts';
import { drawPoints, PICTURE } from '../../train/plane/regions-picture.ts';
import { POINTS, RANGE } from './grid.ts';

let layer: OffscreenCanvas | undefined;

/** Draws the notes' points, which were drawn once for many pictures. */
export function drawNotesPoints(context: CanvasRenderingContext2D): void {
  if (!layer) {
    layer = new OffscreenCanvas(PICTURE, PICTURE);
    const own = layer.getContext('2d') as unknown as CanvasRenderingContext2D | null;
    if (own) drawPoints(own, POINTS, RANGE, false, PLAIN);
  }
  context.drawImage(layer, 0, 0);
}
