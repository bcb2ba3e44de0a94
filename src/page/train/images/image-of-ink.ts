import type { ImageSize, Units } from '../../settings/study-data.ts';

/** Dots along a side of the square whose blocks of 4 × 4 the digits of 8 × 8 pixels count. */
const DOTS = 32;
/** The part of MNIST's images that the box of a digit takes: 20 of 28 pixels. */
const BOX = 20 / 28;

/** A square in a drawing, in its pixels; it may reach beyond the drawing. */
interface Square {
  left: number;
  top: number;
  size: number;
}

/**
 * A drawing as the data's images were made: for 8 × 8 pixels as the digits (E. Alpaydin, C. Kaynak, 1998),
 * where the drawn part fills the square and each pixel counts the dots of its block; for other sizes as
 * MNIST (Y. LeCun, C. Cortes, C. Burges, 1998), where it fills a smaller square, in greys, whose centre of mass is
 * in the middle of the image.
 * @param ink `side × side` pixels, 1 where there is ink
 * @param most the number of a pixel that is all ink
 * @returns `height × width` pixels; undefined if nothing is drawn
 */
export function imageOfInk(
  ink: Uint8Array,
  side: number,
  size: ImageSize,
  most: number,
): Float32Array | undefined {
  const square = squareAround(ink, side);
  if (!square) return undefined;
  const { width, height } = size;
  const image =
    width === 8 && height === 8
      ? countedDots(shares(ink, side, square, DOTS), width)
      : centred(shares(ink, side, square, Math.max(1, Math.round(BOX * Math.min(width, height)))), size);
  return image.map((share) => most * share);
}

/** An image as the network gets it. */
export const scaledPixels = (image: Float32Array, units: readonly Units[]): Float32Array =>
  image.map((pixel, i) => {
    const { mean, deviation } = units[i];
    return deviation > 0 ? (pixel - mean) / deviation : 0;
  });

/** The smallest square around all ink that has its middle. */
function squareAround(ink: Uint8Array, side: number): Square | undefined {
  let [left, top, right, bottom] = [side, side, -1, -1];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (!ink[y * side + x]) continue;
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  if (right < 0) return undefined;
  const [width, height] = [right - left + 1, bottom - top + 1];
  const size = Math.max(width, height);
  return { left: left - (size - width) / 2, top: top - (size - height) / 2, size };
}

/** The share of ink in each of `dots × dots` parts of a square. */
function shares(ink: Uint8Array, side: number, { left, top, size }: Square, dots: number): Float32Array {
  const dot = size / dots;
  /** The pixels of a line that a dot covers, each with the covered part. */
  const covered = (from: number): (readonly [number, number])[] => {
    const [first, end] = [Math.max(0, Math.floor(from)), Math.min(side, Math.ceil(from + dot))];
    return Array.from({ length: Math.max(0, end - first) }, (_, i) => {
      const at = first + i;
      return [at, Math.min(at + 1, from + dot) - Math.max(at, from)];
    });
  };
  const [columns, rows] = [left, top].map((start) =>
    Array.from({ length: dots }, (_, i) => covered(start + i * dot)),
  );
  return Float32Array.from({ length: dots * dots }, (_, i) => {
    let area = 0;
    for (const [y, high] of rows[Math.floor(i / dots)])
      for (const [x, wide] of columns[i % dots]) area += high * wide * ink[y * side + x];
    return area / dot ** 2;
  });
}

/** The share of the dots in each block that are at least half ink. */
function countedDots(dots: Float32Array, width: number): Float32Array {
  const block = DOTS / width;
  const image = new Float32Array(width * width);
  dots.forEach((share, i) => {
    const [x, y] = [i % DOTS, Math.floor(i / DOTS)];
    if (share >= 0.5) image[Math.floor(y / block) * width + Math.floor(x / block)] += 1 / block ** 2;
  });
  return image;
}

/** A small square in a larger image, moved by whole pixels so that its centre of mass is in the middle. */
function centred(small: Float32Array, { width, height }: ImageSize): Float32Array {
  const side = Math.sqrt(small.length);
  let [mass, x, y] = [0, 0, 0];
  small.forEach((share, i) => {
    mass += share;
    x += share * (i % side);
    y += share * Math.floor(i / side);
  });
  const [right, down] = [(width - 1) / 2 - x / mass, (height - 1) / 2 - y / mass].map(Math.round);
  const image = new Float32Array(width * height);
  small.forEach((share, i) => {
    const [column, row] = [(i % side) + right, Math.floor(i / side) + down];
    if (column >= 0 && column < width && row >= 0 && row < height) image[row * width + column] = share;
  });
  return image;
}
