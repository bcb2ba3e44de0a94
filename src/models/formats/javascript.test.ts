import { expect, test } from 'vitest';
import { ACTIVATIONS, CLASSIFIER, models } from '../../../tests/helpers/models.ts';
import { property } from '../../../tests/helpers/property.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { exportModel, Model, type ModelData } from '../index.ts';

const codeOf = async (model: ModelData) => new TextDecoder().decode(await exportModel(model, 'javascript'));

interface Answer {
  label?: number;
  name?: string;
  names?: string[];
  probabilities?: number[];
  scores?: number[];
  values?: number[];
}

/** The function of a module, called as the docstring of `exportModel` says. */
function functionOf(code: string): (inputs: ArrayLike<number>) => Answer {
  return new Function(code.replace(/export .*\s*$/, 'return predict'))();
}

property(
  'a module has the bits of the model, whatever its names',
  models('moderate'),
  ACTIVATIONS.flatMap((activation) => [
    { ...CLASSIFIER, activations: [activation] },
    {
      ...CLASSIFIER,
      activations: [activation],
      loss: 'hinge',
      classNames: ['export 1', '*/', '</script>\u2028'],
    },
  ]),
  async (data) => {
    const code = await codeOf(data);
    expect(code).not.toMatch(/<\/|<!|\u2028|\u2029/);
    const predict = functionOf(code);
    const model = new Model(data);
    const inputs = Array.from(new TestRandom(1).normals(data.sizes[0]));
    const { labels, names, probabilities, scores, values } = model.predict([inputs]);
    const numbers = (array?: Float64Array) => array && Array.from(array);
    expect(predict(inputs)).toEqual({
      label: labels?.[0],
      name: names?.[0],
      names: model.outputNames,
      probabilities: numbers(probabilities),
      scores: numbers(scores),
      values: numbers(values),
    });
    expect(predict(Float64Array.from(inputs))).toEqual(predict(inputs));
  },
);

test('a module is short, and exports its function by name and by default', async () => {
  const code = await codeOf(CLASSIFIER);
  expect(code).toMatchInlineSnapshot(`
    "// A network trained with spiralnet: 2 → 2 → 3, relu, cross-entropy.
    const features = ["length", "width"];
    const names = ["red", "green", "blue"];
    const means = [5, -0.5];
    const deviations = [2, 0.25];
    const relu = (z) => (z <= 0 ? 0 : z);
    const identity = (z) => z;

    // Weights are fan in × fan out.
    const layers = [
      {
        weights: new Float32Array([
          0.1, -0.25,
          1e-8, 3,
        ]),
        biases: new Float32Array([0.5, -0]),
        activation: relu,
      },
      {
        weights: new Float32Array([
          1, -2, 0.3,
          0.7, 10000000000, -1.5,
        ]),
        biases: new Float32Array([0, 0.125, -1]),
        activation: identity,
      },
    ];

    function predict(inputs) {
      if (inputs.length !== 2 || !Array.from(inputs).every(Number.isFinite))
        throw new TypeError(\`Expected 2 finite numbers: \${features.join(', ')}.\`);
      let values = Array.from(inputs, (x, i) =>
        deviations[i] === 0 ? 0 : (x / 2 - means[i] / 2) / (deviations[i] / 2)
      );
      for (const { weights, biases, activation } of layers) {
        values = Array.from(biases, (bias, j) => {
          let sum = 0;
          for (let i = 0; i < values.length; i++) sum += values[i] * weights[i * biases.length + j];
          return activation(sum + bias);
        });
      }
      if (!values.every(Number.isFinite)) throw new RangeError('Expected smaller numbers, whose outputs are finite.');
      const most = values.reduce((a, b) => Math.max(a, b));
      const label = values.indexOf(most);
      const exponentials = values.map((z) => Math.exp(z - most));
      const sum = exponentials.reduce((a, b) => a + b, 0);
      return { label, name: names[label], probabilities: exponentials.map((e) => e / sum) };
    }

    export { predict, predict as default };
    "
  `);
  const module = await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`);
  expect(module.default).toBe(module.predict);
  expect(module.predict([5, 1])).toMatchObject({ label: expect.any(Number), name: expect.any(String) });
});

test('a module refuses rows that are none', async () => {
  const predict = functionOf(await codeOf(CLASSIFIER));
  for (const wrong of [[1], [1, 2, 3], [1, Number.NaN], ['1', 2]])
    expect(() => predict(wrong as number[])).toThrow(
      new TypeError('Expected 2 finite numbers: length, width.'),
    );
  // The model refuses them too: there is no largest output.
  expect(() => new Model(CLASSIFIER).predict([[1e308, 1e308]])).toThrow(
    'smaller numbers, whose outputs are finite',
  );
  expect(() => predict([1e308, 1e308])).toThrow(
    new RangeError('Expected smaller numbers, whose outputs are finite.'),
  );
});
