import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { property } from '../../../../tests/helpers/property.ts';
import { cellAt, type Folding, foldingOf, labelled, placeOf, type Space, sizeOf } from './folding.ts';

const cellsOf = ({ shown }: Folding) =>
  Array.from({ length: shown.rows * shown.columns }, (_, i) => ({
    row: Math.floor(i / shown.columns),
    column: i % shown.columns,
  }));

/** Every shown cell has a place of its own within the space, and a pointer finds it there. */
function expectPlaces(folding: Folding, space: Space): void {
  const { width, height } = sizeOf(folding);
  expect(width).toBeLessThanOrEqual(space.width);
  expect(height).toBeLessThanOrEqual(space.height);
  const places = new Set<string>();
  const wrong = cellsOf(folding).filter(({ row, column }) => {
    const { x, y } = placeOf(folding, row, column);
    places.add(`${x} ${y}`);
    const end = folding.cell - 1;
    const found = [cellAt(folding, x, y), cellAt(folding, x + end, y + end)];
    return (
      Math.min(x, y) < 0 ||
      x + end >= width ||
      y + end >= height ||
      found.some((cell) => cell?.row !== row || cell.column !== column)
    );
  });
  expect(wrong).toEqual([]);
  expect(places.size).toBe(folding.shown.rows * folding.shown.columns);
}

describe('the folding of a tensor', () => {
  it('makes a rectangle of 300×2 and not a thread', () => {
    const extent = { rows: 300, columns: 2 };
    const folding = foldingOf(extent, { width: 300, height: 160 });
    expect(folding).toMatchObject({ direction: 'down', folds: 'rows', shown: extent });
    expect(folding.cell).toBeGreaterThanOrEqual(6);
    const { width, height } = sizeOf(folding);
    expect(width / height).toBeGreaterThan(1);
    expect(width / height).toBeLessThan(3);
    expectPlaces(folding, { width: 300, height: 160 });
  });

  it('lays a vector in lines, each with its first index', () => {
    for (const extent of [
      { rows: 300, columns: 1 },
      { rows: 1, columns: 300 },
    ]) {
      const folding = foldingOf(extent, { width: 120, height: 120 });
      expect(folding).toMatchObject({ direction: 'across', shown: extent });
      const labels = labelled(folding);
      expect(labels.length).toBeGreaterThan(2);
      for (const { block, first } of labels) expect(first).toBe(block * folding.length);
      expectPlaces(folding, { width: 120, height: 120 });
    }
  });

  it('does not fold what fits with large cells', () => {
    expect(foldingOf({ rows: 1, columns: 3 }, { width: 60, height: 200 })).toMatchObject({
      blocks: 1,
      cell: 19,
    });
    expect(foldingOf({ rows: 4, columns: 5 }, { width: 200, height: 200 })).toMatchObject({
      blocks: 1,
      cell: 28,
    });
  });

  it('shows a part of a tensor that is too large, in cells that can be pointed at', () => {
    const space = { width: 400, height: 120 };
    for (const extent of [
      { rows: 300, columns: 100 },
      { rows: 5000, columns: 2 },
      { rows: 10, columns: 4000 },
      { rows: 1024, columns: 1024 },
    ]) {
      const folding = foldingOf(extent, space);
      expect(folding.cell).toBe(4);
      expect(folding.shown.rows * folding.shown.columns).toBeLessThan(extent.rows * extent.columns);
      expectPlaces(folding, space);
    }
  });

  const range = (min: number, max: number) => fc.integer({ min, max });
  property(
    'gives every shown cell a place that a pointer finds',
    fc.record({
      extent: fc.record({ rows: range(1, 400), columns: range(1, 130) }),
      space: fc.record({ width: range(48, 700), height: range(48, 400) }),
    }),
    [],
    async ({ extent, space }) => {
      for (const labels of [true, false]) expectPlaces(foldingOf(extent, space, labels), space);
    },
  );
});
