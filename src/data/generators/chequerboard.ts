import type { Dataset } from '../../types.ts';
import { type PlaneOptions, pairs, plane } from './plane.ts';

/** Cells along each side, unless there are more classes. */
const SIDE = 4;
/** The share of a cell's width that stays empty at each edge. */
const MARGIN = 0.1;

/**
 * A board over [-1, 1]² with 4 × 4 cells, or n × n for n > 4 classes; the cell in column c from the
 * left and row r from the bottom has class (c + r) mod classes. The points of a class lie in its
 * cells in turn, uniformly distributed except at the edges.
 *
 * @param options default 2 classes and noise 0.03
 * @returns `perClass · classes` rows of 2 features, in class order, in float64
 * @throws {OptionError} if an option cannot be used
 */
export function chequerboard(options: PlaneOptions = {}): Dataset {
  return plane(options, { classes: 2, noise: 0.03 }, (label, { perClass, classes }, random) => {
    const side = Math.max(SIDE, classes);
    const cells: [column: number, row: number][] = [];
    // Many classes have many cells, of which few points need few.
    for (let column = 0; column < side && cells.length < perClass; column++) {
      const first = (label + classes - (column % classes)) % classes;
      for (let row = first; row < side; row += classes) cells.push([column, row]);
    }
    const draws = random.randomSample(2 * perClass);
    const within = (i: number) => MARGIN + (1 - 2 * MARGIN) * draws[i];
    return pairs(perClass, (i) => {
      const [column, row] = cells[i % cells.length];
      return [(2 * (column + within(2 * i))) / side - 1, (2 * (row + within(2 * i + 1))) / side - 1];
    });
  });
}
