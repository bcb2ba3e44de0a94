/** Some of many rows that lie one after the other. */
export interface Chunk {
  /** The first row. */
  start: number;
  count: number;
}

/** All of so many rows, `size` at a time: the last chunk may have fewer. */
export function chunks(rows: number, size: number): Chunk[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => {
    const start = i * size;
    return { start, count: Math.min(size, rows - start) };
  });
}
