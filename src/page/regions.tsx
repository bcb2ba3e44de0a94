import { useEffect, useRef } from 'preact/hooks';
import type { Dataset } from '../index.ts';
import { formatCoordinate } from './format.ts';
import { plotRange } from './grid.ts';
import { Marker } from './marker.tsx';
import { CLASSES } from './models.ts';
import { drawPicture, PICTURE } from './regions-picture.ts';

/** The data over the regions of the plane that the model gives to each class. */
export function Regions({ data, evidence }: { data: Dataset; evidence: Float32Array | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const range = plotRange(data);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) drawPicture(context, evidence, data, range);
  }, [data, evidence]);

  const reach = (from: number) => `${formatCoordinate(from)} to ${formatCoordinate(from + range.size)}`;
  return (
    <figure class="regions" aria-labelledby="regions-title">
      <div class="title">
        <h2 id="regions-title">Decision regions</h2>
        <ul class="legend">
          {CLASSES.map((_, label) => (
            <li key={label}>
              <Marker label={label} /> class {label}
            </li>
          ))}
        </ul>
      </div>
      <canvas
        ref={canvas}
        width={PICTURE}
        height={PICTURE}
        data-testid="regions"
        role="img"
        aria-label={`The ${data.count} points of the spiral, three interleaved arms of one class each, over the regions that the model gives to each class.`}
      />
      <figcaption>
        x {reach(range.left)}, y {reach(range.top - range.size)}
      </figcaption>
    </figure>
  );
}
