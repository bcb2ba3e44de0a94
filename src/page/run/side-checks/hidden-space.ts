import type { FloatArray, LayerParameters } from '../../../index.ts';
import { gridInputs, SPACE_NODES } from '../../settings/plane.ts';
import type { Experiment } from '../experiment/experiment.ts';
import type { HiddenSpace, SpacePlane } from '../protocol.ts';
import { orthonormal, type PrincipalPlane, principalPlane } from './principal-plane.ts';

/** The most points that are drawn, evenly chosen. */
const MOST_POINTS = 2000;

/** Two directions through the outputs of a layer, `2 × width`, and the point at which they cross. */
interface Directions {
  across: Float64Array;
  origin: Float64Array;
  share?: number;
  /** The rows that the components were computed from. */
  from?: number;
}

/**
 * The training points and a grid of the plane, as the last hidden layer sees them; without a hidden layer,
 * as the network gets them. All of it is of one step.
 */
export async function hiddenSpace(
  experiment: Experiment,
  over: SpacePlane,
): Promise<HiddenSpace | undefined> {
  const { trainer, data } = experiment;
  const { train } = data;
  const stride = Math.ceil(data.points.train.length / MOST_POINTS);
  const points = data.points.train.filter((_, i) => i % stride === 0);
  const { features } = train;
  const grid = data.inputsAt(gridInputs(data.range, SPACE_NODES));
  const inputs = new Float64Array(points.length * features + grid.length);
  points.forEach(({ index }, i) => {
    const row = index ?? i * stride;
    inputs.set(train.inputs.subarray(row * features, (row + 1) * features), i * features);
  });
  inputs.set(grid, points.length * features);
  const [step, layers, parameters] = await experiment.alone(async () => {
    const [layers, parameters] = await Promise.all([trainer.activations(inputs), trainer.parameters()]);
    return [trainer.step, layers, parameters] as const;
  });
  const rows = layers[layers.length - 2] ?? inputs;
  const width = rows.length / (points.length + SPACE_NODES ** 2);
  const own = rows.subarray(0, points.length * width);
  const last = parameters[parameters.length - 1];
  const directions = directionsOf(over, own, width, last, points);
  return {
    what: 'hidden',
    step,
    width,
    stride,
    points: placesOf(own, directions),
    grid: placesOf(rows.subarray(own.length), directions),
    ...('labels' in train && { scores: scoresOf(last, directions) }),
    ...(directions.share !== undefined && { share: directions.share, from: directions.from ?? 0 }),
  };
}

function directionsOf(
  over: SpacePlane,
  rows: FloatArray,
  width: number,
  last: LayerParameters,
  points: readonly { x: number; y: number }[],
): Directions {
  if (width < 2) return unitDirections(rows, width, [0, 0]);
  const components = principalPlane(rows, width);
  if (over === 'components') return alongPlane(components, rows, points);
  if (over === 'borders') return alongPlane(bordersPlane(last, components), rows, points);
  return unitDirections(rows, width, over.map((unit) => Math.min(unit, width - 1)) as [number, number]);
}

/**
 * The plane in which the classes' weights differ most. Of three classes it has all differences: nothing else
 * decides between them. Two classes differ in one direction, and the points' own is the other.
 */
function bordersPlane({ weights, biases }: LayerParameters, components: PrincipalPlane): PrincipalPlane {
  const [width, classes] = [components.means.length, biases.length];
  const columns = Float64Array.from(
    { length: classes * width },
    (_, i) => weights[(i % width) * classes + Math.floor(i / width)],
  );
  const { across, share } = principalPlane(columns, width);
  const half = (both: Float64Array, i: number) => both.subarray(i * width, (i + 1) * width);
  const candidates = [
    half(across, 0),
    half(across, 1),
    half(components.across, 0),
    half(components.across, 1),
  ];
  const found = orthonormal(candidates).filter((vector) => vector.some((value) => value !== 0));
  const plane = new Float64Array(2 * width);
  found.slice(0, 2).forEach((vector, direction) => void plane.set(vector, direction * width));
  return { ...components, across: plane, share };
}

/** Two units as they are; a point is drawn at their outputs, and the boundaries are at the mean of all others. */
function unitDirections(rows: FloatArray, width: number, [x, y]: readonly [number, number]): Directions {
  const across = new Float64Array(2 * width);
  across[x] = 1;
  if (y !== x) across[width + y] = 1;
  const origin = meansOf(rows, width);
  origin[x] = 0;
  origin[y] = 0;
  return { across, origin };
}

/**
 * Turns, and mirrors if need be, two directions within their plane, so that the points lie as they do in the
 * plane of the data: the best of all turns (Schönemann 1966). The picture then depends on the network alone,
 * and a component that changes its sign, or its place with the other one, changes nothing.
 */
function alongPlane(
  { across, means: origin, share, from }: PrincipalPlane,
  rows: FloatArray,
  points: readonly { x: number; y: number }[],
): Directions {
  const places = placesOf(rows, { across, origin });
  let [xx, xy, yx, yy] = [0, 0, 0, 0];
  const middle = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point) / points.length, 0);
  const [middleX, middleY] = [middle(({ x }) => x), middle(({ y }) => y)];
  points.forEach(({ x, y }, i) => {
    xx += places[2 * i] * (x - middleX);
    xy += places[2 * i] * (y - middleY);
    yx += places[2 * i + 1] * (x - middleX);
    yy += places[2 * i + 1] * (y - middleY);
  });
  const mirrored = Math.hypot(xx - yy, xy + yx) > Math.hypot(xx + yy, xy - yx);
  const angle = mirrored ? Math.atan2(xy + yx, xx - yy) : Math.atan2(xy - yx, xx + yy);
  const sign = mirrored ? -1 : 1;
  const width = origin.length;
  const turned = new Float64Array(2 * width);
  for (let i = 0; i < width; i++) {
    const [first, second] = [across[i], sign * across[width + i]];
    turned[i] = Math.cos(angle) * first - Math.sin(angle) * second;
    turned[width + i] = Math.sin(angle) * first + Math.cos(angle) * second;
  }
  return { across: turned, origin, share, from };
}

/** Where rows lie along two directions, `count × 2`. */
function placesOf(rows: FloatArray, { across, origin }: Directions): Float32Array {
  const width = origin.length;
  const places = new Float32Array((2 * rows.length) / width);
  for (let i = 0; i < places.length; i++) {
    const [row, direction] = [Math.floor(i / 2), i % 2];
    let sum = 0;
    for (let k = 0; k < width; k++)
      sum += across[direction * width + k] * (rows[row * width + k] - origin[k]);
    places[i] = sum;
  }
  return places;
}

/** Each class's score along both directions and at their origin, `classes × 3`. */
function scoresOf({ weights, biases }: LayerParameters, { across, origin }: Directions): Float32Array {
  const [width, classes] = [origin.length, biases.length];
  const scores = new Float32Array(3 * classes);
  for (let k = 0; k < classes; k++) {
    const sum = (of: (i: number) => number) =>
      origin.reduce((sum, _, i) => sum + weights[i * classes + k] * of(i), 0);
    scores[3 * k] = sum((i) => across[i]);
    scores[3 * k + 1] = sum((i) => across[width + i]);
    scores[3 * k + 2] = biases[k] + sum((i) => origin[i]);
  }
  return scores;
}

function meansOf(rows: FloatArray, width: number): Float64Array {
  const means = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) means[i % width] += (rows[i] * width) / rows.length;
  return means;
}
