import { isObject, optional, readOptions, type Schema, unchecked } from '../checks/schema.ts';
import { FileError, OptionError } from '../errors.ts';
import type {
  AnyDataset,
  Dataset,
  NetworkOptions,
  RegressionDataset,
  RegressionTrainer,
  Trainer,
  TrainerOptions,
} from '../types.ts';
import { bytesOf, startOf } from './formats/file-bytes.ts';
import { isSafetensors } from './formats/safetensors.ts';
import { readTraining } from './formats/tensors.ts';
import type { Model } from './model.ts';

/** The options of `resume`, as `createTrainer` has them; all others are in the file. */
export interface ResumeOptions
  extends Pick<NetworkOptions, 'backend' | 'plan' | 'tuning' | 'device' | 'recovery' | 'signal'> {
  /** Replaces that of the file, which has none if it was a function of the caller's own. */
  learningRate?: NetworkOptions['learningRate'];
}

const SCHEMA: Schema<{ [Name in keyof ResumeOptions]: unknown }> = {
  learningRate: optional(unchecked),
  backend: optional(unchecked),
  plan: optional(unchecked),
  tuning: optional(unchecked),
  device: optional(unchecked),
  recovery: optional(unchecked),
  signal: optional(unchecked),
};

/**
 * Goes on with the training of a file of `exportModel(trainer, 'safetensors')`: a trainer with its step,
 * weights, moments and settings. With the same data and backend, all later steps have the bits of the
 * training that was not interrupted.
 * @param data the training data once more, scaled as before: `(await importModel(bytes)).scaling.applyTo(raw)`
 * scales raw rows as the file says
 * @throws {FileError} if the bytes are no such file
 * @throws {OptionError} if `data` or an option cannot be used, or the file has no learning rate
 * @throws as `createTrainer`
 */
export function resume(
  bytes: ArrayBuffer | ArrayBufferView | Blob,
  data: Dataset,
  options?: ResumeOptions,
): Promise<Trainer>;
export function resume(
  bytes: ArrayBuffer | ArrayBufferView | Blob,
  data: RegressionDataset,
  options?: ResumeOptions,
): Promise<RegressionTrainer>;
export async function resume(
  bytes: ArrayBuffer | ArrayBufferView | Blob,
  data: AnyDataset,
  options: ResumeOptions = {},
): Promise<Trainer | RegressionTrainer> {
  const given = readOptions(options, SCHEMA);
  const file = await bytesOf(bytes);
  if (!isSafetensors(file)) {
    const expected = "what exportModel(trainer, 'safetensors') writes";
    throw new FileError('file', expected, file, {}, startOf(file));
  }
  const { model, checkpoint, settings } = readTraining(file);
  const { learningRate, l2, l1, weightDecay, dropout, classWeights, optimizer, batchSize, seed } = settings;
  if (learningRate === undefined && given.learningRate === undefined) {
    const expected = 'the function that gave the learning rate of this training, which a file cannot keep';
    throw new OptionError('learningRate', expected, undefined);
  }
  const { createTrainer } = await import('../trainer/create-trainer.ts');
  const trainer = await createTrainer({
    data: checkedData(data, model),
    hidden: model.sizes.slice(1, -1),
    activation: model.activations,
    loss: model.loss,
    precision: model.precision,
    parameters: model.parameters,
    ...{ learningRate, l2, l1, weightDecay, dropout, classWeights, optimizer, batchSize, seed },
    ...given,
  } as TrainerOptions);
  try {
    await trainer.restore(checkpoint as Parameters<Trainer['restore']>[0]);
  } catch (error) {
    trainer.destroy();
    throw error;
  }
  return trainer;
}

/** The data with the names of the model. @throws {OptionError} if they are of another shape or other names */
function checkedData(data: AnyDataset, { sizes, loss, ...model }: Model): AnyDataset {
  const given: { [field: string]: unknown } = isObject(data) ? data : {};
  const [width, names] =
    loss === 'squared-error' ? (['outputs', 'outputNames'] as const) : (['classes', 'classNames'] as const);
  for (const [field, count] of [
    ['features', sizes[0]],
    [width, sizes[sizes.length - 1]],
  ] as const) {
    if (given[field] !== count)
      throw new OptionError(`data.${field}`, `${count}, as in the file`, given[field]);
  }
  const named: { [field: string]: readonly string[] } = {};
  for (const field of ['featureNames', names] as const) {
    const own = model[field];
    if (!own) continue;
    const other = given[field];
    if (Array.isArray(other) && own.some((name, i) => name !== other[i]))
      throw new OptionError(`data.${field}`, `the names of the file, ${JSON.stringify(own)}`, other);
    named[field] = own;
  }
  return { ...data, ...named };
}
