import { dataset } from '../../checks/dataset.ts';
import { seed, share } from '../../checks/numbers.ts';
import {
  type Check,
  flag,
  isObject,
  list,
  oneOf,
  optional,
  readOptions,
  type Schema,
} from '../../checks/schema.ts';
import { blobs } from '../../data/generators/blobs.ts';
import { chequerboard } from '../../data/generators/chequerboard.ts';
import { circles } from '../../data/generators/circles.ts';
import { moons } from '../../data/generators/moons.ts';
import { spiral } from '../../data/generators/spiral.ts';
import { hills, tiltedPlane, wave } from '../../data/generators/surfaces.ts';
import { xor } from '../../data/generators/xor.ts';
import { split } from '../../data/split.ts';
import { OptionError } from '../../errors.ts';
import { checkEncoding } from '../../tables/dataset/check-encoding.ts';
import type { AnyDataset, Dataset, RegressionDataset } from '../../types.ts';
import type { ClassGenerator, CodeFormat, FileData, PointFeature, SurfaceGenerator } from './types.ts';

const CLASSES: Record<ClassGenerator, typeof spiral> = { spiral, circles, moons, blobs, xor, chequerboard };
const SURFACES: Record<SurfaceGenerator, typeof wave> = { plane: tiltedPlane, hills, wave };
const DEFAULT_NOISE = { spiral: 0.2, circles: 0.04, moons: 0.03, blobs: 0.12, xor: 0.03, chequerboard: 0.03 };

/** The most numbers that a script contains of data, and of weights. */
export const MOST_NUMBERS = 6000;

/** Each feature of the point (x, y). */
export const FEATURES: Record<PointFeature, (x: number, y: number) => number> = {
  x: (x) => x,
  y: (_, y) => y,
  x2: (x) => x * x,
  y2: (_, y) => y * y,
  xy: (x, y) => x * y,
  sinx: (x) => Math.sin(Math.PI * x),
  siny: (_, y) => Math.sin(Math.PI * y),
  r: (x, y) => Math.hypot(x, y),
  angle: (x, y) => Math.atan2(y, x),
};

/** The rows for testing, with defaults filled in. */
export interface Test {
  share: number;
  seed: number;
}

/** Points of a class generator or of a surface, with defaults filled in. */
export type Points =
  | {
      kind: 'classes';
      generator: ClassGenerator;
      perClass: number;
      classes: number;
      noise: number;
      seed: number;
    }
  | { kind: 'surface'; generator: SurfaceGenerator; count: number; noise: number; seed: number };

/** How a file is read, with defaults filled in. */
export type Format = Required<CodeFormat>;

/** What is scaled; undefined for nothing. */
export type Scaled = 'inputs' | 'inputs and targets' | undefined;

/** Where the rows of a script come from. */
export type Source =
  | { kind: 'points'; points: Points; features: PointFeature[]; test: Test | undefined }
  | { kind: 'digits'; test: Test | undefined /** By 16. */; divided: boolean }
  | ({ kind: 'file'; test: Test | undefined; format: Format; scaling: Scaled } & Required<
      Pick<FileData, 'file' | 'sha256' | 'label'>
    > &
      Pick<FileData, 'features' | 'encoding'>)
  | { kind: 'given'; rows: AnyDataset };

/** A source with its training rows, where they are known. */
export interface Rows {
  source: Source;
  train: AnyDataset | undefined;
}

/** Other names of generators. */
const SAME = { tiltedPlane: 'plane', caseStudy: 'spiral' } as const;
type Generator = ClassGenerator | SurfaceGenerator;

const NUMBERS = { float32: false };
const word: Check<string> = (value, name) => {
  if (typeof value === 'string' && value !== '') return value;
  throw new OptionError(name, 'a text', value);
};

/**
 * Checks where the rows come from.
 * @param own `options.data`: the rows, if nothing else is said
 * @param encoding the encoding of these rows, if they come from a table
 */
export function rowsOf(value: unknown, own: AnyDataset | undefined, encoding: unknown): Rows {
  if (value === undefined && own === undefined)
    throw new OptionError(
      'data',
      '{ generator, … }, { file, sha256, label }, or a data set here or in options.data',
      value,
    );
  if (isObject(value) && value.generator === 'digits') return { source: loadedDigits(value), train: own };
  if (isObject(value) && 'generator' in value) return agreeing(generated(value), own);
  if (isObject(value) && 'file' in value) return { source: file(value, encoding), train: own };
  return given(value === undefined ? own : dataset(NUMBERS)(value, 'data'));
}

const test: Check<Test | undefined> = optional((value, name) =>
  readOptions<Test>(value, { share, seed: optional(seed, 0) }, name),
);

/** A list of one or more entries, each once. */
function distinct<T>(entry: Check<T>, expected: string): Check<T[]> {
  const entries = list(entry, expected, 2 ** 16);
  return (value, name) => {
    const read = entries(value, name);
    if (read.length > 0 && new Set(read).size === read.length) return read;
    throw new OptionError(name, expected, value);
  };
}

function generated(given: object): Rows {
  const names = [...Object.keys({ ...CLASSES, ...SURFACES, ...SAME }), 'digits'] as Generator[];
  const { generator, features = ['x', 'y'], test: tested, ...options } = given as Record<string, unknown>;
  const called = oneOf(...names)(generator, 'data.generator');
  const name = SAME[called as keyof typeof SAME] ?? called;
  const feature = oneOf(...(Object.keys(FEATURES) as PointFeature[]));
  const columns = distinct(feature, 'features of a point, each once')(features, 'data.features');
  const kept = test(tested, 'data.test');
  const [points, all] = pointsOf(name, options);
  const rows = {
    ...all,
    inputs: columnsOf(all.inputs, columns),
    features: columns.length,
    featureNames: columns,
  };
  const train = kept ? split(rows as Dataset, kept.share, kept.seed).train : rows;
  return { source: { kind: 'points', points, features: columns, test: kept }, train };
}

/** The points of a generator, whose own checks its options pass. */
function pointsOf(
  generator: ClassGenerator | SurfaceGenerator,
  options: { noise?: number; seed?: number },
): [Points, AnyDataset] {
  const { seed = 0 } = options;
  if (generator in SURFACES) {
    const surface = generator as SurfaceGenerator;
    const rows: RegressionDataset = SURFACES[surface](options);
    const { noise = 0.05 } = options;
    return [{ kind: 'surface', generator: surface, count: rows.count, noise, seed }, rows];
  }
  const own = generator as ClassGenerator;
  const rows = CLASSES[own](options);
  const { classes, count } = rows;
  const { noise = DEFAULT_NOISE[own] } = options;
  return [{ kind: 'classes', generator: own, perClass: count / classes, classes, noise, seed }, rows];
}

function columnsOf(points: ArrayLike<number>, features: readonly PointFeature[]): Float64Array {
  const width = features.length;
  return Float64Array.from({ length: (points.length / 2) * width }, (_, i) => {
    const row = Math.floor(i / width);
    return FEATURES[features[i % width]](points[2 * row], points[2 * row + 1]);
  });
}

/** Compares the shape of generated rows with that of `options.data`. */
function agreeing(rows: Rows, own: AnyDataset | undefined): Rows {
  const { train } = rows;
  if (!own || !train || shapeOf(own) === shapeOf(train)) return rows;
  throw new OptionError('data', `the rows of options.data: ${shapeOf(own)}`, train, shapeOf(train));
}

function shapeOf(rows: AnyDataset): string {
  const answers = 'labels' in rows ? `${rows.classes} classes` : `${rows.outputs} targets`;
  return `${rows.count} rows, ${rows.features} features, ${answers}`;
}

const FORMAT: Schema<Format> = {
  delimiter: optional((value, name) => {
    if (typeof value === 'string' && /^[^"\r\n]$/.test(value)) return value;
    throw new OptionError(name, 'one character', value);
  }, ','),
  decimal: optional(oneOf('.', ','), '.'),
  header: optional(flag, true),
  encoding: optional((value, name) => {
    // Names of encodings have no other characters; a script contains them.
    if (typeof value === 'string' && /^[\w.:-]+$/.test(value)) return value.toLowerCase();
    throw new OptionError(name, "the name of an encoding, such as 'utf-8'", value);
  }, 'utf-8'),
};

const scaling: Check<Scaled> = (value = false, name) => {
  if (isObject(value)) {
    const { targets } = readOptions(value, { targets: optional(flag, false) }, name);
    return targets ? 'inputs and targets' : 'inputs';
  }
  return flag(value, name) ? 'inputs' : undefined;
};

function loadedDigits(given: object): Source {
  const schema = { generator: oneOf('digits'), test, scaling: optional(flag, false) };
  const { test: kept, scaling: divided } = readOptions(given, schema, 'data');
  return { kind: 'digits', test: kept, divided };
}

function file(given: object, own: unknown): Source {
  const read = readOptions<Omit<Extract<Source, { kind: 'file' }>, 'kind'>>(
    given,
    {
      file: word,
      sha256: (value, name) => {
        if (typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)) return value.toLowerCase();
        throw new OptionError(name, 'the SHA-256 of the file in 64 hexadecimal digits', value);
      },
      label: (value, name) => (Number.isInteger(value) ? (value as number) : word(value, name)),
      features: optional(distinct(word, 'names of columns, each once')),
      encoding: optional(checkEncoding),
      format: (value = {}, name) => readOptions<Format>(value, FORMAT, name),
      scaling,
      test,
    },
    'data',
    { sha256: ['hash', 'sha'], label: ['target', 'y'], features: ['columns'], scaling: ['standardize'] },
  );
  const { label, features } = read;
  const encoding =
    read.encoding ?? (own !== undefined && !features ? checkEncoding(own, 'encoding') : undefined);
  if (!encoding) return { kind: 'file', ...read };
  if (features)
    throw new OptionError('data.features', 'undefined beside the encoding, which has them', features);
  const { column } = encoding.label;
  if (label === column || typeof label === 'number')
    return { kind: 'file', ...read, label: column, encoding };
  throw new OptionError('data.label', `the label of the encoding, '${column}'`, label);
}

/** Rows that a script contains. The notes' points need not be printed. */
function given(value: unknown): Rows {
  const rows = dataset(NUMBERS)(value, 'data');
  const numbers = rows.inputs.length + ('labels' in rows ? 0 : rows.targets.length);
  if ('labels' in rows && equalRows(rows, spiral())) return generated({ generator: 'spiral' });
  if (Math.max(numbers, rows.count) <= MOST_NUMBERS) return { source: { kind: 'given', rows }, train: rows };
  throw new OptionError(
    'data',
    `at most ${MOST_NUMBERS} numbers, which a script can contain; for more, { generator, … } or { file, sha256, label }`,
    value,
    shapeOf(rows),
  );
}

function equalRows(a: Dataset, b: Dataset): boolean {
  const equal = (one: ArrayLike<number>, other: ArrayLike<number>) =>
    one.length === other.length && Array.from(one).every((x, i) => Object.is(x, other[i]));
  return a.classes === b.classes && equal(a.inputs, b.inputs) && equal(a.labels, b.labels);
}
