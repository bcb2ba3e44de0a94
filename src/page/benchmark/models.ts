import type { Model } from '../worker/protocol.ts';

/** What the benchmark calls each model of the case study. */
export const MODELS: Record<Model, { name: string; kind: string; hint: string; what: string }> = {
  linear: {
    name: 'Linear',
    kind: 'classifier',
    hint: 'straight borders',
    what: 'linear softmax classifier',
  },
  network: {
    name: 'Two-layer',
    kind: 'network',
    hint: 'borders that bend, with 100 hidden units',
    what: 'network with a hidden ReLU layer',
  },
};

export const MODEL_NAMES: readonly Model[] = ['linear', 'network'];
