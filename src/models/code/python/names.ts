import type { CheckedRun } from '../check.ts';

/** The names that the notes give to the tensors of a network; the second layer has a 2, and so on. */
export interface Names {
  layers: number;
  W(layer: number): string;
  b(layer: number): string;
  hidden(layer: number): string;
  dHidden(layer: number): string;
  /** What the last layer gives, and the labels or targets. */
  output: 'scores' | 'values';
  answers: 'y' | 'T';
  /** The name or the number of each width. */
  sizes: string[];
  /** All weights, and all parameters in their order. */
  weights: string[];
  parameters: string[];
}

const numbered = (name: string) => (layer: number) => (layer === 0 ? name : `${name}${layer + 1}`);

export function namesOf({ sizes, loss }: CheckedRun): Names {
  const layers = sizes.length - 1;
  const [W, b] = [numbered('W'), numbered('b')];
  const all = Array.from({ length: layers }, (_, layer) => layer);
  const regression = loss === 'squared-error';
  return {
    layers,
    W,
    b,
    hidden: numbered('hidden_layer'),
    dHidden: numbered('dhidden'),
    output: regression ? 'values' : 'scores',
    answers: regression ? 'T' : 'y',
    sizes: sizes.map((width, i) => (width === undefined ? (i === 0 ? 'D' : 'K') : String(width))),
    weights: all.map(W),
    parameters: all.flatMap((layer) => [W(layer), b(layer)]),
  };
}

/** The indentation of Python. */
export const STEP = '    ';
