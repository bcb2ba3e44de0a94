/** A place in the picture's own units. */
export type Place = readonly [number, number];

/** The square that is drawn. */
export interface Square {
  left: number;
  bottom: number;
  size: number;
}

/** A class's score at a place. @param scores `classes × 3`: a·x + b·y + c of each class */
const scoreAt = (scores: Float32Array, label: number, [x, y]: Place): number =>
  scores[3 * label] * x + scores[3 * label + 1] * y + scores[3 * label + 2];

/** The class with the largest score at a place; of equal ones the first. */
export function wedgeAt(scores: Float32Array, place: Place): number {
  let best = 0;
  for (let label = 1; label < scores.length / 3; label++)
    if (scoreAt(scores, label, place) > scoreAt(scores, best, place)) best = label;
  return best;
}

/**
 * The part of a square in which a class has the largest score: a convex polygon, cut out by a straight line
 * for each other class (Sutherland and Hodgman 1974). Empty if the class has no part of the square.
 */
export function wedgeOf(scores: Float32Array, label: number, { left, bottom, size }: Square): Place[] {
  let corners: Place[] = [
    [left, bottom],
    [left + size, bottom],
    [left + size, bottom + size],
    [left, bottom + size],
  ];
  for (let other = 0; other < scores.length / 3; other++) {
    if (other === label) continue;
    const ahead = (place: Place) => scoreAt(scores, label, place) - scoreAt(scores, other, place);
    const kept: Place[] = [];
    corners.forEach((corner, i) => {
      const next = corners[(i + 1) % corners.length];
      const [here, there] = [ahead(corner), ahead(next)];
      if (here >= 0) kept.push(corner);
      if (here >= 0 !== there >= 0) {
        const part = here / (here - there);
        kept.push([corner[0] + part * (next[0] - corner[0]), corner[1] + part * (next[1] - corner[1])]);
      }
    });
    corners = kept;
  }
  return corners;
}

/**
 * A square around places, with round ends, so that it stands still while the places move a little.
 * Undefined if all places are one.
 */
export function squareAround(places: Float32Array): Square | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const place of places) {
    least = Math.min(least, place);
    most = Math.max(most, place);
  }
  if (!(most > least)) return undefined;
  const step = 10 ** Math.floor(Math.log10(most - least)) / 2;
  const bottom = step * Math.floor(least / step - 0.1);
  const size = step * Math.ceil(most / step + 0.1) - bottom;
  return { left: bottom, bottom, size };
}
