import fc from 'fast-check';
import { afterEach, beforeAll, expect } from 'vitest';
import { testDevice } from '../../tests/helpers/devices/gpu.ts';
import { type DeviceCall, type LosableGpu, losableGpu } from '../../tests/helpers/devices/losses.ts';
import { property } from '../../tests/helpers/property.ts';
import { TestRandom } from '../../tests/helpers/random.ts';
import { measurements } from '../../tests/helpers/trainers/training.ts';
import { type Checkpoint, createTrainer, type PlanName, type Trainer } from '../index.ts';

const data = new TestRandom(1).dataset(20, 2, 3);

/** The calls of a trainer. */
type Call = 'train' | 'run' | 'measure' | 'predict' | 'save' | 'restore' | 'gradients' | 'inspect' | 'tune';

interface Story {
  plan: PlanName;
  calls: Call[];
  /**
   * The losses: each is set up before a call, and comes at call number `count` of `deviceCall` on
   * the device.
   */
  losses: { before: number; deviceCall: DeviceCall; count: number }[];
}

const DEVICE_CALLS: DeviceCall[] = ['submit', 'mapAsync', 'createBuffer'];
const CALLS: Call[] = [
  'train',
  'run',
  'measure',
  'predict',
  'save',
  'restore',
  'gradients',
  'inspect',
  'tune',
];

const stories = fc.record<Story>({
  plan: fc.constantFrom('layered', 'fused', 'resident'),
  calls: fc.array(fc.constantFrom(...CALLS), { minLength: 2, maxLength: 8 }),
  losses: fc.array(
    fc.record({
      before: fc.nat(7),
      deviceCall: fc.constantFrom(...DEVICE_CALLS),
      count: fc.integer({ min: 1, max: 6 }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

const trainers: Trainer[] = [];
let undisturbed: GPUDevice;
beforeAll(async () => {
  undisturbed = await testDevice();
});
afterEach(() => {
  for (const trainer of trainers.splice(0)) trainer.destroy();
});

/** Makes the calls of a story. @returns all answers */
async function tell({ plan, calls, losses }: Story, gpu?: LosableGpu): Promise<unknown[]> {
  const trainer = await createTrainer({
    data,
    hidden: [4],
    batchSize: 8,
    learningRate: 0.1,
    optimizer: { name: 'adam' },
    plan,
    backend: 'webgpu',
    recovery: { interval: 0 },
    ...(!gpu && { device: undisturbed }),
  });
  trainers.push(trainer);
  let saved: Checkpoint = await trainer.save();
  const told: unknown[] = [];
  for (const [i, call] of calls.entries()) {
    for (const { before, deviceCall, count } of losses) if (before === i) gpu?.loseAt(deviceCall, count);
    told.push(await answer(trainer, call));
  }
  told.push(trainer.step, await trainer.save());
  return told;

  async function answer(trainer: Trainer, call: Call): Promise<unknown> {
    switch (call) {
      case 'train':
        return trainer.train(13);
      case 'run':
        return measurements(trainer, { steps: 9, every: 2 });
      case 'measure':
        return [await trainer.measure(), await trainer.measure(data)];
      case 'predict':
        return trainer.predict(data.inputs);
      case 'save':
        saved = await trainer.save();
        return saved;
      case 'restore':
        return trainer.restore(saved);
      case 'gradients':
        return trainer.gradients();
      case 'inspect':
        return trainer.inspect();
      case 'tune':
        await trainer.tune();
        return undefined;
    }
  }
}

property<Story>(
  'after any calls and losses of devices, the answers are those of an undisturbed trainer',
  stories,
  [
    {
      plan: 'resident',
      calls: ['train', 'restore', 'inspect', 'run'],
      losses: [
        { before: 2, deviceCall: 'submit', count: 2 },
        { before: 3, deviceCall: 'mapAsync', count: 1 },
      ],
    },
  ],
  async (story: Story) => {
    const gpu = await losableGpu(2);
    expect(await tell(story, gpu)).toEqual(await tell(story));
  },
  // Every device compiles all kernels again.
  0.05,
);
