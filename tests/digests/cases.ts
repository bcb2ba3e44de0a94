import {
  type Activation,
  blobs,
  caseStudy,
  chequerboard,
  circles,
  type Dataset,
  moons,
  type Optimizer,
  type PlanName,
  RandomState,
  spiral,
  split,
  type TrainerOptions,
  xor,
} from '../../src/index.ts';
import { endingDevice, testDevice } from '../helpers/devices/gpu.ts';
import { lowerLimits } from '../helpers/devices/lowered-limits.ts';
import { type Digests, digestOf, digestOfDataset } from './digest.ts';
import { diverging, losing, reading, restoring, type Story, training, tunedTraining } from './stories.ts';

/** A case whose bits stay the same. All cases of WebGPU share one device. */
export interface Case {
  name: string;
  backend: 'webgpu' | 'cpu';
  digests: (device: GPUDevice | undefined) => Promise<Digests>;
}

/** The backend, plan and precision of a case. */
interface Target {
  name: string;
  backend: 'webgpu' | 'cpu';
  options: Partial<TrainerOptions>;
}

type Named<T> = readonly [name: string, value: T];

const PRECISIONS = ['single', 'double'] as const;
const PLANS: readonly PlanName[] = ['layered', 'fused', 'resident'];
const OPTIMIZERS: Named<Optimizer>[] = [
  ['sgd', { name: 'sgd' }],
  ['momentum', { name: 'sgd', momentum: 0.9 }],
  ['adam', { name: 'adam' }],
];
const RULES: Named<Partial<TrainerOptions>>[] = [
  ['l1', { l1: 0.01 }],
  ['adam, weight decay', { optimizer: { name: 'adam' }, weightDecay: 0.1 }],
  ['nesterov', { optimizer: { name: 'sgd', momentum: 0.9, nesterov: true } }],
  ['rmsprop, l1', { optimizer: { name: 'rmsprop' }, l1: 0.01 }],
  ['adagrad, l1, weight decay', { optimizer: { name: 'adagrad' }, l1: 0.01, weightDecay: 0.1 }],
];
const CLASS_WEIGHTS = [1, 0.5, 3];
const ACTIVATIONS: Activation[] = ['leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'];
/** Mini-batches of 100 rows; the last batch of each epoch has 4. */
const BATCHES: Named<number | undefined>[] = [
  ['all rows', undefined],
  ['batches of 32', 32],
];

const cpu = (precision: 'single' | 'double'): Target => ({
  name: `cpu, ${precision}`,
  backend: 'cpu',
  options: { backend: 'cpu', precision },
});
const webgpu = (plan: PlanName, precision: 'single' | 'double'): Target => ({
  name: `${plan}, ${precision}`,
  backend: 'webgpu',
  options: { backend: 'webgpu', plan, precision },
});

const CPU = PRECISIONS.map(cpu);
const LAYER_BY_LAYER = PRECISIONS.flatMap((precision) => [
  webgpu('layered', precision),
  webgpu('fused', precision),
]);
const EVERY_PLAN = PRECISIONS.flatMap((precision) => PLANS.map((plan) => webgpu(plan, precision)));

function dataset(seed: number, count: number, features: number, classes: number): Dataset {
  const random = new RandomState(seed);
  const inputs = random.randn(count * features);
  const labels = Uint32Array.from(random.randomSample(count), (value) => Math.floor(value * classes));
  return { inputs, labels, count, features, classes };
}

const base = { learningRate: 0.05, l2: 0.01, seed: 3 };
const data = dataset(1, 100, 4, 3);
const other = dataset(2, 37, 4, 3);
const linear: TrainerOptions = { ...base, data, hidden: [] };
const narrow: TrainerOptions = { ...base, data, hidden: [12] };
const deep: TrainerOptions = { ...base, data, hidden: [9, 7, 5] };
const various: TrainerOptions = { ...base, data, hidden: [9, 7, 5, 6, 8, 7], activation: ACTIVATIONS };
/** The smallest network whose first layer has larger kernels for its products. */
const wide: TrainerOptions = { ...base, data: dataset(4, 64, 200, 10), hidden: [130, 70] };
/** Sums of weight gradients longer than one strip, in products with larger kernels. */
const tall: TrainerOptions = { ...base, data: dataset(5, 700, 64, 10), hidden: [48] };
/** Steps that run in pieces. */
const large: TrainerOptions = { ...base, data: dataset(6, 4096, 256, 10), hidden: [256] };
/** Inputs larger than a binding of 64 KiB. */
const streamed: TrainerOptions = { ...base, data: dataset(7, 5000, 12, 3), hidden: [5], batchSize: 333 };
const STREAMED_LIMIT = 64 * 1024;

/** The rows of the networks above, with targets in place of labels. */
const { labels: _, classes: __, ...rows } = data;
const values = { ...rows, targets: new RandomState(8).randn(200), outputs: 2 };
/** Each loss, its data and class weights. */
const LOSSES: Named<Partial<TrainerOptions>>[] = [
  ['hinge', { loss: 'hinge' }],
  ['hinge, class weights, batches of 32', { loss: 'hinge', classWeights: CLASS_WEIGHTS, batchSize: 32 }],
  ['class weights', { classWeights: CLASS_WEIGHTS }],
  ['class weights, batches of 32', { classWeights: CLASS_WEIGHTS, batchSize: 32 }],
  // A story makes the same calls of a regression.
  ['squared error', { data: values } as unknown as Partial<TrainerOptions>],
  ['squared error, batches of 32', { data: values, batchSize: 32 } as unknown as Partial<TrainerOptions>],
];

/** A case on the shared device. */
function on(target: Target, name: string, options: TrainerOptions, story: Story): Case {
  const { backend } = target;
  return {
    name: `${name}: ${target.name}`,
    backend,
    digests: (device) =>
      story({ tuning: false, ...options, ...target.options, ...(backend === 'webgpu' && { device }) }),
  };
}

/** Every optimizer with all rows and with mini-batches. */
function trainings(target: Target, name: string, options: TrainerOptions): Case[] {
  return OPTIMIZERS.flatMap(([optimizerName, optimizer]) =>
    BATCHES.map(([batchName, batchSize]) =>
      on(
        target,
        `${name}, ${optimizerName}, ${batchName}`,
        { ...options, optimizer, batchSize },
        training(40, 1),
      ),
    ),
  );
}

/** The optimizers and terms that leave the texts of the others as they are. */
function furtherRules(target: Target, name: string, options: TrainerOptions): Case[] {
  return RULES.map(([rule, settings]) =>
    on(target, `${name}, ${rule}`, { ...options, ...settings, batchSize: 32 }, training(40, 1)),
  );
}

function furtherLosses(target: Target, name: string, options: TrainerOptions): Case[] {
  return LOSSES.map(([loss, more]) =>
    on(target, `${name}, ${loss}`, { ...options, ...more }, training(20, 1)),
  );
}

/** The calls of a trainer besides its losses, and a restore. */
function answers(target: Target, name: string, options: TrainerOptions): Case[] {
  const adam: TrainerOptions = { ...options, optimizer: { name: 'adam' }, batchSize: 32 };
  return [
    on(target, `${name}, reads`, adam, reading(10, other)),
    on(target, `${name}, restored`, adam, restoring(40)),
  ];
}

function losses(target: Target): Case {
  return {
    name: `device lost: ${target.name}`,
    backend: 'webgpu',
    digests: async () => {
      const device = await endingDevice();
      const options: TrainerOptions = {
        ...narrow,
        ...target.options,
        optimizer: { name: 'adam' },
        batchSize: 32,
        tuning: false,
        device,
        recovery: { interval: 1, requestDevice: () => endingDevice() },
      };
      return losing(device, 40)(options);
    },
  };
}

function streams(target: Target): Case {
  return {
    name: `rows that are sent: ${target.name}`,
    backend: 'webgpu',
    digests: async () => {
      const device = await testDevice();
      lowerLimits(device, STREAMED_LIMIT);
      const batchSize = target.options.plan === 'resident' ? 64 : 333;
      return training(40, 10)({ ...streamed, ...target.options, batchSize, tuning: false, device });
    },
  };
}

function caseStudies(target: Target): Case[] {
  const { linear, network } = caseStudy;
  return [
    on(target, 'case study, linear', linear.options, training(linear.steps, linear.every)),
    on(target, 'case study, network', network.options, training(500, 50)),
    on(target, 'divergence', { ...network.options, learningRate: 1e6 }, diverging(200)),
  ];
}

const momentum = { optimizer: { name: 'sgd', momentum: 0.9 } } as const;
const tuned = { ...momentum, tuning: { cache: new Map<string, string>() }, plan: 'auto' } as const;
const automatic: Target = { name: 'tuned, single', backend: 'webgpu', options: {} };

const dataSets: Case = {
  name: 'data sets',
  backend: 'cpu',
  digests: async () => {
    const parts = split(spiral(), 0.3, 5);
    if (!parts.test) throw new Error('No rows are left for the test.');
    const sets = { spiral: spiral(), blobs: blobs(), chequerboard: chequerboard(), circles: circles() };
    const more = { moons: moons(), xor: xor(), train: parts.train, test: parts.test };
    const digests = Object.entries({ ...sets, ...more }).map(([name, set]) => [name, digestOfDataset(set)]);
    return { ...Object.fromEntries(digests), normals: digestOf([new RandomState(11).randn(1000)]) };
  },
};

export const cases: readonly Case[] = [
  dataSets,
  ...[...CPU, ...EVERY_PLAN].flatMap((target) => [
    ...trainings(target, 'narrow', narrow),
    ...furtherRules(target, 'narrow', narrow),
    ...furtherLosses(target, 'narrow', narrow),
    ...answers(target, 'narrow', narrow),
    on(target, 'narrow, no l2', { ...narrow, l2: 0 }, training(40, 1)),
    on(target, 'linear, adam', { ...linear, optimizer: { name: 'adam' }, batchSize: 32 }, training(40, 1)),
    ...answers(target, 'linear', linear),
    ...caseStudies(target),
  ]),
  ...[...CPU, ...LAYER_BY_LAYER].flatMap((target) => [
    ...trainings(target, 'deep', deep),
    ...furtherRules(target, 'deep', deep),
    ...furtherLosses(target, 'deep', deep),
    ...answers(target, 'deep', deep),
    on(target, 'every activation', { ...various, ...momentum }, training(20, 5)),
    on(target, 'every activation, reads', various, reading(5, other)),
    on(target, 'wide', { ...wide, ...momentum }, training(20, 5)),
    on(target, 'tall', { ...tall, ...momentum }, training(20, 5)),
  ]),
  ...PRECISIONS.flatMap((precision) =>
    ACTIVATIONS.map((activation) =>
      on(webgpu('fused', precision), `narrow, ${activation}`, { ...narrow, activation }, training(20, 5)),
    ),
  ),
  on(webgpu('layered', 'single'), 'large', large, training(3, 1)),
  on(webgpu('fused', 'single'), 'large', large, training(3, 1)),
  ...EVERY_PLAN.flatMap((target) => [losses(target), streams(target)]),
  on(automatic, 'narrow', { ...narrow, ...tuned }, tunedTraining(200, 10)),
  on(automatic, 'wide', { ...wide, ...tuned }, tunedTraining(40, 5)),
];
