import { beforeAll, describe, expect, test } from 'vitest';
import { checkGradients, createTrainer } from '../../../../index.ts';
import { type Model, openModel } from '../../model/use-model.ts';
import {
  type Circuit,
  CLASSES,
  circuitOf,
  HIDDEN,
  OPTIONS,
  readingOf,
  START,
  STEPS,
  WIRES,
} from './circuit.ts';

let model: Model;
beforeAll(async () => {
  model = await openModel(OPTIONS);
});

const numbersOf = ({ numbers }: Circuit, name: string) => Array.from(numbers.get(name) ?? []);

/** The chain rule by hand, in loops over single numbers. */
function byHand(circuit: Circuit) {
  const [x, w0, b0, w1, b1] = ['inputs', 'W 0', 'b 0', 'W 1', 'b 1'].map((name) => numbersOf(circuit, name));
  const units = Array.from({ length: HIDDEN }, (_, j) => j);
  const classes = Array.from({ length: CLASSES }, (_, k) => k);
  const sums = units.map((j) => x.reduce((sum, input, i) => sum + input * w0[i * HIDDEN + j], b0[j]));
  const hidden = sums.map((sum) => Math.max(0, sum));
  const scores = classes.map((k) => hidden.reduce((sum, h, j) => sum + h * w1[j * CLASSES + k], b1[k]));
  const powers = scores.map(Math.exp);
  const probabilities = powers.map((power) => power / powers.reduce((a, b) => a + b));
  const dscores = probabilities.map((p, k) => p - (k === circuit.label ? 1 : 0));
  const dhidden = units.map((j) => classes.reduce((sum, k) => sum + dscores[k] * w1[j * CLASSES + k], 0));
  const dsums = dhidden.map((slope, j) => (sums[j] > 0 ? slope : 0));
  return {
    sums,
    'hidden 0': hidden,
    scores,
    probabilities,
    losses: [-Math.log(probabilities[circuit.label])],
    dscores,
    'dW 1': hidden.flatMap((h) => dscores.map((slope) => h * slope)),
    'db 1': dscores,
    'dhidden 0 unmasked': dhidden,
    'dhidden 0': dsums,
    'dW 0': x.flatMap((input) => dsums.map((slope) => input * slope)),
    'db 0': dsums,
  };
}

describe('the circuit', () => {
  test.each([0, START, 99, 180, 299])('of point %i has the numbers of the chain rule', async (row) => {
    const circuit = await circuitOf(model, row);
    expect(numbersOf(circuit, 'inputs')).toEqual(Array.from(OPTIONS.data.inputs.slice(2 * row, 2 * row + 2)));
    for (const [name, expected] of Object.entries(byHand(circuit))) {
      const numbers = numbersOf(circuit, name);
      expect(numbers, name).toHaveLength(expected.length);
      expected.forEach((number, i) => {
        expect(numbers[i], `${name} ${i}`).toBeCloseTo(number, 12);
      });
    }
  });

  test('has the gradients of differences of the loss', async () => {
    const { numbers } = await circuitOf(model, START);
    const trainer = await createTrainer({
      ...OPTIONS,
      l2: 0,
      data: {
        ...OPTIONS.data,
        inputs: OPTIONS.data.inputs.slice(2 * START, 2 * START + 2),
        labels: OPTIONS.data.labels.slice(START, START + 1),
        count: 1,
      },
      parameters: await model.trainer.parameters(),
      backend: 'cpu',
      precision: 'double',
    });
    expect((await checkGradients(trainer)).largestRelativeError).toBeLessThan(1e-6);
    const gradients = await trainer.gradients();
    gradients.forEach(({ weights, biases }, layer) => {
      expect(numbers.get(`dW ${layer}`)).toEqual(weights);
      expect(numbers.get(`db ${layer}`)).toEqual(biases);
    });
  });

  test('is that of the network after its updates, whatever was asked for before', async () => {
    await circuitOf(model, 5);
    expect(model.trainer.step).toBe(STEPS);
  });

  test('starts at a point at which the ReLU cuts one unit off', async () => {
    const circuit = await circuitOf(model, START);
    expect(numbersOf(circuit, 'hidden 0').filter((output) => output === 0)).toHaveLength(1);
    expect(numbersOf(circuit, 'dhidden 0 unmasked').every((slope) => Math.abs(slope) > 0.01)).toBe(true);
  });

  test('fills wire by wire, forward and then backward', async () => {
    const circuit = await circuitOf(model, START);
    const all = Object.values(WIRES).flat();
    expect(all).toHaveLength(28);
    const count = (done: number) => {
      const readings = all.map((wire) => readingOf(circuit, wire, done));
      return [
        readings.filter(({ value }) => value !== undefined).length,
        readings.filter(({ gradient }) => gradient !== undefined).length,
      ];
    };
    const given = 2 + 6 + 9;
    expect(circuit.lines.map((_, i) => count(i))).toEqual([
      [given, 0],
      [given + 4, 0],
      [given + 7, 0],
      [given + 11, 3],
      [given + 11, 9],
      [given + 11, 12],
      [given + 11, 14],
      [given + 11, 16],
      [given + 11, 20],
    ]);
    expect(count(circuit.lines.length)).toEqual([all.length, 22]);
    const [score] = WIRES.scores;
    expect(readingOf(circuit, score, 2)).toMatchObject({ newValue: true, newGradient: false });
    expect(readingOf(circuit, score, 3)).toMatchObject({ newValue: false, newGradient: true });
  });
});
