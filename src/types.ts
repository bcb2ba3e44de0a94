/*
 * The public types, a file each for the data, a trainer's description, the options, the results, the parts of a step and the
 * trainer.
 */
export type * from './types/data.ts';
export type * from './types/description.ts';
export type * from './types/options.ts';
export type * from './types/results.ts';
export type * from './types/step.ts';
export type * from './types/trainer.ts';
