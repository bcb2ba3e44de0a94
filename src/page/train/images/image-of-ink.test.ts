import { expect, it } from 'vitest';
import { imageOfInk, scaledPixels } from './image-of-ink.ts';

/** A drawing of 256 × 256 pixels with ink in rectangles, given by left, top, width and height. */
function drawn(...rectangles: [number, number, number, number][]): Uint8Array {
  const ink = new Uint8Array(256 * 256);
  for (const [left, top, width, height] of rectangles)
    for (let y = top; y < top + height; y++) ink.fill(1, y * 256 + left, y * 256 + left + width);
  return ink;
}

const DIGIT = { width: 8, height: 8 };
const MNIST = { width: 28, height: 28 };

it('nothing drawn is no image', () => {
  expect(imageOfInk(drawn(), 256, DIGIT, 16)).toBeUndefined();
});

it('8 × 8 pixels count the dots of their blocks, wherever and however large the drawing is', () => {
  // A bar of 64 of 128 columns, in the middle of its square: 4 of 8 columns.
  const bar = imageOfInk(drawn([10, 90, 64, 128]), 256, DIGIT, 16);
  expect(Array.from(bar ?? [])).toEqual(
    Array.from({ length: 64 }, (_, i) => (i % 8 >= 2 && i % 8 < 6 ? 16 : 0)),
  );
  const lying = imageOfInk(drawn([90, 10, 128, 64]), 256, DIGIT, 16);
  expect(Array.from(lying ?? [])).toEqual(Array.from({ length: 64 }, (_, i) => (i >= 16 && i < 48 ? 16 : 0)));
  // A dot is ink if at least half of it is.
  const edges = (width: number) =>
    imageOfInk(drawn([0, 0, width, 256], [256 - width, 0, width, 256]), 256, DIGIT, 16)?.slice(0, 2);
  expect(edges(3)).toEqual(Float32Array.of(0, 0));
  expect(edges(4)).toEqual(Float32Array.of(4, 0));
  // Beside each other: a column of 1 of 4 dots.
  const corner = imageOfInk(drawn([0, 0, 8, 256], [0, 248, 256, 8]), 256, DIGIT, 16);
  expect(corner?.slice(0, 3)).toEqual(Float32Array.of(4, 0, 0));
  expect(corner?.slice(56, 59)).toEqual(Float32Array.of(7, 4, 4));
});

it('28 × 28 pixels are as MNIST: a box of 20, by its centre of mass, in greys', () => {
  const square = imageOfInk(drawn([100, 20, 40, 40]), 256, MNIST, 255);
  expect(Array.from(square ?? [])).toEqual(
    Array.from({ length: 784 }, (_, i) =>
      i % 28 >= 4 && i % 28 < 24 && i >= 4 * 28 && i < 24 * 28 ? 255 : 0,
    ),
  );
  // An L is heavier on the left and below, so that it moves to the right and up.
  const image = imageOfInk(drawn([0, 0, 15, 200], [0, 185, 200, 15]), 256, MNIST, 255) ?? new Float32Array();
  let [mass, x, y] = [0, 0, 0];
  image.forEach((pixel, i) => {
    mass += pixel;
    x += pixel * (i % 28);
    y += pixel * Math.floor(i / 28);
  });
  expect(Math.abs(x / mass - 13.5)).toBeLessThanOrEqual(0.5);
  expect(Math.abs(y / mass - 13.5)).toBeLessThanOrEqual(0.5);
  // Lines of 1.5 pixels: one is all ink, the next half, and a quarter is missing where two such meet.
  expect([...new Set(image)].sort((a, b) => a - b)).toEqual([0, 127.5, 191.25, 255]);
});

it('goes to the network in the units of the data; a pixel that never varies is 0', () => {
  const units = [
    { mean: 2, deviation: 4 },
    { mean: 0, deviation: 0 },
  ];
  expect(scaledPixels(Float32Array.of(10, 7), units)).toEqual(Float32Array.of(2, 0));
});
