import { isObject } from '../../checks/schema.ts';
import { FileError } from '../../errors.ts';
import type { Model } from '../model.ts';
import type { Training } from '../training.ts';
import { factsIn, factsOf } from './facts.ts';
import { lineOf } from './json.ts';
import { type Layout, layersOf, modelOfTensors, tensorsOf } from './layer-tensors.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

/**
 * A model as a safetensors file. Layer i has `layers.i.weight`, fan out × fan in, and `layers.i.bias`, as
 * `torch.nn.Linear` has them: the weights are the transpose of those in the library. The metadata have every
 * fact of the model as JSON, by name.
 * @param training adds the moments, `moments.k.layers.i.weight` and so on, in the order of
 * {@link Checkpoint}, and to the metadata its step, seed, batch size and settings
 */
export function safetensorsOf(model: Model, training?: Training): Uint8Array<ArrayBuffer> {
  const { checkpoint, settings } = training ?? {};
  const all = [model.parameters, ...(checkpoint?.optimizer.moments ?? [])];
  const tensors = all.flatMap((layers, i) => tensorsOf(layers, model.precision, layoutOf(i - 1)));
  const { step, seed, batchSize, fullBatch, askedBatchSize, optimizer } = checkpoint ?? {};
  const moments = optimizer?.moments.length;
  const facts = { ...factsOf(model), step, seed, batchSize, fullBatch, askedBatchSize, moments, settings };
  const known = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  const metadata = new Map(known.map(([name, fact]) => [name, lineOf(fact)]));
  return writeSafetensors({ tensors: new Map(tensors), metadata });
}

/** Of the parameters, or of a moment from 0 on. */
function layoutOf(moment: number): Layout {
  const prefix = moment < 0 ? 'layers' : `moments.${moment}.layers`;
  return { names: (layer) => [`${prefix}.${layer}.weight`, `${prefix}.${layer}.bias`], transposed: true };
}

/** Reads a model. @throws {FileError} if the file holds none */
export function readTensors(bytes: Uint8Array): Model {
  const file = readSafetensors(bytes);
  return modelOfTensors(factsIn(file.metadata), file.tensors, layoutOf(-1));
}

/** The contents of a file; the checkpoint and the settings are not checked. */
interface SavedTraining {
  model: Model;
  checkpoint: object;
  settings: { [name: string]: unknown };
}

/**
 * Reads a model, and what its training needs to go on.
 * @throws {FileError} if the file lacks any of it
 */
export function readTraining(bytes: Uint8Array): SavedTraining {
  const file = readSafetensors(bytes);
  const facts = factsIn(file.metadata);
  const model = modelOfTensors(facts, file.tensors, layoutOf(-1));
  const { step, seed, batchSize, fullBatch, askedBatchSize, moments, settings } = facts;
  if (!isObject(settings))
    throw new FileError('settings', 'those of a trainer, which exportModel(trainer) writes', settings);
  if (!(moments === 0 || moments === 1 || moments === 2))
    throw new FileError('moments', 'a number from 0 to 2', moments);
  const { sizes, precision, parameters } = model;
  const checkpoint: object = {
    version: 1,
    step,
    seed,
    batchSize,
    fullBatch,
    askedBatchSize,
    parameters,
    optimizer: {
      name: isObject(settings.optimizer) ? settings.optimizer.name : undefined,
      moments: Array.from({ length: moments }, (_, k) =>
        layersOf(file.tensors, sizes, precision, layoutOf(k)),
      ),
    },
  };
  return { model, checkpoint, settings };
}
