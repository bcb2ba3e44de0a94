import type { Dataset } from '../types.ts';
import type { ImageSize } from './array-dataset.ts';

/** Rows and columns of an image. */
const SIDE = 8;
const CLASSES = 10;

/**
 * Handwritten digits: 1,797 images of 8 × 8 pixels, each 0 (paper) to 16 (ink), row by row, in classes '0'
 * to '9'. Standardize or divide them before training. The images load when they are first asked for.
 *
 * From "Optical Recognition of Handwritten Digits" (E. Alpaydin, C. Kaynak, 1998), UCI Machine Learning
 * Repository, https://doi.org/10.24432/C50P49, licence CC BY 4.0: the test part, in the order of
 * scikit-learn's `load_digits`.
 * @returns a data set of its own at every call, with features `p00` (row 0, column 0) to `p77`
 */
export async function digits(): Promise<Dataset & ImageSize> {
  const { LABELS, PIXELS } = await import('./digits-text.ts');
  const labels = Uint32Array.from(LABELS, Number);
  const features = SIDE * SIDE;
  const inputs = new Float64Array(labels.length * features);
  const order = Array.from(labels.keys()).sort((a, b) => labels[a] - labels[b]);
  PIXELS.forEach((text, pixel) => {
    const values = text.replace(/[A-Z]/g, (run) => '0'.repeat(run.charCodeAt(0) - 62));
    order.forEach((row, i) => {
      inputs[row * features + pixel] = Number.parseInt(values[i], 17);
    });
  });
  return {
    inputs,
    labels,
    count: labels.length,
    features,
    classes: CLASSES,
    width: SIDE,
    height: SIDE,
    channels: 1,
    featureNames: Array.from({ length: features }, (_, i) => `p${Math.floor(i / SIDE)}${i % SIDE}`),
    classNames: Array.from({ length: CLASSES }, (_, digit) => String(digit)),
  };
}
