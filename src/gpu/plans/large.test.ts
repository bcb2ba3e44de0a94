import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDevice } from '../../../tests/helpers/devices/gpu.ts';
import { expectClose } from '../../../tests/helpers/oracle/compare.ts';
import { TestRandom } from '../../../tests/helpers/random.ts';
import { expectParameters } from '../../../tests/helpers/trainers/training.ts';
import { createTrainer, type TrainerOptions } from '../../index.ts';
import { queueOf, Speed } from '../device/queue.ts';

let device: GPUDevice;
beforeAll(async () => {
  device = await testDevice();
});
afterAll(() => {
  queueOf(device).speed = new Speed();
});

/** The speed of a device that runs every dispatch in one piece. */
class Endless extends Speed {
  override times(): number {
    return Number.POSITIVE_INFINITY;
  }
}

/** The parameters after a few steps of a trainer, and whether any dispatch ran in pieces. */
async function train(options: TrainerOptions, speed: Speed) {
  const trainer = await createTrainer({ ...options, seed: 2, tuning: false });
  // The creation has learned the speed of the kernels.
  queueOf(device).speed = speed;
  // A write to this offset sets the first workgroup of a piece.
  const { queue } = device;
  const { writeBuffer } = queue;
  let inPieces = false;
  queue.writeBuffer = (...write: Parameters<typeof writeBuffer>) => {
    const [{ label }, offset, words] = write;
    inPieces ||= label.endsWith(' shape') && offset > 0 && (words as Uint32Array)[0] > 0;
    return writeBuffer.apply(queue, write);
  };
  await trainer.train(3);
  const measured = await trainer.measure();
  const predicted = await trainer.predict(options.data.inputs);
  queue.writeBuffer = writeBuffer;
  const parameters = await trainer.parameters();
  trainer.destroy();
  return { found: { measured, predicted, parameters }, inPieces };
}

const wide = { data: new TestRandom(1).dataset(300, 256, 10), hidden: [80] };
const tall = { data: new TestRandom(2).dataset(2000, 5, 3), hidden: [400] };
/** Steps are short here, but the evaluation of all rows takes longer. */
const long = { data: new TestRandom(3).dataset(4096, 2, 3), hidden: [300], batchSize: 100 };

test.each<[string, Partial<TrainerOptions> & Pick<TrainerOptions, 'data'>]>([
  ['layered', { ...wide, plan: 'layered' }],
  ['fused, layer by layer', { ...wide, plan: 'fused', optimizer: { name: 'adam' } }],
  ['fused, narrow', { ...tall, plan: 'fused' }],
  ['resident', { ...long, plan: 'resident' }],
])(
  'a network with long dispatches trains to the oracle’s numbers and the bits without pieces: %s',
  async (_, some) => {
    const options = { learningRate: 0.01, l2: 0.01, ...some };
    const pieces = await train({ ...options, device }, new Speed());
    const whole = await train({ ...options, device }, new Endless());
    expect(pieces.found).toEqual(whole.found);
    expect([pieces.inPieces, whole.inPieces]).toEqual([true, false]);
    const oracle = await train({ ...options, backend: 'cpu', precision: 'double' }, new Speed());
    // A few steps in single precision.
    expectParameters(pieces.found.parameters, oracle.found.parameters, 1e-4);
    expectClose([pieces.found.measured.loss], [oracle.found.measured.loss], 1e-4);
    expectClose(pieces.found.predicted.probabilities, oracle.found.predicted.probabilities, 1e-4);
  },
);
