import type { AnyDataset } from '../../index.ts';

/** A data set with as many of its rows, evenly chosen, as have `most` inputs; itself if that is all. */
export function thinned(data: AnyDataset, most: number): AnyDataset {
  const { features, inputs } = data;
  const count = Math.max(1, Math.floor(most / features));
  if (count >= data.count) return data;
  const rows = Uint32Array.from({ length: count }, (_, i) => Math.floor((i * data.count) / count));
  const taken = <T extends Float32Array | Float64Array | Uint32Array>(values: T, width: number): T => {
    const into = new (values.constructor as new (length: number) => T)(count * width);
    for (const [i, row] of rows.entries())
      into.set(values.subarray(row * width, (row + 1) * width), i * width);
    return into;
  };
  const part = { inputs: taken(inputs, features), count };
  return 'labels' in data
    ? { ...data, ...part, labels: taken(data.labels, 1) }
    : { ...data, ...part, targets: taken(data.targets, data.outputs) };
}
