import { type AnyDataset, type Dataset, type FloatArray, spiral } from '../../index.ts';
import { featureRows, symbolOf } from './features.ts';
import { contains, type Point, plotRange } from './plane.ts';
import { type Edit, isLoaded, isSurface, type Settings } from './settings.ts';
import { PLAIN, type StudyData } from './study-data.ts';

type PointKit = typeof import('./point-kit.ts');

/** Absent until points other than the notes' are wanted. */
let kit: PointKit | undefined;

/** Loads what points need, unless they are the notes'. */
export async function loadPointKit(): Promise<void> {
  kit ??= await import('./point-kit.ts');
}

/** Whether the points of settings need {@link loadPointKit}; without it they are none. */
export const lacksPointKit = ({ shape, testShare }: Pick<Settings, 'shape' | 'testShare'>): boolean =>
  !kit && !isLoaded(shape) && (shape !== 'spiral' || testShare > 0);

/** The values that a person's own points of a surface may have, by the label of their edit. */
export const VALUES = [-1, -0.6, -0.2, 0.2, 0.6, 1] as const;

/** The generated points that settings describe. A training set is absent where there are none. */
export function planeData(settings: Settings): StudyData {
  const { testShare, dataSeed, classes, edits, features } = settings;
  const generated = generatedPoints(settings);
  const points = edited(generated, edits, settings);
  const range = plotRange(generated);
  const data = {
    // It stays the same while points within it are edited.
    range: points.every((point) => contains(range, point)) ? range : plotRange(points),
    inputs: features.map(symbolOf),
    outputs: isSurface(settings.shape) ? 1 : classes,
    colours: PLAIN,
    inputsAt: <Rows extends FloatArray>(points: Rows) => featureRows(points, features),
  };
  if (points.length === 0)
    return { ...data, train: undefined, test: undefined, points: { train: [], test: [] } };
  const tested = testRows(generated, testShare, dataSeed, classes, edits.length);
  keepClasses(points, tested);
  const [train, test] = [false, true].map((wanted) => points.filter(({ row }) => tested.has(row) === wanted));
  return {
    ...data,
    train: datasetOf(train, settings),
    test: datasetOf(test, settings),
    points: { train, test },
  };
}

/**
 * The rows for testing, whichever edits rows have. Of the generated rows each class has the same
 * share of test points; a person's own rows have the same share, evenly spread.
 */
function testRows(
  generated: readonly Point[],
  share: number,
  seed: number,
  classes: number,
  most: number,
): Set<number> {
  const tested = new Set<number>();
  if (generated.length > 0) {
    const rows: Dataset = {
      inputs: Float64Array.from(generated, ({ row }) => row),
      labels: Uint32Array.from(generated, ({ label }) => label),
      count: generated.length,
      features: 1,
      classes,
    };
    for (const row of (share > 0 && kit?.split(rows, share, seed).test?.inputs) || []) tested.add(row);
  }
  for (let i = 0; i < most; i++) {
    if (Math.floor((i + 1) * share) > Math.floor(i * share)) tested.add(generated.length + i);
  }
  return tested;
}

/**
 * Takes the first point of each class that would be without a training point from the rows for
 * testing.
 */
function keepClasses(points: readonly Point[], tested: Set<number>): void {
  const trained = new Set(points.filter(({ row }) => !tested.has(row)).map(({ label }) => label));
  for (const { row, label } of points) {
    if (trained.has(label)) continue;
    tested.delete(row);
    trained.add(label);
  }
}

function datasetOf(points: readonly Point[], { shape, classes, features }: Settings): AnyDataset | undefined {
  if (points.length === 0) return undefined;
  const rows = {
    inputs: featureRows(Float64Array.from(points.flatMap(({ x, y }) => [x, y])), features),
    count: points.length,
    features: features.length,
    featureNames: features.map(symbolOf),
  };
  return isSurface(shape)
    ? { ...rows, targets: Float64Array.from(points, ({ value = 0 }) => value), outputs: 1 }
    : { ...rows, labels: Uint32Array.from(points, ({ label }) => label), classes };
}

function generatedPoints({ shape, classes, perClass, noise, dataSeed: seed }: Settings): Point[] {
  if (shape === 'own' || isLoaded(shape)) return [];
  if (isSurface(shape)) {
    const surface = kit?.HEIGHTS[shape]({ count: perClass, noise, seed });
    if (!surface) return [];
    const { inputs, targets } = surface;
    return Array.from(targets, (value, row) => ({ ...at(inputs, row), label: 0, value }));
  }
  const generate = shape === 'spiral' ? spiral : kit?.GENERATORS[shape];
  if (!generate) return [];
  const { inputs, labels } = generate({ perClass, classes, noise, seed });
  return Array.from(labels, (label, row) => ({ ...at(inputs, row), label }));
}

const at = (inputs: ArrayLike<number>, row: number) => ({ row, x: inputs[2 * row], y: inputs[2 * row + 1] });

/**
 * The generated points in their order, then a person's own. Edits that fit no point change nothing.
 */
function edited(
  generated: readonly Point[],
  edits: readonly Edit[],
  { shape, classes }: Pick<Settings, 'shape' | 'classes'>,
): Point[] {
  const points = new Map(generated.map((point) => [point.row, point]));
  let next = generated.length;
  for (const edit of edits) {
    if (edit.kind === 'add') {
      const { x, y, label } = edit;
      if (isSurface(shape)) points.set(next, { row: next, x, y, label: 0, value: VALUES[label] });
      else if (label < classes) points.set(next, { row: next, x, y, label });
      next++;
    } else if (edit.kind === 'remove') points.delete(edit.row);
    else {
      const point = points.get(edit.row);
      if (point) points.set(edit.row, { ...point, x: edit.x, y: edit.y });
    }
  }
  return [...points.values()];
}
