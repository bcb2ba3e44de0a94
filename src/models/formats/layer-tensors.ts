import { FileError } from '../../errors.ts';
import type { FloatArray, LayerParameters, Precision } from '../../types.ts';
import type { Model } from '../model.ts';
import { modelFrom } from '../read-model.ts';

/** A tensor of a file, row-major. */
export interface FileTensor {
  shape: number[];
  values: FloatArray;
}

/** How a format keeps the layers of a network. */
export interface Layout {
  /** The names of the weights and of the biases of a layer. */
  names(layer: number): [weights: string, biases: string];
  /** Whether weights are fan out × fan in: the transpose of those in the library. */
  transposed: boolean;
}

/** The tensors of layers, by name. */
export function tensorsOf(
  layers: readonly LayerParameters[],
  precision: Precision,
  { names, transposed }: Layout,
): [name: string, tensor: FileTensor][] {
  const Float = precision === 'single' ? Float32Array : Float64Array;
  return layers.flatMap(({ weights, biases }, i) => {
    const [fanIn, fanOut] = [weights.length / biases.length, biases.length];
    const values = new Float(weights);
    const matrix = transposed
      ? { shape: [fanOut, fanIn], values: transpose(values, fanOut) }
      : { shape: [fanIn, fanOut], values };
    const [weight, bias] = names(i);
    return [
      [weight, matrix],
      [bias, { shape: [fanOut], values: new Float(biases) }],
    ];
  });
}

/**
 * The layers of a network with these sizes.
 * @throws {FileError} if a tensor is missing or another one
 */
export function layersOf(
  tensors: ReadonlyMap<string, FileTensor>,
  sizes: readonly unknown[],
  precision: unknown,
  { names, transposed }: Layout,
): LayerParameters[] {
  const Float = precision === 'single' ? Float32Array : Float64Array;
  const tensor = (name: string, ...shape: unknown[]): FloatArray => {
    const found = tensors.get(name);
    if (found?.shape.join('×') === shape.join('×') && found.values instanceof Float) return found.values;
    throw new FileError(name, `a tensor ${shape.join('×')} of ${precision} precision`, found?.shape);
  };
  return sizes.slice(1).map((fanOut, i) => {
    const [weight, bias] = names(i);
    const fanIn = sizes[i];
    return {
      weights: transposed
        ? transpose(tensor(weight, fanOut, fanIn), Number(fanIn))
        : tensor(weight, fanIn, fanOut),
      biases: tensor(bias, fanOut),
    };
  });
}

/** The model that a file of facts and tensors holds. @throws {FileError} if it holds none */
export function modelOfTensors(
  facts: { [name: string]: unknown },
  tensors: ReadonlyMap<string, FileTensor>,
  layout: Layout,
): Model {
  const { sizes, precision } = facts;
  if (!Array.isArray(sizes))
    throw new FileError('sizes', 'the sizes of the layers, which exportModel() writes', sizes);
  return modelFrom(facts, layersOf(tensors, sizes, precision, layout));
}

/** The transpose of a row-major matrix. */
function transpose(values: FloatArray, columns: number): FloatArray {
  const rows = values.length / columns;
  return values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]);
}

/**
 * The numbers in bytes of a file. WebGPU and every machine that has it store the lowest byte first, as
 * files do.
 */
export function numbersIn(bytes: Uint8Array, precision: Precision): FloatArray {
  const { buffer } = new Uint8Array(bytes);
  return precision === 'single' ? new Float32Array(buffer) : new Float64Array(buffer);
}

/** The bytes of numbers in a file, which {@link numbersIn} reads. */
export const bytesIn = ({ buffer, byteOffset, byteLength }: FloatArray) =>
  new Uint8Array(buffer, byteOffset, byteLength);
