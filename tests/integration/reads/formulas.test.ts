import { describe, expect, test } from 'vitest';
import { type Activation, createTrainer, type Tensor } from '../../../src/index.ts';
import { testDevice } from '../../helpers/devices/gpu.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';

const ACTIVATIONS: Activation[] = ['relu', 'leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'];
const last = ACTIVATIONS.length;
const subscript = (text: string) => text.replace(/[₀-₉]/g, (digit) => String(digit.charCodeAt(0) - 0x2080));

/** A formula as NumPy would have it. */
const plain = (formula: string) =>
  subscript(formula)
    .replace(/²/g, '**2')
    .replace(/·/g, ' * ')
    .replace(/−/g, '-')
    .replace(/^(\w+) = (.*) where (.*) ≤ 0$/, '$1[$3 <= 0] = $2')
    .replace(/\b(max|min|exp|ln|tanh)\(/g, 'np.$1(');

const np = {
  maximum: Math.max,
  minimum: Math.min,
  max: Math.max,
  min: Math.min,
  exp: Math.exp,
  expm1: Math.expm1,
  ln: Math.log,
  tanh: Math.tanh,
  logaddexp: (a: number, b: number) => Math.log(Math.exp(a) + Math.exp(b)),
};

/** A variable after lines of NumPy for single numbers, which are the same in JavaScript but for masks. */
function carryOut(lines: string, result: string, variables: Record<string, number>): number {
  const body = lines.split('\n').map((line) => line.replace(/^(\w+)\[(.*?)\] /, 'if ($2) $1 '));
  const names = [...Object.keys(variables), 'np'];
  const declared = Array.from(lines.matchAll(/^(\w+)/gm), ([name]) => name).filter(
    (name) => !names.includes(name),
  );
  const text = `${declared.map((name) => `let ${name};`).join(' ')}\n${body.join('\n')}\nreturn ${result};`;
  return new Function(...names, text)(...Object.values(variables), np);
}

describe.each(['cpu', 'webgpu'] as const)(
  'on %s the lines of an activation are what it computes',
  async (backend) => {
    const device = await testDevice();
    const trainer = await createTrainer({
      data: new TestRandom(3).dataset(9, 3, 4),
      hidden: ACTIVATIONS.map((_, layer) => 3 + (layer % 3)),
      activation: ACTIVATIONS,
      learningRate: 0.2,
      precision: 'double',
      backend,
      ...(backend === 'webgpu' && { device }),
    });
    const tensors = new Map((await trainer.inspect()).map((tensor) => [tensor.name, tensor]));
    const { operations } = trainer;
    trainer.destroy();
    const find = (name: string) => tensors.get(name) as Tensor;
    const lineOf = (name: string) => operations.find((operation) => operation.name === name);

    test.each(ACTIVATIONS.map((activation, layer) => [activation, layer] as const))(
      '%s',
      (activation, layer) => {
        const inputs = find(layer === 0 ? 'inputs' : `hidden ${layer - 1}`);
        const [weights, biases, outputs] = [`W ${layer}`, `b ${layer}`, `hidden ${layer}`].map(find);
        const [rows, width] = outputs.shape;
        const sums = new Float64Array(rows * width);
        for (let i = 0; i < sums.length; i++) {
          const [row, unit] = [Math.floor(i / width), i % width];
          sums[i] = biases.values[unit];
          for (let k = 0; k < inputs.shape[1]; k++) {
            sums[i] += inputs.values[row * inputs.shape[1] + k] * weights.values[k * width + unit];
          }
        }
        const forward = lineOf(`hidden ${layer}`);
        const name = activation === 'relu' ? `ReLU mask ${layer}` : `${activation} derivative ${layer}`;
        const backward = lineOf(name);
        const after = find(`dhidden ${layer}`);
        const [h, d] = [`H${layer}`, `dH${layer}`];
        for (const [own, text] of [
          ['numpy', (line?: string) => line ?? ''],
          ['formula', (line?: string) => plain(line ?? '')],
        ] as const) {
          const given = text(forward?.[own]);
          const product = own === 'numpy' ? /np\.dot\(\w+, \w+\) \+ \w+/ : /\w+ \* W\d \+ b\d/;
          expect(given).toMatch(product);
          const computed = Array.from(sums, (sum) =>
            carryOut(given.replace(product, `${sum}`), h, { [h]: 0 }),
          );
          expectClose(computed, outputs.values as Float64Array, 1e-12, `${own} of the output`);
          if (activation === 'identity') continue;
          const before = find(`dhidden ${layer} ${activation === 'relu' ? 'unmasked' : 'before'}`);
          expect(after.replaces).toBe(before.name);
          expect(backward?.kind).toBe(activation === 'relu' ? 'ReLU mask' : 'derivative');
          expect([backward?.reads, backward?.writes]).toEqual([[before.name, outputs.name], [after.name]]);
          const gradients = Array.from(before.values, (value, i) =>
            carryOut(text(backward?.[own]), d, { [d]: value, [h]: outputs.values[i] }),
          );
          expectClose(gradients, after.values as Float64Array, 1e-12, `${own} of the gradient`);
          expect(gradients).not.toEqual(Array.from(before.values));
        }
        if (activation !== 'identity') return;
        expect([backward, after.replaces]).toEqual([undefined, undefined]);
        expect(lineOf(`dhidden ${layer}`)?.writes).toEqual([after.name]);
      },
    );

    test('the last layer has no activation', () => {
      expect(lineOf('scores')?.formula).toBe(`Z = H₆·W₇ + b₇`);
      expect(find(`W ${last}`).shape[1]).toBe(4);
    });
  },
);
