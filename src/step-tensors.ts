import { LOSS_FORMULAS, UPDATE_FORMULAS } from './step-formulas.ts';
import {
  after,
  gradientNames,
  momentName,
  outputNames,
  outputSymbol,
  type StepSetup,
  subscript,
} from './step-names.ts';
import type { TensorShape } from './types.ts';

/** Every tensor that a step over `batchSize` rows reads or writes, by its name. */
export function stepTensors(setup: StepSetup): Map<string, TensorShape> {
  const { sizes, loss, batchSize: rows, data } = setup;
  const last = sizes.length - 2;
  const width = sizes[last + 1];
  const tensors: TensorShape[] = [
    { name: 'inputs', symbol: 'X', shape: [rows, data.features], kind: 'inputs', role: 'value' },
    'labels' in data
      ? { name: 'labels', symbol: 'y', shape: [rows], kind: 'labels', role: 'value' }
      : { name: 'targets', symbol: 'T', shape: [rows, width], kind: 'targets', role: 'value' },
    ...sizes.slice(1).flatMap((_, layer) => layerTensors(layer, last, setup)),
    ...LOSS_FORMULAS[loss].writes.map(
      (name): TensorShape => ({ name, symbol: 'P', shape: [rows, width], kind: name, role: 'value' }),
    ),
    { name: 'losses', symbol: 'L', shape: [rows], kind: 'losses', role: 'value' },
    ...sizes.slice(1).flatMap((_, layer) => updatedTensors(layer, setup)),
  ];
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/** A layer's outputs and parameters, with their gradients and moments. */
function layerTensors(layer: number, last: number, setup: StepSetup): TensorShape[] {
  const shape = [setup.batchSize, setup.sizes[layer + 1]];
  const outputs = { shape, kind: 'outputs', layer } as const;
  const gradient = { ...outputs, symbol: `d${outputSymbol(layer, last)}`, role: 'gradient' } as const;
  const output = { ...outputs, symbol: outputSymbol(layer, last), role: 'value' } as const;
  return [
    ...replacing(output, outputNames(layer, last, setup)),
    ...replacing(gradient, gradientNames(layer, last, setup)),
    ...(['W', 'b'] as const).flatMap((letter): TensorShape[] => {
      const [parameter, ...moments] = updatable(letter, layer, setup);
      const dParameter = {
        name: `d${letter} ${layer}`,
        symbol: `d${parameter.symbol}`,
        role: 'gradient',
      } as const;
      return [parameter, { ...parameter, ...dParameter }, ...moments];
    }),
  ];
}

/** Tensors of which each replaces the one before it. */
function replacing(tensor: Omit<TensorShape, 'name'>, names: readonly string[]): TensorShape[] {
  return names.map((name, i) => ({ ...tensor, name, ...(i > 0 && { replaces: names[i - 1] }) }));
}

/** A layer's parameters and moments after the update. */
function updatedTensors(layer: number, setup: StepSetup): TensorShape[] {
  return (['W', 'b'] as const).flatMap((letter) =>
    updatable(letter, layer, setup).map((tensor) => ({
      ...tensor,
      name: after(tensor.name),
      replaces: tensor.name,
    })),
  );
}

/** A layer's weights or biases and their moments. */
function updatable(letter: 'W' | 'b', layer: number, { sizes, settings }: StepSetup): TensorShape[] {
  const [fanIn, fanOut] = [sizes[layer], sizes[layer + 1]];
  const parameter: TensorShape = {
    name: `${letter} ${layer}`,
    symbol: `${letter}${subscript(layer)}`,
    shape: letter === 'W' ? [fanIn, fanOut] : [fanOut],
    kind: letter === 'W' ? 'weights' : 'biases',
    role: 'value',
    layer,
  };
  const moments = UPDATE_FORMULAS[settings.now.rule].moments.map(
    (symbol, moment): TensorShape => ({
      ...parameter,
      name: momentName(moment, parameter.name),
      symbol: `${symbol}${parameter.symbol}`,
      role: 'moment',
      moment,
    }),
  );
  return [parameter, ...moments];
}
