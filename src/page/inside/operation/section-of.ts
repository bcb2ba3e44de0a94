import type { Operation } from '../../../index.ts';

/**
 * The section of the view Learn that explains a line of the step.
 * @param hidden the number of hidden layers
 */
export function sectionOf({ role, layer }: Pick<Operation, 'role' | 'layer'>, hidden: number): string {
  switch (role) {
    case 'batch':
      return 'data';
    case 'outputs':
      return layer === hidden ? 'linear' : 'hidden';
    case 'loss':
      return 'loss';
    case 'dOutputs':
      return 'backpropagation';
    case 'dWeights':
    case 'dBiases':
      return hidden === 0 ? 'gradient' : 'backpropagation';
    case 'weights':
    case 'biases':
      return 'update';
  }
}
