import type { Synonyms } from '../checks/names.ts';

/**
 * The names that other libraries and the notes use for the options of a trainer and of its calls.
 */
export const SYNONYMS: Synonyms = {
  data: ['dataset', 'input', 'inputs', 'train', 'trainingdata', 'x', 'y', 'xs', 'ys'],
  hidden: ['layers', 'units', 'neurons', 'sizes', 'architecture'],
  activation: ['nonlinearity', 'act'],
  loss: ['criterion', 'objective', 'cost'],
  learningRate: ['lr', 'rate', 'eta', 'alpha', 'stepsize'],
  l2: ['reg', 'regularization', 'regularisation', 'lambda', 'penalty', 'l2penalty', 'ridge'],
  l1: ['lasso', 'l1penalty'],
  weightDecay: ['decay', 'wd'],
  dropout: ['dropoutrate', 'droprate'],
  classWeights: ['weight'],
  optimizer: ['optim', 'solver', 'algorithm', 'method'],
  parameters: ['params', 'weights', 'start', 'theta'],
  initialization: ['initializer', 'initialiser', 'init', 'weightinit', 'kernelinitializer'],
  seed: ['randomseed', 'randomstate', 'rng'],
  threads: ['workers', 'numthreads', 'njobs', 'cores', 'concurrency'],
  webAssembly: ['wasm', 'simd'],
  precision: ['dtype', 'double', 'float64'],
  momentum: ['mu'],
  beta1: ['betas'],
  decay: ['rho', 'alpha'],
  epsilon: ['eps'],
  steps: ['epochs', 'epoch', 'iterations', 'iters', 'niter', 'maxiter', 'count', 'n'],
  every: ['interval', 'frequency', 'logevery', 'printevery', 'log'],
  last: ['final', 'end'],
  signal: ['abort', 'abortsignal', 'controller', 'abortcontroller'],
};

/** The places of the options that `createTrainer` takes within another option or not at all. */
export const PLACES = {
  momentum: "the option 'optimizer.momentum'",
  nesterov: "the option 'optimizer.nesterov'",
  beta1: "the option 'optimizer.beta1'",
  beta2: "the option 'optimizer.beta2'",
  decay: "the option 'optimizer.decay'",
  epsilon: "the option 'optimizer.epsilon'",
  labels: "the option 'data.labels'",
  targets: "the option 'data.targets'",
  count: "the option 'data.count'",
  features: "the option 'data.features'",
  classes: "the option 'data.classes'",
  outputs: "the option 'data.outputs'",
  budget: "the option 'tuning.budget'",
  cache: "the option 'tuning.cache'",
  requestDevice: "the option 'recovery.requestDevice'",
  steps: "the option 'steps' of run",
  every: "the option 'every' of run",
  signal: "the option 'signal' of run",
};

/** The places of the options that other libraries give to an optimizer. */
export const PLACES_OF_OPTIMIZERS = {
  learningRate: "the option 'learningRate'",
  weightDecay: "the option 'weightDecay'",
  l2: "the option 'l2'",
  l1: "the option 'l1'",
};
