import {
  createTrainer,
  type Dataset,
  type Measurement,
  NonFiniteError,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts';
import {
  type Digests,
  digestOf,
  digestOfLayers,
  digestOfMeasurements,
  digestsOfCheckpoint,
} from './digest.ts';

/** What is done with a trainer, and the digests of what it answers. */
export type Story = (options: TrainerOptions) => Promise<Digests>;

/** A story of a trainer that is destroyed after it. */
function story(tell: (trainer: Trainer) => Promise<Digests>): Story {
  return async (options) => {
    const trainer = await createTrainer(options);
    try {
      return await tell(trainer);
    } finally {
      trainer.destroy();
    }
  };
}

/** @param each is called with every measurement as it comes */
async function run(
  trainer: Trainer,
  steps: number,
  every: number,
  each: (measurement: Measurement) => void = () => {},
): Promise<Measurement[]> {
  const all: Measurement[] = [];
  for await (const measurement of trainer.run({ steps, every })) {
    all.push(measurement);
    each(measurement);
  }
  return all;
}

/** Losses of a run, then everything that the next step depends on. */
export const training = (steps: number, every: number): Story =>
  story(async (trainer) => {
    const losses = digestOfMeasurements(await run(trainer, steps, every));
    return { losses, ...digestsOfCheckpoint(await trainer.save()) };
  });

/** The same with the search for faster kernels to its end half way. */
export const tunedTraining = (steps: number, every: number): Story =>
  story(async (trainer) => {
    const half = await run(trainer, steps / 2, every);
    await trainer.tune();
    const rest = await run(trainer, steps / 2, every);
    return { losses: digestOfMeasurements([...half, ...rest]), ...digestsOfCheckpoint(await trainer.save()) };
  });

/** Everything that can be asked of a trainer, about the training data and about other rows. */
export const reading = (steps: number, other: Dataset): Story =>
  story(async (trainer) => {
    await trainer.train(steps);
    const { probabilities, labels } = await trainer.predict(other.inputs);
    return {
      measure: digestOfMeasurements([await trainer.measure()]),
      'measure(data)': digestOfMeasurements([await trainer.measure(other)]),
      probabilities: digestOf([probabilities]),
      labels: digestOf([labels]),
      activations: digestOf(await trainer.activations(other.inputs)),
      gradients: digestOfLayers(await trainer.gradients()),
      ...Object.fromEntries(
        (await trainer.inspect()).map(({ name, values }) => [`inspect ${name}`, digestOf([values])]),
      ),
    };
  });

/** A run, the way back to its half, and the other half again, by the same trainer and by a new one. */
export const restoring =
  (steps: number): Story =>
  async (options) => {
    const [first, second] = [await createTrainer(options), await createTrainer(options)];
    try {
      await first.train(steps / 2);
      const half = await first.save();
      await first.train(steps / 2);
      const whole = digestsOfCheckpoint(await first.save());
      await first.restore(half);
      const losses = digestOfMeasurements(await run(first, steps / 2, 1));
      await second.restore(half);
      await second.train(steps / 2);
      const again = digestsOfCheckpoint(await first.save());
      const anew = digestsOfCheckpoint(await second.save());
      if (JSON.stringify([again, anew]) !== JSON.stringify([whole, whole]))
        throw new Error('A restored trainer went another way.');
      return { losses, half: digestsOfCheckpoint(half).parameters, ...whole };
    } finally {
      for (const trainer of [first, second]) trainer.destroy();
    }
  };

/** Loses the device as the second half of a run begins. The digests are those of the same run without a loss. */
export const losing = (device: GPUDevice, steps: number): Story =>
  story(async (trainer) => {
    const half = await run(trainer, steps / 2, 1);
    const rest = await run(trainer, steps / 2, 1, ({ step }) => {
      if (step === steps / 2) device.destroy();
    });
    const checkpoint = await trainer.save();
    if (trainer.recoveries.length !== 1) throw new Error('The trainer never noticed the loss.');
    return { losses: digestOfMeasurements([...half, ...rest]), ...digestsOfCheckpoint(checkpoint) };
  });

/** Where training diverges, and the last finite parameters. */
export const diverging = (steps: number): Story =>
  story(async (trainer) => {
    try {
      await trainer.train(steps);
    } catch (error) {
      if (!(error instanceof NonFiniteError && error.checkpoint)) throw error;
      const { step, tensor, checkpoint } = error;
      return { diverged: `at step ${step}: ${tensor}`, ...digestsOfCheckpoint(checkpoint) };
    }
    throw new Error('The training did not diverge.');
  });
