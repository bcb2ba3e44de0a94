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

/** A sequence of calls of a trainer, with the digests of its answers. */
export type Story = (options: TrainerOptions) => Promise<Digests>;

/** A story whose trainer is destroyed at its end. */
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

/** @param each is called with every measurement */
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

/** The losses of a run, then everything that the next step depends on. */
export const training = (steps: number, every: number): Story =>
  story(async (trainer) => {
    const losses = digestOfMeasurements(await run(trainer, steps, every));
    return { losses, ...digestsOfCheckpoint(await trainer.save()) };
  });

/** The story with a complete search for faster kernels in the middle. */
export const tunedTraining = (steps: number, every: number): Story =>
  story(async (trainer) => {
    const half = await run(trainer, steps / 2, every);
    await trainer.tune();
    const rest = await run(trainer, steps / 2, every);
    return { losses: digestOfMeasurements([...half, ...rest]), ...digestsOfCheckpoint(await trainer.save()) };
  });

/** All reads of a trainer, over the training data and over other rows. */
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

/**
 * A run, a restore of its middle, and the second half again, by the same trainer and by a new
 * trainer.
 */
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

/**
 * Loses the device at the start of the second half of a run. The digests are those of a run without
 * a loss.
 */
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

/** The step at which training diverges, and the last finite parameters. */
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
