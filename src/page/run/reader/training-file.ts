import { type AnyDataset, type Dataset, OptionError } from '../../../index.ts';
import { importModel, type Model, resume } from '../../../models/index.ts';
import { FileError } from '../../../tables/index.ts';
import type { TrainingFile } from '../../settings/resumption.ts';
import { noteIn, PAGE_NOTE } from '../file-note.ts';
import type { ReadProblem } from './protocol.ts';

/** Reads a run that was taken away as safetensors, with all checks of the library. */
export async function readTraining(file: File): Promise<TrainingFile | ReadProblem> {
  try {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const model = await importModel(bytes);
    // A model alone, as others write it or exported from a model.
    if (noteIn(bytes, 'settings') === undefined) return { kind: 'untrained' };
    const trainer = await resume(bytes, oneRow(model) as Dataset, { backend: 'cpu' });
    try {
      const link = noteIn(bytes, PAGE_NOTE);
      return {
        name: file.name,
        network: trainer.describe(),
        checkpoint: await trainer.save(),
        ...(model.scaling && { scaling: model.scaling.toJSON() }),
        ...(link !== undefined && { link }),
      };
    } finally {
      trainer.destroy();
    }
  } catch (error) {
    if (error instanceof OptionError && error.option === 'learningRate' && error.received === undefined)
      return { kind: 'rate' };
    if (error instanceof FileError || error instanceof OptionError)
      return { kind: 'damaged', detail: error.message };
    throw error;
  }
}

/** A row for the network: its trainer is made to check the file, and trains nothing. */
function oneRow({ sizes, loss }: Model): AnyDataset {
  const [features, width] = [sizes[0], sizes[sizes.length - 1]];
  const row = { inputs: new Float64Array(features), count: 1, features };
  return loss === 'squared-error'
    ? { ...row, targets: new Float64Array(width), outputs: width }
    : { ...row, labels: new Uint32Array(1), classes: width };
}
