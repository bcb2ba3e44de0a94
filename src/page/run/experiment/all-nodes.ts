import { NODES, nodesOf } from '../../settings/plane.ts';

/**
 * The evidence at all nodes, bilinear between the computed ones.
 * @param coarse `nodes² × classes`
 * @returns `NODES² × classes`
 */
export function atAllNodes(coarse: Float32Array, stride: number, classes: number): Float32Array<ArrayBuffer> {
  const nodes = nodesOf(stride);
  const fine = new Float32Array(NODES * NODES * classes);
  for (let row = 0; row < NODES; row++) {
    const top = Math.min(Math.floor(row / stride), nodes - 2);
    const down = row / stride - top;
    for (let column = 0; column < NODES; column++) {
      const left = Math.min(Math.floor(column / stride), nodes - 2);
      const right = column / stride - left;
      const corner = (top * nodes + left) * classes;
      const at = (row * NODES + column) * classes;
      for (let k = 0; k < classes; k++) {
        const [a, b] = [coarse[corner + k], coarse[corner + classes + k]];
        const below = corner + nodes * classes + k;
        const [c, d] = [coarse[below], coarse[below + classes]];
        fine[at + k] = (1 - down) * (a + right * (b - a)) + down * (c + right * (d - c));
      }
    }
  }
  return fine;
}
