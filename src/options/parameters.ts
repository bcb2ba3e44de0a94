import { floatsOrPlain } from '../checks/arrays.ts';
import type { NumberRange } from '../checks/numbers.ts';
import { type Check, counted, isObject, list, readRecord } from '../checks/schema.ts';
import { OptionError } from '../errors.ts';
import type { FloatArray, LayerParameters } from '../types.ts';

/** A larger number is a mistake: a step has ten dispatches a layer. */
export const MOST_HIDDEN = 1000;

/**
 * Checks the parameters of a network: a finite weight matrix and bias vector for each layer, also
 * after a way through JSON.
 * @param sizes features, hidden…, classes
 * @returns a copy
 */
export function layers(sizes: readonly number[], range: NumberRange): Check<LayerParameters[]> {
  const count = sizes.length - 1;
  const expected = `${count} layers { weights, biases } for sizes ${sizes.join(' → ')}`;
  // The limit is one larger, so that the message gives the number of layers that came.
  const layerList = list((layer) => layer, expected, MOST_HIDDEN + 1);
  return (value, name) => {
    const given = layerList(value, name);
    if (given.length !== count) throw new OptionError(name, expected, value, counted(given.length, 'layer'));
    return given.map((layer, i) => {
      const path = `${name}[${i}]`;
      if (!isObject(layer)) throw new OptionError(path, 'a layer { weights, biases }', layer);
      const [fanIn, fanOut] = [sizes[i], sizes[i + 1]];
      const weights = tensor(fanIn * fanOut, `${fanIn}×${fanOut}`, range);
      return readRecord<LayerParameters>(
        layer,
        { weights, biases: tensor(fanOut, `${fanOut}`, range) },
        path,
        { weights: ['w', 'kernel'], biases: ['b', 'bias'] },
      );
    });
  };
}

function tensor(count: number, shape: string, range: NumberRange): Check<FloatArray> {
  return floatsOrPlain(range, (length) =>
    length === count ? undefined : `${counted(count, 'number')} (${shape})`,
  );
}
