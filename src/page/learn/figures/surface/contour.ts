/** A place between the nodes of a grid, in cells from the left and from the top. */
type Place = [column: number, row: number];

/**
 * The line on which values over a grid have a level, as straight pieces, each within a cell.
 * @param values `side × side`
 */
export function contour(values: ArrayLike<number>, side: number, level: number): [Place, Place][] {
  const pieces: [Place, Place][] = [];
  for (let row = 0; row < side - 1; row++) {
    for (let column = 0; column < side - 1; column++) {
      const corners: Place[] = [
        [column, row],
        [column + 1, row],
        [column + 1, row + 1],
        [column, row + 1],
      ];
      const crossings = corners.flatMap(([x, y], i): Place[] => {
        const [u, v] = corners[(i + 1) % 4];
        const [from, to] = [values[y * side + x], values[v * side + u]];
        if (from < level === to < level) return [];
        const part = (level - from) / (to - from);
        return [[x + part * (u - x), y + part * (v - y)]];
      });
      for (let i = 0; i + 1 < crossings.length; i += 2) pieces.push([crossings[i], crossings[i + 1]]);
    }
  }
  return pieces;
}
