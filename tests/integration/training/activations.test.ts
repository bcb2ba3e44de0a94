import { describe, expect, test } from 'vitest';
import {
  type Activation,
  NonFiniteError,
  type PlanName,
  type Precision,
  type TrainerOptions,
} from '../../../src/index.ts';
import { expectClose } from '../../helpers/oracle/compare.ts';
import { TestRandom } from '../../helpers/random.ts';
import { ALL, cases } from '../../helpers/tier.ts';
import { testTrainers } from '../../helpers/trainers/trainers.ts';
import { expectParameters, measurements, rejection } from '../../helpers/trainers/training.ts';
import { SMALL } from '../../helpers/trainers/tuning.ts';

const trainers = testTrainers();

const OTHERS: Activation[] = ['leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'];
const EVERY: Activation[] = ['relu', ...OTHERS];
const PRECISIONS: Precision[] = ['single', 'double'];

/** The rounding of thirty steps; see src/gpu/engine.test.ts. */
const TOLERANCES = {
  single: { loss: 2e-5, parameters: 5e-5 },
  double: { loss: 1e-11, parameters: 1e-11 },
};

const DEEP = { hidden: [9, 8, 7, 9, 6, 8, 7], activation: EVERY };
const data = new TestRandom(11).dataset(53, 5, 4);

type Target = Partial<Pick<TrainerOptions, 'backend' | 'plan' | 'precision' | 'tuning'>>;

const gpu = (plan: PlanName, precision: Precision): Target => ({
  backend: 'webgpu',
  plan,
  precision,
  tuning: SMALL,
});

const create = (options: TrainerOptions, target: Target) =>
  trainers.create({ ...options, ...target, ...(target.backend === 'webgpu' && { device: trainers.device }) });

/** Compares thirty steps of a backend, and its answers, with float64 on the CPU. */
async function expectOracle(options: Partial<TrainerOptions>, target: Target): Promise<void> {
  const all = { data, learningRate: 0.05, l2: 0.01, seed: 7, ...options };
  const oracle = await create(all, { backend: 'cpu', precision: 'double' });
  const trainer = await create(all, target);
  const tolerance = TOLERANCES[target.precision ?? 'single'];
  const run = { steps: 30, every: 3 };
  const [expected, actual] = [await measurements(oracle, run), await measurements(trainer, run)];
  const losses = (rows: typeof actual) => rows.map(({ loss }) => loss);
  expectClose(losses(actual), losses(expected), tolerance.loss, 'loss');
  expectParameters(await trainer.parameters(), await oracle.parameters(), tolerance.parameters);
  const inputs = new TestRandom(12).floats(all.data.features * 31);
  const [outputs, references] = [await trainer.activations(inputs), await oracle.activations(inputs)];
  outputs.forEach((values, layer) => {
    const largest = Math.max(1, ...Array.from(references[layer], Math.abs));
    expectClose(values, references[layer], largest * tolerance.parameters, `outputs ${layer}`);
  });
  const [prediction, reference] = [await trainer.predict(inputs), await oracle.predict(inputs)];
  expectClose(prediction.probabilities, reference.probabilities, tolerance.parameters, 'probabilities');
}

describe.each(PRECISIONS)('in %s precision follows the oracle', (precision) => {
  // In double precision, which takes far longer to compile, two layers by default.
  const deep =
    ALL || precision === 'single'
      ? DEEP
      : { hidden: [4, 3], activation: ['tanh', 'leaky-relu'] as Activation[] };
  test.each<PlanName>(ALL || precision === 'single' ? ['layered', 'fused'] : ['fused'])(
    'different activations, layer after layer, in the plan %s',
    (plan) => expectOracle(deep, gpu(plan, precision)),
  );

  test('every activation, layer after layer, on the CPU', () =>
    expectOracle({ ...DEEP, batchSize: 20 }, { backend: 'cpu', precision }));

  const shapes: Partial<TrainerOptions>[] = [
    { hidden: [9] },
    { hidden: [37], batchSize: 8, optimizer: { name: 'adam' }, learningRate: 0.01 },
    { hidden: [1] },
  ];
  const tried = OTHERS.filter((activation) => ALL || precision === 'single' || activation === 'softplus');
  const narrow = tried.flatMap((activation, i) => {
    const plans = cases<PlanName>([i % 2 === 0 ? 'fused' : 'resident'], [i % 2 === 0 ? 'resident' : 'fused']);
    const own = ALL ? shapes : [shapes[i % shapes.length]];
    return plans.flatMap((plan) => own.map((shape) => ({ activation, plan, shape })));
  });
  test.each(narrow)('$activation in a narrow network, in the plan $plan', ({ activation, plan, shape }) =>
    expectOracle({ ...shape, activation }, gpu(plan, precision)),
  );

  test.runIf(ALL).each(OTHERS)('%s in a wide network, layer by layer', async (activation) => {
    const wide = { data: new TestRandom(5).dataset(260, 66, 3), hidden: [68, 64], activation };
    for (const plan of ['layered', 'fused'] as const) await expectOracle(wide, gpu(plan, precision));
  });
});

/** Every way of a GPU to compute a step, and the CPU's, each with hidden layers that it takes. */
const WAYS: { name: string; plan?: PlanName; hidden: number[] }[] = [
  { name: 'the plan layered', plan: 'layered', hidden: [4, 3] },
  { name: 'the plan fused', plan: 'fused', hidden: [4, 3] },
  { name: 'the plan fused for a narrow network', plan: 'fused', hidden: [4] },
  { name: 'the plan resident', plan: 'resident', hidden: [4] },
  { name: 'the CPU', hidden: [4, 3] },
];
const everyWay = WAYS.flatMap((way) =>
  cases<Precision>(['single'], ['double']).map((precision) => ({ ...way, precision })),
);

describe.each(everyWay)('by $name in $precision precision', ({ plan, hidden, precision }) => {
  const target: Target = plan ? gpu(plan, precision) : { backend: 'cpu', precision };
  const parametersOf = (first: number) => {
    const layers = new TestRandom(4).parameters([5, ...hidden, 4]);
    layers[0].weights.fill(first);
    for (const { biases } of layers) biases.fill(0);
    return layers;
  };

  test('a unit whose sum is 0 has the derivative of the definition', async () => {
    const gradientsOf = async (activation: Activation) => {
      const options = { data, hidden, activation, learningRate: 0.1, parameters: parametersOf(0) };
      return (await create(options, target)).gradients();
    };
    // All outputs are 0, so that the slopes alone differ.
    const whole = await gradientsOf('identity');
    for (const [activation, slope] of [
      ['relu', 0],
      ['leaky-relu', 0.01],
      ['elu', 1],
      ['tanh', 1],
    ] as const) {
      const gradients = await gradientsOf(activation);
      hidden.forEach((_, layer) => {
        const factor = slope ** (hidden.length - layer);
        const expected = whole[layer].biases.map((value) => factor * value);
        const largest = Math.max(...Array.from(whole[layer].biases, Math.abs));
        expect(largest).toBeGreaterThan(1e-3);
        expectClose(
          gradients[layer].biases,
          expected,
          1e-6 * factor * largest,
          `${activation}, biases ${layer}`,
        );
      });
    }
  });

  test.each(['tanh', 'sigmoid'] as const)(
    '%s of huge and tiny sums follows the oracle',
    async (activation) => {
      for (const scale of [1e6, 1e-9]) {
        const inputs = data.inputs.map((x) => scale * x);
        await expectOracle({ data: { ...data, inputs }, hidden, activation }, target);
      }
    },
  );

  test.runIf(plan)('a sum that overflows is an error, and not a saturated output', async () => {
    const inputs = data.inputs.map((x) => 1e25 * Math.abs(x));
    for (const activation of ['tanh', 'sigmoid'] as const) {
      const options = { data: { ...data, inputs }, hidden, activation, learningRate: 0.1 };
      const trainer = await create({ ...options, parameters: parametersOf(-1e25) }, target);
      for (const work of [() => trainer.measure(), () => trainer.predict(inputs), () => trainer.train(1)]) {
        expect(await rejection(work())).toBeInstanceOf(NonFiniteError);
      }
    }
  });
});
