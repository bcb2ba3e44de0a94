import { CLASSES } from './models.ts';

/** A class's marker, as it is drawn in the picture of the regions; outlined so that it stands out in either theme. */
export function Marker({ label }: { label: number }) {
  const { point, shape } = CLASSES[label];
  return (
    <svg class="marker" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
      <g fill={point} stroke-width="1.5" stroke-linejoin="round">
        {shape === 'circle' && <circle cx="8" cy="8" r="6" />}
        {shape === 'triangle' && <path d="M8 1.5 15 13.5H1Z" />}
        {shape === 'square' && <path d="M2.5 2.5h11v11h-11Z" />}
      </g>
    </svg>
  );
}
