import {
  type AnyDataset,
  type Dataset,
  type FloatArray,
  type RegressionDataset,
  split,
} from '../../index.ts';
import { Scaling, standardize } from '../../tables/index.ts';
import { type Point, plotRange } from './plane.ts';
import type { Settings } from './settings.ts';
import {
  buffersOf,
  copied,
  type Divided,
  type DividedRows,
  divisionKey,
  outputsOf,
  PLAIN,
  type Plane,
  type RowSet,
  type StudyData,
  type Units,
} from './study-data.ts';

/** Standard deviations from the mean at which the colour of a value is full. */
const COLOURED = 2;
/** The square between −1 and 1 with its margin. */
const RANGE = plotRange([]);

let last: { key: string; rows: RowSet; divided: Divided } | undefined;

/**
 * Divides rows into training and test rows, and scales both as the training rows need it. The last
 * division is kept.
 */
export function divide(rows: RowSet, settings: Settings): Divided {
  const key = divisionKey(rows, settings);
  if (last?.key !== key || last.rows !== rows) last = { key, rows, divided: divided(rows, settings) };
  return last.divided;
}

/** A copy of divided rows that can be handed over, with all its buffers. */
export function handedOver(divided: Divided): { copy: DividedRows; buffers: ArrayBuffer[] } {
  const { rows: _, ...loaded } = divided.loaded;
  const copy: DividedRows = {
    ...divided,
    train: copied(divided.train),
    test: divided.test && copied(divided.test),
    loaded: { ...loaded, train: loaded.train.slice(), test: loaded.test.slice() },
  };
  const parts = [copy.train, copy.test].flatMap((data) => (data ? buffersOf(data) : []));
  const numbers = [copy.loaded.train, copy.loaded.test].map(({ buffer }) => buffer as ArrayBuffer);
  return { copy, buffers: [...parts, ...numbers] };
}

function divided(rows: RowSet, { testShare, dataSeed, scaled }: Settings): Divided {
  const { data } = rows;
  const { features } = data;
  const numbers = numbersOf(data, testShare, dataSeed);
  const raw = gathered(data, numbers.train);
  const { train, scaling } = scaled ? scaledData(raw, rows) : { train: raw, scaling: undefined };
  const tested = numbers.test.length > 0 ? gathered(data, numbers.test) : undefined;
  const test = tested && scaling ? scaling.applyTo(tested as Dataset) : tested;
  const units = (from: Pick<Scaling, 'means' | 'deviations'> | undefined, count: number): Units[] =>
    Array.from({ length: count }, (_, i) =>
      from ? { mean: from.means[i], deviation: from.deviations[i] } : PLAIN,
    );
  return {
    train,
    test,
    inputs: Array.from({ length: features }, (_, i) => data.featureNames?.[i] ?? `x${i}`),
    outputs: outputsOf(data),
    classNames: 'labels' in data ? data.classNames : undefined,
    colours: 'targets' in train ? coloursOf(train) : PLAIN,
    loaded: {
      rows,
      ...numbers,
      units: units(scaling, features),
      valueUnits: units(scaling?.targets, 1)[0],
      ...(rows.images && { pixels: { mean: meanRow(raw), most: mostIn(data) } }),
    },
  };
}

/** The numbers of the rows that are for training, and for testing. */
function numbersOf(data: AnyDataset, share: number, seed: number): { train: Uint32Array; test: Uint32Array } {
  const inputs = Float64Array.from({ length: data.count }, (_, row) => row);
  const numbered = { ...data, inputs, features: 1, featureNames: ['row'] };
  const { train, test } = split(numbered as Dataset, share, seed);
  return { train: Uint32Array.from(train.inputs), test: Uint32Array.from(test?.inputs ?? []) };
}

function gathered(data: AnyDataset, numbers: Uint32Array): AnyDataset {
  const rows = (values: FloatArray, columns: number) => {
    const chosen = new Float64Array(numbers.length * columns);
    numbers.forEach((row, i) => {
      chosen.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
    });
    return chosen;
  };
  const part = { count: numbers.length, inputs: rows(data.inputs, data.features) };
  return 'labels' in data
    ? { ...data, ...part, labels: numbers.map((row) => data.labels[row]) }
    : { ...data, ...part, targets: rows(data.targets, data.outputs) };
}

function scaledData(data: AnyDataset, rows: RowSet): { train: AnyDataset; scaling: Scaling } {
  if (rows.images) {
    const scaling = pixelScaling(rows.data);
    return { train: scaling.applyTo(data as Dataset), scaling };
  }
  const { data: train, scaling } =
    'labels' in data ? standardize(data) : standardize(data as RegressionDataset, { targets: true });
  return { train, scaling };
}

/**
 * Divides all pixels by the largest one. Scaled each by its own deviation, a pixel that is almost always
 * dark would count far more than all others in an image where it is not, such as one that is drawn here.
 */
function pixelScaling({ inputs, features }: AnyDataset): Scaling {
  let most = 0;
  for (const pixel of inputs) most = Math.max(most, Math.abs(pixel));
  return new Scaling({ means: new Array(features).fill(0), deviations: new Array(features).fill(most || 1) });
}

function meanRow({ inputs, features, count }: AnyDataset): Float32Array {
  const mean = new Float64Array(features);
  for (let start = 0; start < inputs.length; start += features)
    for (let i = 0; i < features; i++) mean[i] += inputs[start + i];
  return Float32Array.from(mean, (sum) => sum / count);
}

function mostIn({ inputs }: AnyDataset): number {
  let most = 0;
  for (const pixel of inputs) most = Math.max(most, pixel);
  return most;
}

function coloursOf(data: RegressionDataset): Units {
  const targets = Float64Array.from(data.targets);
  const mean = targets.reduce((sum, value) => sum + value / targets.length, 0);
  const square = targets.reduce((sum, value) => sum + (value - mean) ** 2 / targets.length, 0);
  return { mean, deviation: COLOURED * Math.sqrt(square) || 1 };
}

/** The data of a run, drawn over a plane where there is one that fits them. */
export function rowData(divided: Divided, plane: Plane | undefined): StudyData {
  const { train, test, inputs, loaded } = divided;
  const fitting = plane?.origin.length === inputs.length ? plane : undefined;
  const pointsOf = (data: AnyDataset | undefined, rows: Uint32Array) =>
    fitting && data ? projected(data, rows, fitting) : [];
  return {
    ...divided,
    points: { train: pointsOf(train, loaded.train), test: pointsOf(test, loaded.test) },
    range: RANGE,
    inputsAt: (points) => rowsAt(points, inputs.length, fitting),
    loaded: { ...loaded, plane: fitting },
  };
}

/** The rows at points of a plane. */
function rowsAt<Rows extends FloatArray>(points: Rows, features: number, plane: Plane | undefined): Rows {
  const count = points.length / 2;
  const rows = new (points.constructor as new (length: number) => Rows)(count * features);
  if (!plane) return rows;
  const { origin, u, v } = plane;
  for (let row = 0; row < count; row++) {
    const [x, y] = [points[2 * row], points[2 * row + 1]];
    for (let i = 0; i < features; i++) rows[row * features + i] = origin[i] + x * u[i] + y * v[i];
  }
  return rows;
}

/** The most training or test rows that have points. */
const MOST_POINTS = 5000;

/** The points of the plane that are nearest to rows; of very many rows, to evenly chosen ones. */
function projected(data: AnyDataset, numbers: Uint32Array, { origin, u, v }: Plane): Point[] {
  const { inputs, features } = data;
  const [across, up] = [square(u), square(v)];
  const points: Point[] = [];
  const stride = Math.ceil(numbers.length / MOST_POINTS);
  for (let i = 0; i < numbers.length; i += stride) {
    let [x, y] = [0, 0];
    for (let k = 0; k < features; k++) {
      const distance = inputs[i * features + k] - origin[k];
      x += distance * u[k];
      y += distance * v[k];
    }
    const at = {
      row: numbers[i],
      ...(stride > 1 && { index: i }),
      x: across > 0 ? x / across : 0,
      y: up > 0 ? y / up : 0,
    };
    points.push(
      'labels' in data
        ? { ...at, label: data.labels[i] }
        : { ...at, label: 0, value: data.targets[i * data.outputs] },
    );
  }
  return points;
}

const square = (vector: Float64Array): number => vector.reduce((sum, entry) => sum + entry * entry, 0);

/** A mean that is so small beside the numbers themselves is 0. */
const ROUNDING = 1e-6;

let planes = 0;

/**
 * A plane through the mean of the training rows, as large as all rows need it.
 * @param axes two features; with `components`: none
 */
export function planeThrough(
  { train, test }: Pick<StudyData, 'train' | 'test'>,
  { axes, components, shares }: Pick<Plane, 'axes' | 'shares'> & { components?: Float64Array },
): Plane {
  const { features = 0 } = train ?? {};
  const direction = (k: number): Float64Array => {
    if (components) return components.slice(k * features, (k + 1) * features);
    return Float64Array.from({ length: features }, (_, i) => (i === axes[k] ? 1 : 0));
  };
  const [u, v] = [direction(0), direction(1)];
  const origin = new Float64Array(features);
  const all = [train, test].flatMap((data) => data ?? []);
  if (train) {
    const sizes = new Float64Array(features);
    for (let i = 0; i < train.inputs.length; i++) {
      origin[i % features] += train.inputs[i] / train.count;
      sizes[i % features] += Math.abs(train.inputs[i]) / train.count;
    }
    // What is left of scaled rows is rounding.
    for (let i = 0; i < features; i++) if (Math.abs(origin[i]) < ROUNDING * sizes[i]) origin[i] = 0;
  }
  const spans = [u, v].map((along) => spanAlong(all, origin, along));
  // Distances along principal components can be compared.
  const most = Math.max(...spans.map(({ half }) => half));
  const halves = spans.map(({ half }) => (components ? most : half) || 1);
  for (let i = 0; i < features; i++) origin[i] += spans[0].middle * u[i] + spans[1].middle * v[i];
  planes++;
  return {
    id: planes,
    origin,
    u: u.map((entry) => entry * halves[0]),
    v: v.map((entry) => entry * halves[1]),
    axes: components ? [] : axes,
    ...(components && shares && { shares }),
  };
}

/** How far rows lie from an origin along a unit vector. */
function spanAlong(all: readonly AnyDataset[], origin: Float64Array, along: Float64Array) {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { inputs, features } of all) {
    for (let start = 0; start < inputs.length; start += features) {
      let at = 0;
      for (let k = 0; k < features; k++) at += (inputs[start + k] - origin[k]) * along[k];
      least = Math.min(least, at);
      most = Math.max(most, at);
    }
  }
  return { middle: (least + most) / 2, half: (most - least) / 2 };
}
