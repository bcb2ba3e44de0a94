import { CLASSES } from '../../ui/classes.ts';

/** A value of a class as a bar to the right of the middle, or to the left below 0. @param value −1 … 1 */
export function Bar({ value, label }: { value: number; label: number }) {
  const size = Math.min(1, Math.abs(value));
  return (
    <span class="signed-bar" aria-hidden="true">
      <span
        style={{
          left: `${50 * (value < 0 ? 1 - size : 1)}%`,
          width: `${50 * size}%`,
          background: CLASSES[label].fill,
        }}
      />
    </span>
  );
}
