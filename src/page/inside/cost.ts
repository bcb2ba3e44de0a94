import type { Operation, Precision, TensorShape } from '../../index.ts';
import type { Settings } from '../settings/settings.ts';

/** What an operation costs whatever computes it: operations on numbers, and bytes read and written once each. */
export interface Cost {
  operations: number;
  bytes: number;
}

type Shapes = ReadonlyMap<string, TensorShape>;

const sizeOf = ({ shape }: TensorShape) => shape.reduce((product, size) => product * size, 1);

/** Multiplications and additions for each number that an update changes, without and with the L2 term. */
const UPDATE: Record<Settings['optimizer'], number> = { sgd: 2, momentum: 4, adam: 12 };

export function costOf(
  { name, reads, writes }: Pick<Operation, 'name' | 'reads' | 'writes'>,
  shapes: Shapes,
  precision: Precision,
  settings: Pick<Settings, 'optimizer' | 'l2'>,
): Cost {
  const find = (tensor: string) => shapes.get(tensor);
  const touched = [...reads, ...writes].flatMap((tensor) => find(tensor) ?? []);
  const bytes = touched.reduce((sum, tensor) => sum + sizeOf(tensor), 0) * (precision === 'single' ? 4 : 8);
  const written = writes.flatMap((tensor) => find(tensor) ?? []);
  const count = written.length > 0 ? sizeOf(written[0]) : 0;
  return { operations: operationsOf(name, reads, count, find, settings), bytes };
}

function operationsOf(
  name: string,
  reads: readonly string[],
  count: number,
  find: (tensor: string) => TensorShape | undefined,
  { optimizer, l2 }: Pick<Settings, 'optimizer' | 'l2'>,
): number {
  if (name.startsWith('update')) return count * (UPDATE[optimizer] + (l2 > 0 && name.includes('W') ? 2 : 0));
  if (name.startsWith('ReLU') || name === 'batch') return 0;
  const first = find(reads[0]);
  if (!first) return 0;
  if (name === 'softmax') return 4 * sizeOf(first);
  if (name.startsWith('db')) return sizeOf(first);
  // A product's sums are as long as what its operands share: rows for dW, else the columns of the first.
  const terms = name.startsWith('dW') ? first.shape[0] : first.shape[1];
  return 2 * count * terms;
}
