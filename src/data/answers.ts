import type { AnyDataset, FloatArray } from '../types.ts';
import { gatherRows } from './gather-rows.ts';

/** The answers of rows: a label each, or as many targets each as a regression has outputs. */
export type Answers = Uint32Array | FloatArray;

/** The weights of classes; undefined: all 1. */
export type ClassWeights = readonly number[] | undefined;

/** The labels or the targets of a data set. */
export function answersOf(data: AnyDataset): Answers {
  return 'labels' in data ? data.labels : data.targets;
}

/** The classes or the outputs of a data set: the numbers in a row of logits. */
export function widthOf(data: AnyDataset): number {
  return 'labels' in data ? data.classes : data.outputs;
}

/** The number of classes; undefined for a regression. */
export function classesOf(data: AnyDataset): number | undefined {
  return 'labels' in data ? data.classes : undefined;
}

/** The numbers in the answer of a row. */
export function answerLength(data: AnyDataset): number {
  return 'labels' in data ? 1 : data.outputs;
}

/** Some consecutive rows of a data set, in the same memory. */
export function rowsOf(data: AnyDataset, start: number, count: number): AnyDataset {
  const part = <T extends Answers>(values: T, columns: number) =>
    values.subarray(start * columns, (start + count) * columns) as T;
  const inputs = part(data.inputs, data.features);
  return 'labels' in data
    ? { ...data, inputs, labels: part(data.labels, 1), count }
    : { ...data, inputs, targets: part(data.targets, data.outputs), count };
}

/** Copies the answers of the rows in `order` to an array of answers. */
export function gatherAnswers(order: Uint32Array, data: AnyDataset, into: Answers): void {
  gatherRows(answersOf(data), answerLength(data), order, into);
}

/** Σ w_y over rows: the number of rows, where there are no class weights. */
export function totalWeight(answers: Answers, rows: number, weights: ClassWeights): number {
  if (!weights) return rows;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += weights[answers[row]];
  return sum;
}

/**
 * Σ(t − m)² / rows over all rows and outputs, with the mean m of each output's targets; 0 if all
 * targets of each output are the same.
 */
export function spread(targets: Answers, rows: number, outputs: number): number {
  let sum = 0;
  for (let k = 0; k < outputs; k++) {
    // Differences from the first target are exactly 0 where all targets are the same.
    const first = targets[k];
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += (targets[row * outputs + k] - first) / rows;
    for (let row = 0; row < rows; row++) {
      const difference = targets[row * outputs + k] - first - mean;
      sum += (difference * difference) / rows;
    }
  }
  return sum;
}

/** What a measurement needs to know of the answers of its rows. */
export interface RowFacts {
  rows: number;
  /** The sum of the rows' class weights. */
  weight: number;
  /** {@link spread} of targets; undefined for labels. */
  spread: number | undefined;
}

/** The facts of the rows of a data set. */
export function factsOf(data: AnyDataset, weights: ClassWeights): RowFacts {
  return factsOfAnswers(answersOf(data), data.count, data, weights);
}

/** The facts of some rows of a data set. */
export function factsOfRows(order: Uint32Array, data: AnyDataset, weights: ClassWeights): RowFacts {
  const answers = answersOf(data).slice(0, order.length * answerLength(data));
  gatherAnswers(order, data, answers);
  return factsOfAnswers(answers, order.length, data, weights);
}

function factsOfAnswers(answers: Answers, rows: number, data: AnyDataset, weights: ClassWeights): RowFacts {
  return {
    rows,
    weight: totalWeight(answers, rows, weights),
    spread: 'targets' in data ? spread(answers, rows, data.outputs) : undefined,
  };
}

/** The facts of all rows, computed again only for other class weights. */
export class AllFacts {
  readonly #data: AnyDataset;
  #known: { weights: ClassWeights; facts: RowFacts } | undefined;

  constructor(data: AnyDataset) {
    this.#data = data;
  }

  at(weights: ClassWeights): RowFacts {
    const known = this.#known;
    if (known && known.weights === weights) return known.facts;
    const facts = factsOf(this.#data, weights);
    this.#known = { weights, facts };
    return facts;
  }
}

/** Index of the largest of `count` numbers from `start`; the first of equals. */
export function argmax(values: FloatArray, start: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) {
    if (values[start + k] > values[start + best]) best = k;
  }
  return best;
}
