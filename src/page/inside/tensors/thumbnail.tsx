import { useEffect, useRef } from 'preact/hooks';
import type { Tensor } from '../../../index.ts';
import { foldingOf, type Space, sizeOf } from './folding.ts';
import { drawCells, extentOf } from './paint.ts';

/** A tensor as a small picture. Of a large one, rows and columns at even distances. */
export function Thumbnail({ tensor, space }: { tensor: Tensor; space: Space }) {
  const { values } = tensor;
  const canvas = useRef<HTMLCanvasElement>(null);
  const extent = extentOf(tensor);
  const folding = foldingOf(extent, space, false);
  const { shown } = folding;
  const { width, height } = sizeOf(folding);
  useEffect(() => {
    if (!canvas.current) return;
    let most = 0;
    for (const value of values) most = Math.max(most, Math.abs(value));
    const spread = (place: number, part: number, all: number) => Math.floor((place * all) / part);
    drawCells(
      canvas.current,
      folding,
      (row, column) =>
        values[
          spread(row, shown.rows, extent.rows) * extent.columns +
            spread(column, shown.columns, extent.columns)
        ],
      most,
    );
  }, [values, JSON.stringify(folding)]);
  return (
    <span aria-hidden="true">
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} />
    </span>
  );
}
