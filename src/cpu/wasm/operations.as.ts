import { chain } from './activation.as';
import { hingeGradient, squaredErrorGradient } from './losses.as';
import { pack, product } from './product.as';
import { SIZE } from './real.as';
import { crossEntropyGradient, softmax } from './softmax.as';
import { columnSums } from './sums.as';
import { update } from './update.as';

/*
 * An operation and its arguments lie in memory, where every thread reads them. The addresses and the
 * numbers are those of src/cpu/wasm/operations.ts.
 */

const OPERATION: usize = 64;
/** 1 if an update has made a number that is not finite. */
const NOT_FINITE: usize = 68;
/** The arguments that are whole numbers or addresses, and the others. */
const WHOLES: usize = 128;
const REALS: usize = 192;
/** Where each thread writes tiles and copies of rows. */
const SCRATCH: usize = 4096;
const SCRATCH_SIZE: usize = 135_168;

const PACK = 0;
const PRODUCT = 1;
const CHAIN = 2;
const COLUMN_SUMS = 3;
const SOFTMAX = 4;
const CROSS_ENTROPY_GRADIENT = 5;
const UPDATE = 6;
const HINGE_GRADIENT = 7;
const SQUARED_ERROR_GRADIENT = 8;

@inline
function whole(i: usize): i32 {
  return load<i32>(WHOLES + 4 * i);
}

@inline
function number(i: usize): f64 {
  return load<f64>(REALS + 8 * i);
}

/** Does the items `first` to before `end` of the operation. */
export function run(first: i32, end: i32, thread: i32): void {
  const operation = load<i32>(OPERATION);
  if (operation == PACK) {
    pack(whole(0), whole(1), whole(2), whole(3), whole(4), whole(5), first, end);
  } else if (operation == PRODUCT) {
    const scratch = SCRATCH + <usize>thread * SCRATCH_SIZE;
    product(
      whole(0), whole(1), whole(2), whole(3), whole(4), whole(5),
      whole(6), whole(7), whole(8), whole(9), scratch, first, end,
    );
  } else if (operation == CHAIN) {
    const from = <usize>first * SIZE;
    chain(<usize>whole(0) + from, <usize>whole(1) + from, number(0), end - first, whole(2));
  } else if (operation == COLUMN_SUMS) {
    columnSums(whole(0), whole(1), whole(2), whole(3), first, end);
  } else if (operation == SOFTMAX) {
    softmax(whole(0), whole(1), whole(2), first, end);
  } else if (operation == CROSS_ENTROPY_GRADIENT) {
    crossEntropyGradient(whole(0), whole(1), whole(2), whole(3), number(0), whole(4), first, end);
  } else if (operation == HINGE_GRADIENT) {
    hingeGradient(whole(0), whole(1), whole(2), whole(3), number(0), whole(4), first, end);
  } else if (operation == SQUARED_ERROR_GRADIENT) {
    squaredErrorGradient(whole(0), whole(1), whole(2), number(0), first, end);
  } else if (operation == UPDATE) {
    const finite = update(
      whole(0), whole(1), whole(2), whole(3), whole(4), first, end,
      number(0), number(1), number(2), number(3), number(4), number(5), number(6), number(7),
    );
    if (!finite) atomic.store<i32>(NOT_FINITE, 1);
  }
}
