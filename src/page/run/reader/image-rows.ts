import { arrayDataset, type NumberArray } from '../../../tables/index.ts';
import { MOST_CLASSES } from '../../settings/settings.ts';
import type { LabelledImages } from './arrays.ts';
import type { ChosenRows } from './chosen-rows.ts';
import type { Counts, Preview } from './protocol.ts';
import { TooManyClasses } from './read-problem.ts';

/** Images that a person sees. */
const SHOWN = 16;
/** The largest number of a pixel where not all are below 1. */
const FULL = 255;

/** What a person sees of images. */
export function imagesPreview({ inputs, labels }: LabelledImages, name: string, sha256: string): Preview {
  const [rows, ...row] = inputs.shape;
  const shown = Math.min(SHOWN, rows);
  const { height, width, from } = layoutOf(row);
  const features = inputs.data.length / rows;
  const size = height * width;
  const pixels = Float64Array.from({ length: shown * size }, (_, i) =>
    Number(inputs.data[Math.floor(i / size) * features + from(i % size)]),
  );
  const full = pixels.some((value) => value > 1) ? FULL : 1;
  return {
    name,
    sha256,
    rows,
    columns: [],
    head: [],
    skipped: 0,
    notes: [],
    images: {
      width,
      height,
      pixels: Uint8ClampedArray.from(pixels, (value) => (FULL * value) / full),
      shown: Array.from({ length: shown }, (_, i) => String(labels.data[i])),
    },
    guess: { label: 'label', task: 'classes', columns: [], missing: 'drop' },
  };
}

/** The size of an image, and where its pixels are; of colours the first channel's. */
function layoutOf(row: readonly number[]) {
  const [first, second, third = 1] = row;
  const channelsFirst = row.length > 2 && third > 4;
  return channelsFirst
    ? { height: second, width: third, from: (pixel: number) => pixel }
    : { height: first, width: second, from: (pixel: number) => pixel * third };
}

/** The rows of images: a feature for each number of a pixel. */
export function imageRows({ inputs, labels }: LabelledImages): ChosenRows {
  const {
    width = 0,
    height = 0,
    channels,
    ...data
  } = arrayDataset({
    inputs: { shape: inputs.shape, data: floats(inputs.data as NumberArray) },
    labels: labels.data,
  });
  const { count: rows, features, classes } = data;
  if (classes > MOST_CLASSES) throw new TooManyClasses(classes);
  const featureNames = Array.from({ length: features }, (_, i) => nameOf(i, width, channels ?? 1));
  const images = channels === 1 ? { width, height } : undefined;
  const none = { dropped: 0, filled: 0, spread: [], constant: [], unused: [] };
  const counts: Counts = { rows, features, classes, ...none, ...(images && { pixels: true }) };
  return { data: { ...data, featureNames }, counts, images };
}

/** A copy, so that other choices can be made when these rows have been handed over. */
const floats = (data: NumberArray): NumberArray =>
  data instanceof Float64Array ? data.slice() : Float32Array.from(data);

/** Row, column and, if there are several, channel of a pixel. */
function nameOf(feature: number, width: number, channels: number): string {
  const pixel = Math.floor(feature / channels);
  const place = `p${Math.floor(pixel / width)}-${pixel % width}`;
  return channels > 1 ? `${place}-${feature % channels}` : place;
}
