import { type Activation, type ActivationText, relu } from '../../../shaders/lib/activation.ts';
import type { LossText } from '../../../shaders/lib/loss.ts';
import { crossEntropy } from '../../../shaders/softmax.wgsl.ts';
import type { Loss, NetworkShape } from '../../options/setup.ts';

/** What the kernels of a network are written with. */
export interface NetworkTexts {
  /** The activation of each hidden layer. */
  activations: readonly ActivationText[];
  loss: LossText;
}

/** The texts of a network: those of other networks than the notes' load when they are first needed. */
export async function textsOf({ activations, loss }: NetworkShape): Promise<NetworkTexts> {
  return { activations: await Promise.all(activations.map(activationText)), loss: await LOSSES[loss]() };
}

async function activationText(name: Activation): Promise<ActivationText> {
  return name === 'relu' ? relu : (await import('../../../shaders/lib/activations.ts')).ACTIVATIONS[name];
}

const LOSSES: Record<Loss, () => LossText | Promise<LossText>> = {
  'cross-entropy': () => crossEntropy,
  hinge: async () => (await import('../../../shaders/hinge.wgsl.ts')).hinge,
  'squared-error': async () => (await import('../../../shaders/squared-error.wgsl.ts')).squaredError,
};
