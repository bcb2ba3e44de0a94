import { isObject } from '../checks/schema.ts';
import { FileError, OptionError } from '../errors.ts';
import { Model } from './model.ts';
import { LAYOUT, type ModelData } from './model-data.ts';

/**
 * Reads a model from the JSON of `exportModel(trainer, 'json')` or `JSON.stringify(model)`.
 * @param source the text, or what `JSON.parse` makes of it
 * @throws {FileError} if it is no JSON or no model; the message names the field
 */
export function readModel(source: string | object): Model {
  const value = typeof source === 'string' ? parseJson(source, 'the text') : source;
  return modelFrom(value, isObject(value) ? flatParameters(value.parameters) : undefined);
}

/** @param what what the text is; it begins a message */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new FileError(what, 'JSON', text, {}, `what JSON.parse refuses (${(error as Error).message})`);
  }
}

/**
 * A model from the facts that every format keeps beside the parameters.
 * @throws {FileError} if they make no model
 */
export function modelFrom(facts: unknown, parameters: unknown): Model {
  if (!isObject(facts) || facts.spiralnet !== LAYOUT)
    throw new FileError('model', `what exportModel() writes, with spiralnet: ${LAYOUT}`, facts);
  try {
    return new Model({ ...facts, parameters } as ModelData);
  } catch (error) {
    throw error instanceof OptionError ? new FileError(error.option, error.expected, error.received) : error;
  }
}

/** The parameters with weights as flat arrays, where they are the rows of matrices; any other value as it is. */
function flatParameters(given: unknown): unknown {
  if (!Array.isArray(given)) return given;
  return given.map((layer, i) => {
    const { weights, biases } = isObject(layer) ? layer : {};
    if (!(Array.isArray(weights) && Array.isArray(weights[0]) && Array.isArray(biases))) return layer;
    const wrong = weights.findIndex((row) => row?.length !== biases.length);
    if (wrong < 0) return { weights: weights.flat(), biases };
    const expected = `a row of ${biases.length} numbers, as many as there are biases`;
    throw new FileError(`model.parameters[${i}].weights[${wrong}]`, expected, weights[wrong]);
  });
}
