import type { Column, NpyArray, Table } from '../../../tables/index.ts';
import { MISSING } from '../../../tables/index.ts';

/** An array and where it comes from: the name of its file, or in its file. */
export interface NamedArray extends NpyArray {
  name: string;
}

/** Images, `count × height × width` or with channels, and a number or text for each. */
export interface LabelledImages {
  inputs: NamedArray;
  labels: NamedArray;
}

/** What arrays mean together; undefined if they are no rows. */
export function meaningOf(
  arrays: readonly NamedArray[],
): { table: Table } | { images: LabelledImages } | undefined {
  const wanted = ofTraining(arrays);
  const inputs = wanted
    .filter(isNumeric)
    .sort((a, b) => axes(b) - axes(a) || b.data.length - a.data.length)[0];
  if (!inputs) return undefined;
  const [count = 0] = inputs.shape;
  if (axes(inputs) === 1) {
    const columns = wanted.filter((array) => axes(array) === 1 && array.shape[0] === count);
    if (columns.length < 2 || columns.length < wanted.length) return undefined;
    return {
      table: tableOf(
        columns.map((array) => columnOf(array.name, array.data)),
        count,
      ),
    };
  }
  const labels = wanted.find((array) => array !== inputs && axes(array) === 1 && array.shape[0] === count);
  const labelColumn = labels && columnOf('label', labels.data);
  if (axes(inputs) === 2) {
    const width = inputs.shape[1];
    const columns = Array.from({ length: width }, (_, column) => ({
      name: `column ${column + 1}`,
      kind: 'number' as const,
      values: Float64Array.from({ length: count }, (_, row) => Number(inputs.data[row * width + column])),
    }));
    return { table: tableOf(labelColumn ? [...columns, labelColumn] : columns, count) };
  }
  // Some programs write one channel as an axis of its own.
  const shape = inputs.shape.filter((length, axis) => axis === 0 || length > 1);
  return labels && { images: { inputs: { ...inputs, shape }, labels } };
}

/** Axes longer than 1, beside the first. */
function axes({ shape }: NpyArray): number {
  let length = shape.length;
  while (length > 1 && shape[length - 1] === 1) length--;
  return length;
}

const isNumeric = ({ data }: NpyArray): boolean => !Array.isArray(data);

/** The part for training, where there is one for testing as well: the page divides rows itself. */
function ofTraining(arrays: readonly NamedArray[]): readonly NamedArray[] {
  const train = arrays.filter(({ name }) => /train/i.test(name));
  const test = arrays.filter(({ name }) => /test|t10k|valid/i.test(name));
  return train.length > 0 && test.length > 0 ? train : arrays;
}

const tableOf = (columns: Column[], rows: number): Table => ({ columns, rows, skipped: 0, notes: [] });

function columnOf(name: string, data: NpyArray['data']): Column {
  if (!Array.isArray(data)) return { name, kind: 'number', values: Float64Array.from(data) };
  const categories = [...new Set(data.filter((text) => text !== ''))];
  const codes = new Map(categories.map((text, code) => [text, code]));
  return {
    name,
    kind: 'category',
    categories,
    values: Uint32Array.from(data, (text) => codes.get(text) ?? MISSING),
  };
}
