import type { Operation, Precision, TensorShape } from '../../../index.ts';
import type { Settings } from '../../settings/settings.ts';

/**
 * The cost of an operation, whichever kernel computes it: arithmetic operations, and bytes if each
 * number is read and written once.
 */
export interface Cost {
  operations: number;
  bytes: number;
}

type Shapes = ReadonlyMap<string, TensorShape>;

const sizeOf = ({ shape }: TensorShape) => shape.reduce((product, size) => product * size, 1);

/**
 * Multiplications and additions for each number that an update changes, without and with the L2
 * term.
 */
const UPDATE: Record<Settings['optimizer'], number> = { sgd: 2, momentum: 4, adam: 12 };

export function costOf(
  operation: Operation,
  shapes: Shapes,
  precision: Precision,
  settings: Pick<Settings, 'optimizer' | 'l2'>,
): Cost {
  const found = (names: readonly string[]) => names.flatMap((name) => shapes.get(name) ?? []);
  const [read, written] = [found(operation.reads), found(operation.writes)];
  const bytes = [...read, ...written].reduce((sum, tensor) => sum + sizeOf(tensor), 0);
  return {
    operations: operationsOf(operation, read, written, settings),
    bytes: bytes * (precision === 'single' ? 4 : 8),
  };
}

function operationsOf(
  { kind, role }: Operation,
  [first]: readonly TensorShape[],
  [written]: readonly TensorShape[],
  { optimizer, l2 }: Pick<Settings, 'optimizer' | 'l2'>,
): number {
  switch (kind) {
    case 'batch':
    case 'ReLU mask':
      return 0;
    case 'softmax':
      return 4 * sizeOf(first);
    case 'column sums':
      return sizeOf(first);
    case 'matmul':
      // A product's sums are as long as what its operands share: rows for dW, else the columns of
      // the first.
      return 2 * sizeOf(written) * first.shape[role === 'dWeights' ? 0 : 1];
    case 'update':
      return sizeOf(written) * (UPDATE[optimizer] + (l2 > 0 && role === 'weights' ? 2 : 0));
  }
}
