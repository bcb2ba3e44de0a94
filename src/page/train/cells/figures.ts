interface Figures {
  rows: number;
  /** The part of the rows predicted as the class that are of it; undefined if there are none. */
  precision: number | undefined;
  /** The part of the class's rows that are predicted as it; undefined if there are none. */
  recall: number | undefined;
}

/**
 * Each class's figures, as the library's `report` defines them.
 * @param counts `classes × classes`, row by true class
 */
export function figuresOf(counts: Uint32Array): Figures[] {
  const classes = Math.sqrt(counts.length);
  const share = (part: number, of: number) => (of > 0 ? part / of : undefined);
  return Array.from({ length: classes }, (_, label) => {
    const hits = counts[label * classes + label];
    let [rows, predicted] = [0, 0];
    for (let other = 0; other < classes; other++) {
      rows += counts[label * classes + other];
      predicted += counts[other * classes + label];
    }
    return { rows, precision: share(hits, predicted), recall: share(hits, rows) };
  });
}
