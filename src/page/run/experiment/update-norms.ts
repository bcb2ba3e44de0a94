import type { Checkpoint, FloatArray, LayerParameters } from '../../../index.ts';
import { rateAt } from '../../settings/schedule.ts';
import type { Settings } from '../../settings/settings.ts';
import { norm } from '../side-checks/statistics.ts';

/**
 * Norm of an update of each layer's weights: with momentum and with Adam of the last one; with every
 * other optimizer of the next one over all points.
 * @param gradients over all points
 */
export function updateNorms(
  { step, parameters, optimizer }: Checkpoint,
  gradients: LayerParameters[],
  settings: Settings,
): number[] {
  return parameters.map((_, layer) => {
    const moments = optimizer.moments.map((moments) => moments[layer].weights);
    return updateNorm(settings, step, gradients[layer].weights, moments);
  });
}

function updateNorm(
  settings: Settings,
  step: number,
  gradient: FloatArray,
  [first, second]: FloatArray[],
): number {
  const { momentum, beta1, beta2, decay, epsilon } = settings;
  const next = rateAt(settings, step);
  const adaptive = (squares: (i: number) => number) =>
    next * norm(gradient.map((g, i) => g / (Math.sqrt(squares(i)) + epsilon)));
  switch (first && settings.optimizer) {
    case 'momentum':
      return step === 0 ? 0 : rateAt(settings, step - 1) * norm(first);
    case 'nesterov':
      return next * norm(gradient.map((g, i) => g + momentum * (momentum * first[i] + g)));
    case 'adagrad':
      return adaptive((i) => first[i] + gradient[i] ** 2);
    case 'rmsprop':
      return adaptive((i) => decay * first[i] + (1 - decay) * gradient[i] ** 2);
    case 'adam': {
      if (step === 0) return 0;
      const [scale1, scale2] = [1 / (1 - beta1 ** step), 1 / (1 - beta2 ** step)];
      const direction = Float64Array.from(
        first,
        (mean, i) => (mean * scale1) / (Math.sqrt(second[i] * scale2) + epsilon),
      );
      return rateAt(settings, step - 1) * norm(direction);
    }
    default:
      return next * norm(gradient);
  }
}
