import { useCallback } from 'preact/hooks';
import { drawRegions, PICTURE, pixelOf } from '../../../train/plane/regions-picture.ts';
import { lookOf, OUTLINE } from '../../../ui/classes.ts';
import { withMinus } from '../../../ui/format.ts';
import { Marker } from '../../../ui/marker.tsx';
import { drawArrow } from '../../frame/arrow.ts';
import { Handle } from '../../frame/handle.tsx';
import { PlaneCanvas } from '../../frame/plane-canvas.tsx';
import { POINTS, RANGE } from '../../model/grid.ts';
import { drawNotesPoints } from '../../model/points-layer.ts';
import type { ClassWeights } from './classifier.ts';

/** Parts of the plane's unit to which one unit of a weight is drawn: trained weights fit the plane. */
const SCALE = 1 / 3;

const fixed = (value: number) => withMinus(value.toFixed(2));

interface Props {
  classes: readonly ClassWeights[];
  /** The scores at the nodes of a grid, once they are there. */
  evidence: Float32Array | undefined;
  /** The row of a point that is marked. */
  row?: number;
  words: { picture: string; handle: (label: number) => string; at: (x: string, y: string) => string };
  onChange: (classes: readonly ClassWeights[]) => void;
}

/** The points over the regions of a linear classifier, with the weights of each class as an arrow to drag. */
export function LinearPlane({ classes, evidence, row, words, onChange }: Props) {
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      if (evidence) drawRegions(context, evidence, classes.length, false, cellOf(evidence, classes.length));
      drawNotesPoints(context);
      if (row !== undefined) drawRing(context, row);
      for (const [label, { x, y }] of classes.entries())
        drawArrow(context, RANGE, [0, 0], [x * SCALE, y * SCALE], {
          width: 7,
          colour: lookOf(label).point,
          head: 22,
        });
    },
    [classes, evidence, row],
  );
  return (
    <PlaneCanvas label={words.picture} draw={draw}>
      {classes.map(({ x, y }, label) => (
        <Handle
          key={label}
          label={words.handle(label)}
          text={words.at(fixed(x), fixed(y))}
          x={x * SCALE}
          y={y * SCALE}
          range={RANGE}
          onMove={(toX, toY) =>
            onChange(classes.with(label, { ...classes[label], x: toX / SCALE, y: toY / SCALE }))
          }
        >
          <Marker label={label} />
        </Handle>
      ))}
    </PlaneCanvas>
  );
}

/** Pixels along each side of a grid cell. */
const cellOf = (evidence: Float32Array, classes: number) =>
  PICTURE / (Math.sqrt(evidence.length / classes) - 1);

function drawRing(context: CanvasRenderingContext2D, row: number): void {
  const { x, y } = POINTS[row];
  for (const [width, colour] of [
    [8, '#fff'],
    [4, OUTLINE],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.arc(...pixelOf(RANGE, x, y), 18, 0, 2 * Math.PI);
    context.stroke();
  }
}
