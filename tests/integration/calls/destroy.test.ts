import { describe, expect, test } from 'vitest';
import { createTrainer, DestroyedError, type Trainer, type TrainerOptions } from '../../../src/index.ts';
import { countBuffers, onAnswer, testDevice } from '../../helpers/devices/gpu.ts';
import { lowerLimits } from '../../helpers/devices/lowered-limits.ts';
import { TestRandom } from '../../helpers/random.ts';
import { measurements } from '../../helpers/trainers/training.ts';

const random = new TestRandom(3);
const few = random.dataset(40, 3, 4);
/** More rows than the lowered limits allow at a time. */
const many = random.dataset(3000, 12, 3);
const LIMIT = 64 * 1024;

const SETTINGS: [string, Pick<TrainerOptions, 'data'> & Partial<TrainerOptions>][] = [
  ['a narrow network', { data: few, hidden: [8], optimizer: { name: 'adam' } }],
  ['layers', { data: few, hidden: [20, 16], batchSize: 15 }],
  ['double precision', { data: few, hidden: [8], precision: 'double' }],
  ['rows that are sent', { data: many, hidden: [5], batchSize: 200 }],
];

const WORK: [string, (trainer: Trainer, options: Pick<TrainerOptions, 'data'>) => Promise<unknown>[]][] = [
  ['a run', (trainer) => [measurements(trainer, { steps: 30, every: 4 })]],
  ['tuning', (trainer) => [trainer.tune()]],
  ['measurements', (trainer, { data }) => [trainer.measure(), trainer.measure({ ...data }), trainer.save()]],
  ['predictions', (trainer, { data }) => [trainer.predict(data.inputs), trainer.activations(data.inputs)]],
  ['a look at gradients and tensors', (trainer) => [trainer.gradients(), trainer.inspect()]],
  ['a restart', (trainer) => [trainer.save().then((checkpoint) => trainer.restore(checkpoint))]],
];

describe.each(SETTINGS)('%s', (_, options) => {
  test.each(WORK)(
    'destroyed at any answer of the GPU, %s: no buffer is left, and the device reports no error',
    async (_, work) => {
      const device = await testDevice();
      lowerLimits(device, LIMIT);
      const count = countBuffers(device);
      let notice = () => {};
      onAnswer(device, () => notice());
      let answers = 1;
      for (let n = 1; n <= answers; n++) {
        const trainer = await createTrainer({
          learningRate: 0.05,
          tuning: { budget: 20, cache: new Map() },
          ...options,
          device,
        });
        answers = 0;
        notice = () => {
          if (++answers === n) trainer.destroy();
        };
        for (const outcome of await Promise.allSettled(work(trainer, options))) {
          if (outcome.status === 'rejected')
            expect(outcome.reason, `answer ${n}`).toBeInstanceOf(DestroyedError);
        }
        notice = () => {};
        trainer.destroy();
        expect(count.alive, `answer ${n}`).toBe(0);
      }
    },
  );
});
