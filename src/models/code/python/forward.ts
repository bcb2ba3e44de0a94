import { ACTIVATION_FORMULAS } from '../../../step-formulas.ts';
import type { CheckedRun } from '../check.ts';
import type { Names } from './names.ts';

const mask = (layer: number) => (layer === 0 ? 'mask' : `mask${layer + 1}`);

/** The outputs of a hidden layer as the next layer gets them. */
const passed = ({ hidden }: Names, layer: number, drops: boolean) =>
  drops ? hidden(layer).replace('hidden', 'dropped') : hidden(layer);

/**
 * The forward pass in NumPy.
 * @param x the rows
 * @param rows the indices of the rows in the data set, for a pass with dropout
 */
export function forwardLines({ activations }: CheckedRun, names: Names, x: string, rows?: string): string[] {
  const { layers, W, b, hidden, output } = names;
  const drops = rows !== undefined;
  return Array.from({ length: layers }, (_, layer) => {
    const input = layer === 0 ? x : passed(names, layer - 1, drops);
    const sum = `np.dot(${input}, ${W(layer)}) + ${b(layer)}`;
    if (layer === layers - 1) return [`${output} = ${sum}`];
    const { numpy, twice } = ACTIVATION_FORMULAS[activations[layer]];
    const own = hidden(layer);
    return [
      ...(twice ? [`sums = ${sum}`, `${own} = ${numpy('sums')}`] : [`${own} = ${numpy(sum)}`]),
      ...(drops
        ? [
            `${mask(layer)} = dropout_mask(i, ${layer}, ${rows}, ${names.sizes[layer + 1]})`,
            `${passed(names, layer, true)} = ${own} * ${mask(layer)}`,
          ]
        : []),
    ];
  }).flat();
}

/** The backward pass in NumPy, from the gradient on the last layer's outputs. */
export function backwardLines(
  { activations }: CheckedRun,
  names: Names,
  x: string,
  drops: boolean,
): string[] {
  const { layers, W, b, hidden, dHidden, output } = names;
  return Array.from({ length: layers }, (_, i) => {
    const layer = layers - 1 - i;
    const dy = i === 0 ? `d${output}` : dHidden(layer);
    const input = layer === 0 ? x : passed(names, layer - 1, drops);
    const gradients = [`d${W(layer)} = np.dot(${input}.T, ${dy})`, `d${b(layer)} = np.sum(${dy}, axis=0)`];
    if (layer === 0) return gradients;
    const dx = dHidden(layer - 1);
    const { derivative } = ACTIVATION_FORMULAS[activations[layer - 1]];
    return [
      ...gradients,
      `${dx} = np.dot(${dy}, ${W(layer)}.T)`,
      ...(drops ? [`${dx} *= ${mask(layer - 1)}`] : []),
      ...(derivative ? [derivative.numpy(dx, hidden(layer - 1))] : []),
    ];
  }).flat();
}
