import type { Precision } from '../index.ts';
import type { Choice, Model } from './protocol.ts';

/** What the page calls each model. */
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

/** What the page calls each precision, and what it keeps. */
export const PRECISIONS: Record<Precision, { name: string; hint: string }> = {
  single: { name: 'Single', hint: 'about 7 digits' },
  double: { name: 'Double', hint: 'about 14 digits or more, slower' },
};

export const MODEL_NAMES: readonly Model[] = ['linear', 'network'];
export const PRECISION_NAMES: readonly Precision[] = ['single', 'double'];

/** A choice as a key of what there is one of for each. */
export type RunKey = `${Model} ${Precision}`;

export const runKey = ({ model, precision }: Choice): RunKey => `${model} ${precision}`;

/** Colours and marker shape of each class: points and fills as in the notes' plots. */
export const CLASSES = [
  { point: '#9e0142', fill: '#cd526e', shape: 'circle' },
  { point: '#ffffbe', fill: '#feefb2', shape: 'triangle' },
  { point: '#5e4fa2', fill: '#698dc1', shape: 'square' },
] as const;

export const OUTLINE = '#1d1d24';

export type Shape = (typeof CLASSES)[number]['shape'];
