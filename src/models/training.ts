import type { Checkpoint, DescribedOptions } from '../types.ts';

/** What training needs to go on, beside the model: the facts of a checkpoint, and the trainer's settings. */
export interface Training {
  checkpoint: Checkpoint;
  settings: DescribedOptions;
}
