import type { FloatArray } from '../../types.ts';
import type { Model } from '../model.ts';
import { shortestDecimal } from './decimal.ts';
import { factsOf } from './facts.ts';

/**
 * A model as JSON to read: a line for each fact and for each row of a matrix of weights, fan in × fan out.
 * Every number has the fewest digits that give its bits back.
 */
export function jsonOf(model: Model): string {
  const { precision } = model;
  const numbers = (values: Iterable<number>) =>
    `[${Array.from(values, (value) => shortestDecimal(value, precision)).join(', ')}]`;
  const layers = model.parameters.map(({ weights, biases }) => {
    const rows = Array.from(rowsOf(weights, biases.length), (row) => `        ${numbers(row)}`);
    const lines = [`"weights": [\n${rows.join(',\n')}\n      ]`, `"biases": ${numbers(biases)}`];
    return `    {\n      ${lines.join(',\n      ')}\n    }`;
  });
  const facts = Object.entries(factsOf(model)).map(([name, fact]) => `  "${name}": ${lineOf(fact)}`);
  return `{\n${[...facts, `  "parameters": [\n${layers.join(',\n')}\n  ]`].join(',\n')}\n}\n`;
}

/** A value as JSON in one line, with spaces to read it; −0 keeps its sign. */
export function lineOf(value: unknown): string {
  if (typeof value === 'number') return shortestDecimal(value, 'double');
  if (Array.isArray(value)) return `[${value.map(lineOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, entry]) => `"${name}": ${lineOf(entry)}`)
    .join(', ')} }`;
}

/** The rows of a row-major matrix. */
export function* rowsOf(values: FloatArray, columns: number): Generator<FloatArray, void, void> {
  for (let start = 0; start < values.length; start += columns) yield values.subarray(start, start + columns);
}
