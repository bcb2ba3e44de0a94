import type { TensorShape } from '../../../index.ts';

/** The meaning of a tensor's rows and columns. */
export type Axis = 'samples' | 'units' | 'classes' | 'inputs';

export interface Axes {
  rows: Axis | undefined;
  columns: Axis | undefined;
}

export interface NetworkShape {
  /** Layers with weights. */
  layers: number;
  regression: boolean;
}

export function axesOf(
  { kind, layer, shape }: Pick<TensorShape, 'kind' | 'layer' | 'shape'>,
  { layers, regression }: NetworkShape,
): Axes {
  const outputs: Axis = layer === layers - 1 && !regression ? 'classes' : 'units';
  switch (kind) {
    case 'inputs':
      return { rows: 'samples', columns: 'inputs' };
    case 'targets':
      return { rows: 'samples', columns: 'units' };
    case 'labels':
    case 'losses':
    case 'probabilities':
      return { rows: 'samples', columns: shape.length > 1 ? 'classes' : undefined };
    case 'outputs':
      return { rows: 'samples', columns: outputs };
    case 'weights':
      return { rows: layer === 0 ? 'inputs' : 'units', columns: outputs };
    case 'biases':
      return { rows: undefined, columns: outputs };
  }
}
