import { lookOf, OUTLINE, OUTLINES } from './classes.ts';

/** A class's marker on the colour of its region, as both are drawn in the picture. */
export function Marker({ label }: { label: number }) {
  return (
    <svg class="marker" viewBox="-10 -10 20 20" width="20" height="20" aria-hidden="true">
      <MarkerShape label={label} />
    </svg>
  );
}

/** A marker around the origin, 20 wide. */
export function MarkerShape({ label }: { label: number }) {
  const { point, fill, shape } = lookOf(label);
  return (
    <>
      <rect x="-10" y="-10" width="20" height="20" rx="2" fill={fill} />
      <g fill={point} stroke={OUTLINE} stroke-width="1.5" stroke-linejoin="round">
        {shape === 'circle' ? (
          <circle r="5.5" />
        ) : (
          <polygon points={OUTLINES[shape].map(([x, y]) => `${6 * x},${6 * y}`).join(' ')} />
        )}
      </g>
    </>
  );
}
