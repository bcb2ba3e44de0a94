import { blobs, chequerboard, circles, type Dataset, moons, spiral, split, xor } from '../../index.ts';
import { contains, type PlotRange, type Point, plotRange } from './plane.ts';
import type { Edit, Settings, Shape } from './settings.ts';

const GENERATORS: Record<Exclude<Shape, 'own'>, typeof spiral> = {
  spiral,
  circles,
  moons,
  blobs,
  xor,
  chequerboard,
};

/** Training points and test points. */
export interface PlaneData {
  train: Dataset | undefined;
  test: Dataset | undefined;
  points: { train: Point[]; test: Point[] };
  /** The part of the plane that is drawn. It stays the same while points within it are edited. */
  range: PlotRange;
}

/** The points that settings describe. A training set is absent where there are none. */
export function planeData(settings: Settings): PlaneData {
  const { testShare, dataSeed, classes, edits } = settings;
  const generated = generatedPoints(settings);
  const points = edited(generated, edits, classes);
  const range = plotRange(generated);
  const data = { range: points.every((point) => contains(range, point)) ? range : plotRange(points) };
  if (points.length === 0)
    return { ...data, train: undefined, test: undefined, points: { train: [], test: [] } };
  const tested = testRows(generated, testShare, dataSeed, classes, edits.length);
  keepClasses(points, tested);
  const [train, test] = [false, true].map((wanted) => points.filter(({ row }) => tested.has(row) === wanted));
  return {
    ...data,
    train: datasetOf(train, classes),
    test: datasetOf(test, classes),
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
    for (const row of split(rows, share, seed).test?.inputs ?? []) tested.add(row);
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

function datasetOf(points: readonly Point[], classes: number): Dataset | undefined {
  if (points.length === 0) return undefined;
  return {
    inputs: Float64Array.from(points.flatMap(({ x, y }) => [x, y])),
    labels: Uint32Array.from(points, ({ label }) => label),
    count: points.length,
    features: 2,
    classes,
    featureNames: ['x', 'y'],
  };
}

function generatedPoints({ shape, classes, perClass, noise, dataSeed }: Settings): Point[] {
  if (shape === 'own') return [];
  const { inputs, labels } = GENERATORS[shape]({ perClass, classes, noise, seed: dataSeed });
  return Array.from(labels, (label, row) => ({ row, x: inputs[2 * row], y: inputs[2 * row + 1], label }));
}

/**
 * The generated points in their order, then a person's own. Edits that fit no point change nothing.
 */
function edited(generated: readonly Point[], edits: readonly Edit[], classes: number): Point[] {
  const points = new Map(generated.map((point) => [point.row, point]));
  let next = generated.length;
  for (const edit of edits) {
    if (edit.kind === 'add') {
      const { x, y, label } = edit;
      if (label < classes) points.set(next, { row: next, x, y, label });
      next++;
    } else if (edit.kind === 'remove') points.delete(edit.row);
    else {
      const point = points.get(edit.row);
      if (point) points.set(edit.row, { ...point, x: edit.x, y: edit.y });
    }
  }
  return [...points.values()];
}
