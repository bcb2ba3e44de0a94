/** A range of consecutive rows. */
export interface Chunk {
  /** The first row. */
  start: number;
  count: number;
}

/** Divides `rows` rows into chunks of `size`; the last chunk may be shorter. */
export function chunks(rows: number, size: number): Chunk[] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => {
    const start = i * size;
    return { start, count: Math.min(size, rows - start) };
  });
}
