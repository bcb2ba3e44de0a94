import {
  caseStudy,
  cosineDecay,
  exponentialDecay,
  type LayerParameters,
  RandomState,
  spiral,
  stepDecay,
  warmup,
} from '../../../src/index.ts';
import type { CodeRun, PointFeature } from '../../../src/models/index.ts';

/** The runs of the notes: `steps` of the network's 10,000. */
export function notes(study: 'linear' | 'network', steps = caseStudy[study].steps): CodeRun {
  const { options, every } = caseStudy[study];
  return { options, steps, every, data: { generator: 'spiral' } };
}

/** Weights and biases, as a program may give them. */
function drawn(sizes: readonly number[]): LayerParameters[] {
  const random = new RandomState(8);
  return sizes.slice(1).map((width, layer) => ({
    weights: random.randn(sizes[layer] * width).map((normal) => 0.3 * normal),
    biases: random.randn(width).map((normal) => 0.1 * normal),
  }));
}

const EVERY_FEATURE: PointFeature[] = ['x', 'y', 'x2', 'y2', 'xy', 'sinx', 'siny', 'r', 'angle'];
const sgd = { hidden: [12], learningRate: 0.3 };
const adam = { hidden: [12], learningRate: 0.01, optimizer: { name: 'adam' } as const };
const own = spiral({ perClass: 7, seed: 4 });
const table = {
  inputs: Float64Array.from({ length: 60 }, (_, i) => Math.sin(i * i) * 10 ** ((i % 3) - 1)),
  targets: Float64Array.from({ length: 40 }, (_, i) => Math.cos(i)),
  count: 20,
  features: 3,
  outputs: 2,
};

/** Small runs that together have every option, by what they show. */
export const RUNS: Record<string, CodeRun> = {
  'rows of the caller’s own, with weights and biases': {
    options: { ...sgd, parameters: drawn([2, 12, 3]) },
    data: own,
    steps: 200,
    every: 20,
  },
  'Adam, mini-batches and a test set': {
    options: { ...adam, batchSize: 32, seed: 3 },
    data: { generator: 'moons', test: { share: 0.25, seed: 9 } },
    steps: 500,
    every: 50,
    last: true,
  },
  'each activation, and features of the points': {
    options: {
      ...adam,
      hidden: [9, 8, 7, 6, 5, 4, 3],
      activation: ['relu', 'leaky-relu', 'elu', 'tanh', 'sigmoid', 'softplus', 'identity'],
      initialization: 'glorot',
    },
    data: { generator: 'xor', perClass: 30, features: EVERY_FEATURE },
    steps: 300,
    every: 30,
  },
  'a regression with targets of the caller’s own': {
    options: { ...sgd, learningRate: 0.02, activation: 'tanh', initialization: 'lecun' },
    data: table,
    steps: 200,
    every: 25,
  },
  'the hinge loss with class weights, one of them 0, and batches of few rows': {
    options: { ...sgd, learningRate: 0.01, loss: 'hinge', classWeights: [1, 0, 2.5, 0.5], batchSize: 3 },
    data: { generator: 'blobs', classes: 4, perClass: 20 },
    steps: 200,
    every: 20,
  },
  'dropout in two layers, with batches': {
    options: { ...sgd, hidden: [16, 10], dropout: 0.3, batchSize: 50, seed: 4_294_967_295 },
    data: { generator: 'circles', classes: 3, perClass: 40, noise: 0.1, seed: 2 },
    steps: 200,
    every: 20,
  },
  'a momentum and penalties': {
    options: {
      ...sgd,
      learningRate: 0.05,
      l2: 0.001,
      l1: 0.0005,
      weightDecay: 0.01,
      optimizer: { name: 'sgd', momentum: 0.9 },
    },
    data: { generator: 'chequerboard', classes: 3, perClass: 50 },
    steps: 300,
    every: 30,
  },
  'Nesterov and a warmup, then steps': {
    options: {
      ...sgd,
      learningRate: warmup(20, stepDecay(0.05, { every: 100, factor: 0.5 })),
      optimizer: { name: 'sgd', momentum: 0.8, nesterov: true },
    },
    data: { generator: 'spiral', classes: 2, perClass: 60, seed: 1 },
    steps: 300,
    every: 30,
  },
  'RMSProp and a cosine, for a wave': {
    options: {
      ...sgd,
      learningRate: cosineDecay(0.003, { steps: 300, end: 0.0001 }),
      activation: 'elu',
      optimizer: { name: 'rmsprop', decay: 0.95, epsilon: 0.001 },
    },
    data: { generator: 'wave', test: { share: 0.2 } },
    steps: 200,
    every: 20,
  },
  'Adagrad and an exponential, for hills': {
    options: {
      ...sgd,
      learningRate: exponentialDecay(0.1, { every: 100, factor: 0.6 }),
      activation: 'sigmoid',
      optimizer: { name: 'adagrad' },
    },
    data: { generator: 'hills', count: 120, noise: 0 },
    steps: 200,
    every: 20,
  },
  'changes of every setting, and a momentum that comes, goes and comes back': {
    options: { ...sgd, learningRate: 0.1 },
    data: { generator: 'spiral', noise: 0.1 },
    steps: 400,
    every: 25,
    last: true,
    changes: [
      { step: 50, momentum: 0.9, l2: 0.001 },
      { step: 110, momentum: 0, classWeights: [1, 2, 3] },
      { step: 150, momentum: 0.5, learningRate: stepDecay(0.1, { every: 100, factor: 0.7 }) },
      { step: 200, dropout: 0.2, weightDecay: 0.001 },
      { step: 300, dropout: 0, l1: 0.0001, learningRate: 0.02 },
    ],
  },
  'Adam with other factors on the way': {
    options: { ...adam, activation: 'softplus', initialization: 0.5 },
    data: { generator: 'spiral', classes: 2 },
    steps: 200,
    every: 20,
    changes: [{ step: 70, beta1: 0.8, beta2: 0.99 }],
  },
  'a plane that a linear model learns with dropout and a schedule': {
    options: { learningRate: warmup(5, cosineDecay(0.5, { steps: 100 })), dropout: 0.5 },
    data: { generator: 'plane', noise: 0.1, seed: 6 },
    steps: 150,
    every: 10,
    last: true,
  },
  'the notes’ weights on other points': {
    options: { hidden: [5], learningRate: 1, l2: 0.001, parameters: notesWeights([2, 5, 3]) },
    data: { generator: 'spiral', seed: 5, perClass: 50 },
    steps: 100,
    every: 10,
  },
};

/** The page's weights of the notes for other sizes. */
function notesWeights(sizes: readonly number[]): LayerParameters[] {
  const random = new RandomState(0);
  random.randn(300 + 18 + 6);
  return sizes.slice(1).map((width, layer) => ({
    weights: random.randn(sizes[layer] * width).map((normal) => 0.01 * normal),
    biases: new Float64Array(width),
  }));
}

export const LANGUAGES = ['numpy', 'pytorch', 'spiralnet'] as const;
