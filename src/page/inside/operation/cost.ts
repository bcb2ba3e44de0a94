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

type Penalized = Pick<Settings, 'optimizer' | 'l2' | 'l1' | 'weightDecay'>;
type Shapes = ReadonlyMap<string, TensorShape>;

const sizeOf = ({ shape }: TensorShape) => shape.reduce((product, size) => product * size, 1);

/** Arithmetic operations for each number that an update changes, without penalties. */
const UPDATE: Record<Settings['optimizer'], number> = {
  sgd: 2,
  momentum: 4,
  nesterov: 6,
  adagrad: 7,
  rmsprop: 9,
  adam: 12,
};

export function costOf(
  operation: Operation,
  shapes: Shapes,
  precision: Precision,
  settings: Penalized,
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
  settings: Penalized,
): number {
  switch (kind) {
    case 'batch':
    case 'ReLU mask':
      return 0;
    case 'derivative':
      // Of tanh, as 1 − h² and a product.
      return 3 * sizeOf(written);
    case 'dropout':
      return sizeOf(written);
    case 'softmax':
    case 'hinge':
    case 'squared error':
      return 4 * sizeOf(first);
    case 'column sums':
      return sizeOf(first);
    case 'matmul':
      // A product's sums are as long as what its operands share: rows for dW, else the columns of
      // the first.
      return 2 * sizeOf(written) * first.shape[role === 'dWeights' ? 0 : 1];
    case 'update':
      return sizeOf(written) * (UPDATE[settings.optimizer] + (role === 'weights' ? penalties(settings) : 0));
  }
}

/** A product and a sum each for L2 and L1; a product for weight decay. */
const penalties = ({ l2, l1, weightDecay }: Penalized): number =>
  (l2 > 0 ? 2 : 0) + (l1 > 0 ? 2 : 0) + (weightDecay > 0 ? 1 : 0);
