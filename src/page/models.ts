import type { Model } from './protocol.ts';

/** What the page calls each model. */
export const MODELS: Record<Model, { name: string; what: string }> = {
  linear: { name: 'Linear classifier', what: 'linear softmax classifier' },
  network: { name: 'Two-layer network', what: 'network with a hidden ReLU layer' },
};

export const MODEL_NAMES: readonly Model[] = ['linear', 'network'];

/** Colours and marker shape of each class: points and fills as in the notes' plots. */
export const CLASSES = [
  { point: '#9e0142', fill: '#cd526e', shape: 'circle' },
  { point: '#ffffbe', fill: '#feefb2', shape: 'triangle' },
  { point: '#5e4fa2', fill: '#698dc1', shape: 'square' },
] as const;

export const OUTLINE = '#1d1d24';

export type Shape = (typeof CLASSES)[number]['shape'];
