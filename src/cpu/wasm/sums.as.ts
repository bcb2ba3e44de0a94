import { LANES, SIZE } from './real.as';

/** Rows that are summed before their sum is added: in single precision, fewer roundings than one long sum has. */
const BLOCK = sizeof<real>() == 4 ? 64 : i32.MAX_VALUE;

/** The sums of the columns `first` to before `end`, over all rows from the first to the last. */
export function columnSums(values: usize, out: usize, rows: i32, columns: i32, first: i32, end: i32): void {
  const stride = <usize>columns * SIZE;
  for (let j = first; j < end; j += 2 * LANES) {
    let sum0 = v128.splat<real>(0);
    let sum1 = v128.splat<real>(0);
    let at = values + <usize>j * SIZE;
    for (let row = 0; row < rows; row += BLOCK) {
      let part0 = v128.splat<real>(0);
      let part1 = v128.splat<real>(0);
      for (let i = min(BLOCK, rows - row); i > 0; i--, at += stride) {
        part0 = v128.add<real>(part0, v128.load(at));
        part1 = v128.add<real>(part1, v128.load(at, 16));
      }
      sum0 = v128.add<real>(sum0, part0);
      sum1 = v128.add<real>(sum1, part1);
    }
    v128.store(out + <usize>j * SIZE, sum0);
    v128.store(out + <usize>j * SIZE, sum1, 16);
  }
}
