import { SQUARES, type UpdateRule } from '../../shaders/lib/moments.ts';
import { allFinite } from '../engine.ts';
import type { StepSettings } from '../options/step-settings.ts';
import type { FloatArray } from '../types.ts';
import { inParts, type PausableWork } from './time-slices.ts';

/** The time to update a parameter by Adam, in multiply-adds. */
const MULTIPLY_ADDS = 8;

/**
 * One update of one tensor, in place and in parts: g ← gradient + l2·w + l1·sign(w), then w ← w·(1 −
 * learningRate·weightDecay) less the step of the optimizer's rule. The terms are for weights alone.
 *
 * @param moments the rule's moments, each as long as `parameters`
 * @param step updates applied before this one, from 0
 * @param penalized whether the parameters are weights
 * @returns whether every parameter and moment is still finite
 */
export function* update(
  parameters: FloatArray,
  gradient: FloatArray,
  moments: readonly FloatArray[],
  settings: StepSettings,
  step: number,
  penalized: boolean,
): PausableWork<boolean> {
  const { rule, learningRate } = settings;
  const { l2, l1, weightDecay } = penalized ? settings : NO_TERMS;
  const share = 1 - learningRate * weightDecay;
  const squares = SQUARES[rule];
  let finite = true;
  yield* inParts(parameters.length, MULTIPLY_ADDS, (start, end) => {
    const part = (values: FloatArray) => (end - start < values.length ? values.subarray(start, end) : values);
    const [own, g, kept] = [part(parameters), part(gradient), moments.map(part)];
    const stepOf = RULES[rule](
      { ...(settings.optimizer as Partial<Factors> as Factors), rate: learningRate, step },
      kept,
    );
    for (let i = 0; i < own.length; i++) {
      const w = own[i];
      own[i] = share * w - stepOf(g[i], penaltyGradient(w, l2, l1), i);
    }
    // A velocity that overflows makes its parameter non-finite. Infinite squares leave their
    // parameter finite, but stop it for ever.
    if (!(allFinite(own) && (squares === undefined || allFinite(kept[squares])))) finite = false;
  });
  return finite;
}

/** The derivative of ½·l2·w² + l1·|w|, with 0 as the derivative of |w| at 0. */
export function penaltyGradient(w: number, l2: number, l1: number): number {
  // x + (−0) is x for every x, also −0.
  return l2 * w + (l1 === 0 ? -0 : l1 * Math.sign(w));
}

const NO_TERMS = { l2: 0, l1: 0, weightDecay: 0 };

/** The numbers that a rule takes from its optimizer, with the learning rate and the step. */
interface Factors extends Record<'momentum' | 'beta1' | 'beta2' | 'decay' | 'epsilon', number> {
  rate: number;
  step: number;
}

/**
 * What an update takes off the parameter number i, whose gradient comes in two parts: that of the data
 * and that of the penalties. Changes the moments.
 */
type StepOf = (gradient: number, penalty: number, i: number) => number;

/** The rules of {@link UpdateRule}, whose sources and formulas are there. */
const RULES: Record<UpdateRule, (factors: Factors, moments: readonly FloatArray[]) => StepOf> = {
  sgd:
    ({ rate }) =>
    (gradient, penalty) =>
      rate * (gradient + penalty),

  momentum:
    ({ rate, momentum }, [velocity]) =>
    (gradient, penalty, i) => {
      velocity[i] = momentum * velocity[i] + gradient + penalty;
      return rate * velocity[i];
    },

  nesterov:
    ({ rate, momentum }, [velocity]) =>
    (gradient, penalty, i) => {
      const g = gradient + penalty;
      velocity[i] = momentum * velocity[i] + g;
      return rate * (g + momentum * velocity[i]);
    },

  adam: ({ rate, beta1, beta2, epsilon, step }, [first, second]) => {
    const firstCorrection = 1 - beta1 ** (step + 1);
    const secondCorrection = 1 - beta2 ** (step + 1);
    return (gradient, penalty, i) => {
      const g = gradient + penalty;
      first[i] = beta1 * first[i] + (1 - beta1) * g;
      second[i] = beta2 * second[i] + (1 - beta2) * g * g;
      return (rate * (first[i] / firstCorrection)) / (Math.sqrt(second[i] / secondCorrection) + epsilon);
    };
  },

  rmsprop:
    ({ rate, decay, epsilon }, [squares]) =>
    (gradient, penalty, i) => {
      const g = gradient + penalty;
      squares[i] = decay * squares[i] + (1 - decay) * g * g;
      return (rate * g) / (Math.sqrt(squares[i]) + epsilon);
    },

  adagrad:
    ({ rate, epsilon }, [squares]) =>
    (gradient, penalty, i) => {
      const g = gradient + penalty;
      squares[i] += g * g;
      return (rate * g) / (Math.sqrt(squares[i]) + epsilon);
    },
};
