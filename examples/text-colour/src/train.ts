import { createTrainer, type Measurement, split, type Trainer, type TrainerOptions } from 'spiralnet';
import { colours, fromHex } from './colours.ts';

export interface Trained {
  trainer: Trainer;
  /** Share of the colours that it has not been trained on for which it is right. */
  accuracy: number;
}

export interface Answer {
  text: string;
  probability: number;
}

const { train: data, test } = split(colours(800, 1), 0.25);
const network: TrainerOptions = {
  data,
  hidden: [16],
  learningRate: 0.02,
  optimizer: { name: 'adam' },
  batchSize: 100,
};

/** @param where a backend or a device; default: WebGPU if there is an adapter, else the CPU */
export async function trainNetwork(
  where: Pick<TrainerOptions, 'backend' | 'device'>,
  show: (measurement: Measurement) => void,
): Promise<Trained> {
  const trainer = await createTrainer({ ...network, ...where });
  for await (const measurement of trainer.run({ steps: 600, every: 150 })) show(measurement);
  if (!test) throw new Error('No row is left to test on.');
  const { accuracy } = await trainer.measure(test);
  return { trainer, accuracy };
}

/** @param hex a background, such as `#ff8800` */
export async function textColour(trainer: Trainer, hex: string): Promise<Answer> {
  const { labels, probabilities } = await trainer.predict(fromHex(hex));
  const [label] = labels;
  return { text: data.classNames?.[label] ?? String(label), probability: probabilities[label] };
}

/**
 * A trainer that goes on from another trainer's checkpoint, as after a reload. A checkpoint can be
 * kept in IndexedDB or a file.
 */
export async function copyOf(
  trainer: Trainer,
  where: Pick<TrainerOptions, 'backend' | 'device'>,
): Promise<Trainer> {
  const checkpoint = structuredClone(await trainer.save());
  const copy = await createTrainer({ ...network, ...where });
  await copy.restore(checkpoint);
  return copy;
}
