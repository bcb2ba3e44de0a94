import { finiteRows } from '../checks/arrays.ts';
import { counted } from '../checks/schema.ts';
import { ACTIVATION_FUNCTIONS } from '../data/activation-functions.ts';
import { argmax } from '../data/answers.ts';
import type { Scaling } from '../data/scaling.ts';
import { OptionError } from '../errors.ts';
import type { Activation, FloatArray, LayerParameters, Precision } from '../types.ts';
import { checkModel } from './check-model.ts';
import { LAYOUT, type ModelData } from './model-data.ts';

/** What a {@link Model} says of rows; which fields there are depends on its loss. */
export type ModelPrediction =
  | ClassPrediction<{ probabilities: Float64Array; scores?: undefined }>
  | ClassPrediction<{ probabilities?: undefined; scores: Float64Array }>
  | ValuePrediction;

/**
 * The loss `'cross-entropy'` gives `probabilities`, rows × classes, row-major, each row with the sum 1; the
 * loss `'hinge'` the `scores`, rows × classes.
 */
type ClassPrediction<Outputs> = Outputs & {
  /** The class of the largest logit of each row; ties go to the lower class. */
  labels: Uint32Array;
  /** The name of each row's class, if the classes have names. */
  names?: string[];
  values?: undefined;
};

/** The prediction of a regression. */
interface ValuePrediction {
  /** rows × outputs, row-major, in the units of the raw targets. */
  values: Float64Array;
  labels?: undefined;
  names?: undefined;
  probabilities?: undefined;
  scores?: undefined;
}

/**
 * A trained network that predicts from raw rows, on the CPU and at once, without the trainer and its data.
 * `readModel`, `importModel` or the constructor makes one. `JSON.stringify` keeps it as {@link ModelData},
 * which `readModel` reads.
 *
 * `createTrainer({ data, learningRate, hidden: model.sizes.slice(1, -1), activation: model.activations,
 * parameters: model.parameters })` goes on with its weights; `data` then is `model.scaling.applyTo(raw)`
 * where there is a scaling.
 */
export class Model implements ModelData {
  readonly sizes: number[];
  readonly activations: Activation[];
  readonly loss: ModelData['loss'];
  readonly precision: Precision;
  readonly parameters: LayerParameters[];
  readonly featureNames?: string[];
  readonly classNames?: string[];
  readonly outputNames?: string[];
  readonly scaling?: Scaling;

  /** @throws {OptionError} if `data` is no model; the message names the field */
  constructor(data: ModelData) {
    const { sizes, activations, loss, precision, parameters, ...rest } = checkModel(data, 'model');
    this.sizes = sizes;
    this.activations = activations;
    this.loss = loss;
    this.precision = precision;
    this.parameters = parameters;
    Object.assign(this, rest);
  }

  /**
   * Predicts from raw rows: the model scales them itself. All sums are in float64.
   * @param rows an array of rows, each of as many numbers as there are features; or rows × features numbers,
   * row-major
   * @throws {OptionError} if `rows` are no rows of finite numbers, or so large that the outputs are none
   */
  predict(rows: FloatArray | readonly ArrayLike<number>[]): ModelPrediction {
    const { sizes, loss, classNames, scaling } = this;
    const raw = this.#rows(rows);
    const inputs = scaling ? scaling.apply(raw) : raw;
    const [features, width] = [sizes[0], sizes[sizes.length - 1]];
    const count = inputs.length / features;
    const outputs = new Float64Array(count * width);
    const labels = new Uint32Array(count);
    for (let row = 0; row < count; row++) {
      const logits = this.#forward(inputs.subarray(row * features, (row + 1) * features));
      if (!logits.every(Number.isFinite))
        throw new OptionError(`rows[${row}]`, 'smaller numbers, whose outputs are finite', rows);
      labels[row] = argmax(logits, 0, width);
      outputs.set(loss === 'cross-entropy' ? softmax(logits, logits[labels[row]]) : logits, row * width);
    }
    if (loss === 'squared-error') return { values: scaling ? scaling.restore(outputs) : outputs };
    const names = classNames && { names: Array.from(labels, (label) => classNames[label]) };
    const numbers = loss === 'hinge' ? { scores: outputs } : { probabilities: outputs };
    return { labels, ...names, ...numbers };
  }

  /** The model as plain data, in which weights and biases are arrays of numbers. */
  toJSON(): object {
    const parameters = this.parameters.map(({ weights, biases }) => ({
      weights: Array.from(weights),
      biases: Array.from(biases),
    }));
    return { spiralnet: LAYOUT, ...this, parameters };
  }

  /** The logits, or outputs, of one scaled row. */
  #forward(inputs: FloatArray): Float64Array {
    const { parameters, activations } = this;
    let values = Float64Array.from(inputs);
    for (const [layer, { weights, biases }] of parameters.entries()) {
      const width = biases.length;
      const sums = new Float64Array(width);
      for (let i = 0, at = 0; i < values.length; i++) {
        for (let j = 0; j < width; j++, at++) sums[j] += values[i] * weights[at];
      }
      const activate = ACTIVATION_FUNCTIONS[activations[layer] ?? 'identity'];
      values = sums.map((sum, j) => activate(sum + biases[j]));
    }
    return values;
  }

  /** Checks raw rows. @returns them row-major */
  #rows(rows: unknown): FloatArray {
    const features = this.sizes[0];
    if (!Array.isArray(rows)) return finiteRows(features)(rows, 'rows');
    const flat = new Float64Array(rows.length * features);
    const names = this.featureNames ? ` (${this.featureNames.join(', ')})` : '';
    const expected = `a row of ${counted(features, 'number')}${names}`;
    for (let i = 0; i < Math.max(1, rows.length); i++) {
      const row = rows[i];
      if (row?.length !== features) throw new OptionError(`rows[${i}]`, expected, row);
      for (let j = 0; j < features; j++) {
        if (!Number.isFinite(row[j])) throw new OptionError(`rows[${i}][${j}]`, 'a finite number', row[j]);
        flat[i * features + j] = row[j];
      }
    }
    return flat;
  }
}

/** @param most the largest logit, which is subtracted so that nothing overflows */
function softmax(logits: Float64Array, most: number): Float64Array {
  const exponentials = logits.map((logit) => Math.exp(logit - most));
  const sum = exponentials.reduce((sum, exponential) => sum + exponential, 0);
  return exponentials.map((exponential) => exponential / sum);
}
