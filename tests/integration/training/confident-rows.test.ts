import { describe, expect, test } from 'vitest';
import type { Dataset, LayerParameters, PlanName, TrainerOptions } from '../../../src/index.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';

const trainers = testTrainers();
const PLANS: PlanName[] = ['layered', 'fused', 'resident'];

/** One row of one feature, 1, with label 0. */
const row: Dataset = {
  inputs: Float64Array.of(1),
  labels: Uint32Array.of(0),
  count: 1,
  features: 1,
  classes: 2,
};

/** A network with the logits [z, 0] for the row, without a hidden layer or with one hidden unit. */
const network = (z: number, hidden: boolean): Pick<TrainerOptions, 'hidden' | 'parameters'> => {
  const last = { weights: Float64Array.of(z, 0), biases: new Float64Array(2) };
  const first = { weights: Float64Array.of(1), biases: new Float64Array(1) };
  return { hidden: hidden ? [1] : [], parameters: hidden ? [first, last] : [last] };
};

/** The velocity after the first step with momentum is the gradient. */
const velocity = { learningRate: 1e-3, optimizer: { name: 'sgd', momentum: 0.5 } } as const;

/**
 * Relative rounding errors: in single precision WGSL allows exp an error of 3 + 2|x| ULP, in double
 * precision the exponential has 2⁻⁴⁰, and about 2⁻²⁴ where second words become subnormal.
 */
function toleranceOf(name: string, z: number): number {
  if (name === 'cpu, double') return 1e-15;
  if (name === 'cpu, single') return 2 ** -22;
  if (name === 'webgpu, double' && z < 50) return 2 ** -39;
  return (12 + 2 * z) * 2 ** -23;
}

/** The logit z, q = 1 / (1 + eᶻ) and the loss ln(1 + e⁻ᶻ), computed with 50 digits. */
const ROWS = [
  [0, 0.5, Math.LN2],
  [1e-3, 0.4997500000208333, 0.6926473055599401],
  [2, 0.11920292202211756, 0.1269280110429725],
  [12, 6.144174602214718e-6, 6.144193477732806e-6],
  [18, 1.522997951276035e-8, 1.5229979628736488e-8],
  [40, 4.248354255291589e-18, 4.248354255291589e-18],
  [80, 1.8048513878454153e-35, 1.8048513878454153e-35],
  [-40, 1, 40],
] as const;

describe.each(trainers.backends)('on %s', (name, backend) => {
  const create = (options: Partial<TrainerOptions>) =>
    trainers.create({ data: row, ...velocity, ...backend(), ...options });

  test.each(ROWS)('a row with logits [%d, 0] has its gradient and its loss', async (z, q, loss) => {
    const tolerance = toleranceOf(name, Math.abs(z));
    for (const hidden of [false, true]) {
      const plans = name.startsWith('webgpu') ? PLANS : [undefined];
      for (const plan of plans) {
        const trainer = await create({ ...network(z, hidden), ...(plan && { plan }) });
        const { dataLoss } = await trainer.measure();
        expectClose([dataLoss], [loss], tolerance * loss, `loss of ${plan}`);
        const tensors = await trainer.inspect();
        const valuesOf = (tensor: string) => tensors.find((one) => one.name === tensor)?.values ?? [];
        expectClose(valuesOf('losses'), [loss], tolerance * loss, `losses of ${plan}`);
        expectClose(valuesOf('dscores'), [-q, q], tolerance * q, `dscores of ${plan}`);
        await trainer.train(1);
        const { moments } = (await trainer.save()).optimizer;
        const { weights, biases } = (moments[0] as LayerParameters[])[hidden ? 1 : 0];
        expectClose(weights, [-q, q], tolerance * q, `dW of ${plan}`);
        expectClose(biases, [-q, q], tolerance * q, `db of ${plan}`);
      }
    }
  });

  test('every row of dscores sums to 0 to rounding, however sure the network is', async () => {
    const random = new TestRandom(5);
    const [count, classes] = [40, 5];
    const inputs = new Float64Array(count * classes);
    const labels = random.integers(count, classes);
    const noise = random.floats(count * classes, 1);
    // The label's logit is ahead of the others by 0 to 78.
    noise.forEach((value, i) => {
      const at = Math.floor(i / classes);
      inputs[i] = value + (i % classes === labels[at] ? 2 * at : 0);
    });
    const identity = new Float64Array(classes * classes);
    for (let k = 0; k < classes; k++) identity[k * classes + k] = 1;
    const trainer = await create({
      data: { inputs, labels, count, features: classes, classes },
      hidden: [],
      parameters: [{ weights: identity, biases: new Float64Array(classes) }],
    });
    const tensors = await trainer.inspect();
    const dscores = tensors.find((tensor) => tensor.name === 'dscores')?.values ?? [];
    const losses = tensors.find((tensor) => tensor.name === 'losses')?.values ?? [];
    expect(dscores).toHaveLength(count * classes);
    for (let at = 0; at < count; at++) {
      const own = Array.from(dscores.slice(at * classes, (at + 1) * classes));
      const label = own[labels[at]];
      expect(label, `the label's entry in row ${at}`).toBeLessThan(0);
      const sum = own.reduce((total, value) => total + value, 0);
      const bits = name === 'cpu, double' ? 50 : name === 'webgpu, double' && at < 15 ? 40 : 20;
      expect(Math.abs(sum), `sum of row ${at}`).toBeLessThanOrEqual(-label * 2 ** -bits);
      expect(losses[at], `loss of row ${at}`).toBeGreaterThan(0);
    }
  });
});
