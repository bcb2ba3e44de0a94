import { firstStride, nodesOf, UNIT_NODES } from './plane.ts';
import type { Settings } from './settings.ts';
import type { StudyData } from './study-data.ts';

/** Multiply-adds a second: of a processor, of a fast graphics card, and in double precision there. */
const PROCESSOR = 1e9;
const CARD = { single: 1e12, double: 3e10 };
/** Seconds that a step takes however small it is. */
const STEP = 2e-5;
/** Passes over the rows in a step: forward, and backward twice. */
export const PASSES = 3;
/**
 * Passes of a look inside over the training points (gradients, outputs, labels), over the test points,
 * and over the nodes of the units' pictures.
 */
export const LOOK_PASSES = { points: PASSES + 2, tested: 1, nodes: 2 };
/**
 * What opening a run does at most: it measures, draws the regions and looks inside, for the first
 * figures, for the first pictures and for the times of both.
 */
const OPENING = { measurements: 4, regions: 3, looks: 2 };
/** The most seconds of work on a processor that a link may begin by itself. */
const ACCEPTED = 60;

/** The work of opening a link, in seconds of machines of two kinds. */
export interface Work {
  /** The steps that are trained at once. */
  steps: number;
  processor: number;
  card: number;
}

type Data = Pick<StudyData, 'train' | 'test' | 'inputs' | 'outputs'>;

/** Inputs, hidden units and outputs of the network. */
export const sizesOf = ({ hidden }: Pick<Settings, 'hidden'>, { inputs, outputs }: Data): number[] => [
  inputs.length,
  ...hidden,
  outputs,
];

/** The weights and biases of a network. */
export function parameterCount(sizes: readonly number[]): number {
  return sizes.slice(1).reduce((sum, size, layer) => sum + (sizes[layer] + 1) * size, 0);
}

/** The weights of a network, each of which a forward pass multiplies once a row. */
export function weightCount(sizes: readonly number[]): number {
  return parameterCount(sizes) - sizes.slice(1).reduce((sum, size) => sum + size);
}

/** Multiply-adds of opening a run, at most: passes over the points and the nodes of the pictures. */
export function openingWork(settings: Settings, data: Data): number {
  const { measurements, regions, looks } = OPENING;
  const { train, test, inputs } = data;
  const weights = weightCount(sizesOf(settings, data));
  const points = measurements + looks * LOOK_PASSES.points;
  const tested = measurements + looks * LOOK_PASSES.tested;
  const nodes =
    regions * nodesOf(firstStride(weights, inputs.length)) ** 2 + looks * LOOK_PASSES.nodes * UNIT_NODES ** 2;
  return weights * (points * (train?.count ?? 0) + tested * (test?.count ?? 0) + nodes);
}

/** The work of opening a run and training it to a step. */
export function workOf(settings: Settings, data: Data, steps: number): Work {
  const { batchSize, precision } = settings;
  const rows = data.train?.count ?? 0;
  const batch = batchSize > 0 ? Math.min(batchSize, rows) : rows;
  const opened = openingWork(settings, data);
  const trained = PASSES * weightCount(sizesOf(settings, data)) * batch * steps;
  const seconds = (speed: number) => (opened + trained) / speed + STEP * steps;
  return { steps, processor: seconds(PROCESSOR), card: seconds(CARD[precision]) };
}

/** Whether a link may begin the work without being asked to. */
export const isAccepted = ({ processor }: Work): boolean => processor <= ACCEPTED;
