import type { TrainingSetup } from './options/setup.ts';
import type { Activation, AnyDataset } from './types.ts';

/*
 * The names of the lines and tensors of a step, and their symbols.
 */

/** The part of the setup that determines the operations of a step. */
export type StepSetup = Pick<
  TrainingSetup,
  'sizes' | 'activations' | 'loss' | 'batchSize' | 'settings' | 'data'
>;

export const momentName = (moment: number, parameter: string) => `moment ${moment} of ${parameter}`;
export const after = (name: string) => `${name} after`;

export function outputName(layer: number, last: number): string {
  return layer < last ? `hidden ${layer}` : 'scores';
}

/** The gradient on a layer's sums. */
export function gradientName(layer: number, last: number): string {
  return layer < last ? `dhidden ${layer}` : 'dscores';
}

/** A layer's outputs, of which dropout replaces the first. */
export function outputNames(layer: number, last: number, setup: StepSetup): string[] {
  const name = outputName(layer, last);
  return layer < last && drops(setup) ? [undropped(name), name] : [name];
}

/**
 * The gradients on a layer's outputs and sums: first that of the product, which dropout and the
 * derivative of the activation replace.
 */
export function gradientNames(layer: number, last: number, setup: StepSetup): string[] {
  const name = gradientName(layer, last);
  if (layer === last) return [name];
  const activation = setup.activations[layer];
  const before = `${name} ${activation === 'relu' ? 'unmasked' : 'before'}`;
  return [...(drops(setup) ? [undropped(name)] : []), ...(activation === 'identity' ? [] : [before]), name];
}

export const drops = ({ settings }: StepSetup) => settings.now.dropout > 0;
const undropped = (name: string) => `${name} before dropout`;

/** The line that drops hidden outputs, or the gradient on them. */
export function dropoutName(role: 'outputs' | 'dOutputs', layer: number): string {
  return role === 'outputs' ? `dropout ${layer}` : `dropout of dhidden ${layer}`;
}

/** The line of the backward pass of a hidden layer's activation. */
export function derivativeName(activation: Activation, layer: number): string {
  return activation === 'relu' ? `ReLU mask ${layer}` : `${activation} derivative ${layer}`;
}

export function outputSymbol(layer: number, last: number): string {
  return layer < last ? `H${subscript(layer)}` : 'Z';
}

const DIGITS = '₀₁₂₃₄₅₆₇₈₉';

export function subscript(number: number): string {
  return Array.from(String(number), (digit) => DIGITS[Number(digit)]).join('');
}

/** A symbol as a NumPy variable: `H₀` is `H0`. */
export function plain(symbol: string): string {
  return symbol.replace(/[₀-₉]/g, (digit) => String(DIGITS.indexOf(digit)));
}

/** The name and the symbol of the answers that data has. */
export function answers(data: AnyDataset): [name: 'labels' | 'targets', symbol: string] {
  return 'labels' in data ? ['labels', 'y'] : ['targets', 'T'];
}
