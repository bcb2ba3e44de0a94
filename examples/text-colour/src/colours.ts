import { type Dataset, RandomState } from 'spiralnet';

const CLASS_NAMES = ['black', 'white'];

/** Random colours, each labelled with the colour of text that is easier to read on it. */
export function colours(count: number, seed: number): Dataset {
  const inputs = Float32Array.from(new RandomState(seed).randomSample(3 * count));
  const labels = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    const [red, green, blue] = inputs.subarray(3 * row, 3 * row + 3).map(linear);
    // The luminance at which contrast with black and with white is the same:
    // https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
    labels[row] = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? 0 : 1;
  }
  return { inputs, labels, count, features: 3, classes: 2, classNames: CLASS_NAMES };
}

/** @param hex such as `#ff8800` */
export function fromHex(hex: string): Float32Array {
  return Float32Array.from([1, 3, 5], (start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255);
}

/** An sRGB component without its gamma. */
function linear(component: number): number {
  return component <= 0.04045 ? component / 12.92 : ((component + 0.055) / 1.055) ** 2.4;
}
