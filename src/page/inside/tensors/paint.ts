import type { Tensor } from '../../../index.ts';
import { type Extent, type Folding, placeOf, sizeOf } from './folding.ts';

const ABOVE = [31, 95, 191];
const BELOW = [201, 98, 15];
/** Around the blocks, because numbers of 0 are as white as the page. */
const OUTLINE = '#c4c4cc';

/** A number as a colour: white is 0, full colour the largest absolute value. */
function paint(pixels: Uint8ClampedArray, at: number, value: number, most: number): void {
  const share = most > 0 ? Math.abs(value) / most : 0;
  const colour = value < 0 ? BELOW : ABOVE;
  for (let c = 0; c < 3; c++) pixels[at + c] = 255 + share * (colour[c] - 255);
  pixels[at + 3] = 255;
}

/** Numbers by their row and column, as colours on a canvas that is as large as the folding. */
export function drawCells(
  canvas: HTMLCanvasElement,
  folding: Folding,
  valueAt: (row: number, column: number) => number,
  most: number,
): void {
  const { rows, columns } = folding.shown;
  const pixels = new ImageData(columns, rows);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      paint(pixels.data, 4 * (row * columns + column), valueAt(row, column), most);
  const source = new OffscreenCanvas(columns, rows);
  source.getContext('2d')?.putImageData(pixels, 0, 0);
  const { width, height } = sizeOf(folding);
  // A size that is set clears the canvas.
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.imageSmoothingEnabled = false;
  const { cell } = folding;
  const pieces = piecesOf(folding);
  context.fillStyle = OUTLINE;
  for (const [row, column, height, width] of pieces) {
    const { x, y } = placeOf(folding, row, column);
    context.fillRect(x - 1, y - 1, width * cell + 2, height * cell + 2);
  }
  for (const [row, column, height, width] of pieces) {
    const { x, y } = placeOf(folding, row, column);
    context.drawImage(source, column, row, width, height, x, y, width * cell, height * cell);
  }
}

/** The parts of the tensor that lie in one direction in the picture, as row, column, height, width. */
function piecesOf({ direction, folds, length, blocks, shown }: Folding): [number, number, number, number][] {
  // The rows of a column that lies across follow each other to the right, one by one.
  if (direction === 'across' && folds === 'rows')
    return Array.from({ length: shown.rows }, (_, row) => [row, 0, 1, 1]);
  return Array.from({ length: blocks }, (_, block) => {
    const from = block * length;
    const size = Math.min(length, shown[folds] - from);
    return folds === 'rows' ? [from, 0, size, shown.columns] : [0, from, shown.rows, size];
  });
}

/** The rows and columns of a tensor; a vector of samples is a column. */
export function extentOf({ shape, kind }: Pick<Tensor, 'shape' | 'kind'>): Extent {
  const [first, second] = shape;
  if (second !== undefined) return { rows: first, columns: second };
  return kind === 'biases' ? { rows: 1, columns: first } : { rows: first, columns: 1 };
}
