import { CLASSES, OUTLINE } from './models.ts';

/** A class's marker on the colour of its region, as both are drawn in the picture. */
export function Marker({ label }: { label: number }) {
  const { point, fill, shape } = CLASSES[label];
  return (
    <svg class="marker" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <rect width="20" height="20" rx="2" fill={fill} />
      <g fill={point} stroke={OUTLINE} stroke-width="1.5" stroke-linejoin="round">
        {shape === 'circle' && <circle cx="10" cy="10" r="5.5" />}
        {shape === 'triangle' && <path d="M10 4l6.5 11.5H3.5Z" />}
        {shape === 'square' && <path d="M5 5h10v10H5Z" />}
      </g>
    </svg>
  );
}
