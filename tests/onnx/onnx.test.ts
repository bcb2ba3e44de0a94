import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Activation, Precision } from '../../src/index.ts';
import { exportModel, importModel, Model, type ModelData } from '../../src/models/index.ts';
import { ACTIVATIONS } from '../helpers/models.ts';
import { expectClose } from '../helpers/oracle/compare.ts';
import { runPython } from '../helpers/python.ts';
import { TestRandom } from '../helpers/random.ts';
import { ALL, cases } from '../helpers/tier.ts';
import { runOnnx } from './runtime.ts';

/** What a network is made from. */
interface Case {
  activation: Activation;
  loss: ModelData['loss'];
  scaling: 'none' | 'inputs' | 'targets';
  precision: Precision;
  inputs: Precision;
  sizes?: number[];
  /** The standard deviation of the weights, else 1. */
  deviation?: number;
}

const LOSSES: ModelData['loss'][] = ['cross-entropy', 'hinge', 'squared-error'];
const PRECISIONS: Precision[] = ['single', 'double'];
const SCALINGS: Case['scaling'][] = ['targets', 'none', 'inputs'];
const SMALL = { activation: 'relu', loss: 'cross-entropy', scaling: 'inputs' } as const;
const SINGLE = { precision: 'single', inputs: 'single' } as const;

/** Cases in which every pair of values of two settings comes once; in the tier all, every case. */
function casesOf(activation: Activation): Case[] {
  const at = ACTIVATIONS.indexOf(activation);
  const pairs = LOSSES.map((loss, i): Case => {
    const [precision, inputs] = [PRECISIONS[(at + i) % 2], PRECISIONS[(at + Math.min(i, 1)) % 2]];
    return { activation, loss, scaling: SCALINGS[(at + i) % 3], precision, inputs };
  });
  const every = LOSSES.flatMap((loss) =>
    SCALINGS.flatMap((scaling) =>
      PRECISIONS.flatMap((precision) =>
        PRECISIONS.map((inputs): Case => ({ activation, loss, scaling, precision, inputs, deviation: 3 })),
      ),
    ),
  );
  return cases(pairs, every);
}

/** A model with random numbers. Every third column is constant, the others lie far from 0. */
function modelOf({ activation, loss, scaling, precision, sizes = [3, 9, 6, 4], deviation = 1 }: Case): Model {
  const random = new TestRandom(sizes.length);
  const numbers = (count: number) => {
    const normals = random.normals(count).map((value) => value * deviation);
    return precision === 'single' ? Float32Array.from(normals) : normals;
  };
  const columns = (count: number) => ({
    means: Array.from(random.normals(count), (value) => 1000 * value),
    deviations: Array.from(random.normals(count), (value, i) => (i % 3 === 2 ? 0 : Math.exp(value))),
  });
  const targets = scaling === 'targets' && loss === 'squared-error';
  return new Model({
    sizes,
    activations: sizes.slice(2).map(() => activation),
    loss,
    precision,
    parameters: sizes
      .slice(1)
      .map((width, i) => ({ weights: numbers(sizes[i] * width), biases: numbers(width) })),
    ...(scaling !== 'none' && {
      scaling: { ...columns(sizes[0]), ...(targets && { targets: columns(sizes[sizes.length - 1]) }) },
    }),
  });
}

/** Raw rows around the means of the scaling. */
function rawRows({ sizes: [features], scaling }: Model, count: number, inputs: Precision) {
  const rows = new TestRandom(count).normals(count * features).map((value, i) => {
    const column = i % features;
    return scaling ? scaling.means[column] + value * (scaling.deviations[column] || 1) : value;
  });
  return inputs === 'single' ? Float32Array.from(rows) : rows;
}

/** Compares what onnxruntime makes of a file with what the model predicts. */
async function compare(one: Case, batches = [1, 7, 64]): Promise<void> {
  const { inputs } = one;
  const model = modelOf(one);
  const [features, width] = [model.sizes[0], model.sizes[model.sizes.length - 1]];
  const rows = batches.map((count) => rawRows(model, count, inputs));
  const file = await exportModel(model, 'onnx', { inputs });
  const results = await runOnnx(file, rows, features);
  for (const [i, batch] of rows.entries()) {
    const prediction = model.predict(batch);
    const name = prediction.probabilities ? 'probabilities' : prediction.scores ? 'scores' : 'values';
    const expected = prediction[name] as Float64Array;
    const { [name]: numbers, label, ...others } = results[i];
    expect(others).toEqual({});
    expect([numbers.type, numbers.dims]).toEqual([
      inputs === 'single' ? 'float32' : 'float64',
      [batches[i], width],
    ]);
    // Only the rounding of what comes out may differ: half of the last bit in float32.
    const unit = inputs === 'single' ? 2 ** -24 : 2 ** -40;
    const tolerance = (at: number) => unit * Math.max(1, Math.abs(expected[at])) + 2 ** -40;
    expectClose(numbers.data as Float64Array, expected, tolerance, name);
    expect(label?.type).toBe(prediction.labels && 'int64');
    expect(label && Array.from(label.data, Number)).toEqual(
      prediction.labels && Array.from(prediction.labels),
    );
  }
}

test.each(ACTIVATIONS)('onnxruntime gives what the model predicts: %s', async (activation) => {
  for (const one of casesOf(activation)) await compare(one);
});

test('onnxruntime gives what the model predicts: no hidden layer, and a large one', async () => {
  await compare({ ...SMALL, ...SINGLE, sizes: [1, 1] });
  await compare({ ...SMALL, ...SINGLE, sizes: [784, ALL ? 1000 : 100, 10], deviation: 0.1 }, [2]);
});

test.each(ACTIVATIONS)(
  'with arithmetic in single precision, results differ by little more: %s',
  async (activation) => {
    const model = modelOf({ ...SMALL, ...SINGLE, activation });
    const rows = rawRows(model, 64, 'single');
    const [{ probabilities }] = await runOnnx(
      await exportModel(model, 'onnx', { arithmetic: 'single' }),
      [rows],
      3,
    );
    expect(probabilities.type).toBe('float32');
    // Rows around 1,000 with deviations around 1 lose three digits when they are scaled.
    expectClose(probabilities.data as Float32Array, model.predict(rows).probabilities ?? [], 1e-3);
  },
);

test('two time stamps a minute apart stay two numbers, if the inputs are in double precision', async () => {
  const noon = Date.UTC(2026, 0, 1, 12);
  const one: Case = { ...SMALL, ...SINGLE, sizes: [1, 4, 2] };
  const model = new Model({ ...modelOf(one), scaling: { means: [noon], deviations: [60_000] } });
  const rows = Float64Array.of(noon, noon + 60_000);
  const [{ probabilities }] = await runOnnx(
    await exportModel(model, 'onnx', { inputs: 'double' }),
    [rows],
    1,
  );
  const [first, , second] = Array.from(probabilities.data, Number);
  expect(Math.abs(first - second)).toBeGreaterThan(0.01);
  expectClose([first, 1 - first, second, 1 - second], model.predict(rows).probabilities ?? [], 1e-12);
});

test('of equal classes the lower one is the label', async () => {
  const flat = [{ weights: new Float32Array(6), biases: Float32Array.of(1, 2, 2) }];
  const model = { ...modelOf({ ...SMALL, ...SINGLE, sizes: [2, 3] }), parameters: flat };
  const [{ label }] = await runOnnx(await exportModel(model, 'onnx'), [Float32Array.of(1, 2, 3, 4)], 2);
  expect(Array.from(label.data, Number)).toEqual([1, 1]);
});

if (ALL) {
  test("ONNX's own checker takes every kind of file, and what it saves is read", async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spiralnet-onnx-'));
    try {
      const models = ACTIVATIONS.flatMap(casesOf).map(modelOf);
      for (const [i, model] of models.entries())
        await writeFile(join(folder, `${i}.onnx`), await exportModel(model, 'onnx'));
      const script = [
        'import onnx',
        `for i in range(${models.length}):`,
        "    model = onnx.load(f'{i}.onnx')",
        '    onnx.checker.check_model(model, full_check=True)',
        "    model.metadata_props.add(key='author', value='no JSON')",
        "    onnx.save(model, f'{i}.onnx')",
      ];
      await runPython(['onnx'], script.join('\n'), folder);
      for (const [i, model] of models.entries())
        expect(await importModel(await readFile(join(folder, `${i}.onnx`)))).toEqual(model);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
}
