import type { ComponentChildren } from 'preact';
import type { PlotRange } from '../../settings/plane.ts';

/** Parts of the plane by which an arrow key moves a handle, and with Shift. */
const STRIDE = 1 / 40;
const SMALL_STRIDE = 1 / 400;

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

interface Props {
  label: string;
  /** Where the handle is, in words. */
  text: string;
  x: number;
  y: number;
  /** The plane that the element around the handle shows. */
  range: PlotRange;
  onMove: (x: number, y: number) => void;
  children?: ComponentChildren;
}

/** A place in the plane that a pointer, a finger or the arrow keys move. The rest of the plane scrolls the page. */
export function Handle({ label, text, x, y, range, onMove, children }: Props) {
  const { left, top, size } = range;
  const move = (toX: number, toY: number) =>
    onMove(Math.min(left + size, Math.max(left, toX)), Math.min(top, Math.max(top - size, toY)));
  return (
    <div
      class="handle light"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuetext={text}
      aria-valuenow={x}
      aria-valuemin={left}
      aria-valuemax={left + size}
      style={{ left: `${(100 * (x - left)) / size}%`, top: `${(100 * (top - y)) / size}%` }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        event.currentTarget.focus();
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        const { currentTarget: handle } = event;
        if (!handle.hasPointerCapture(event.pointerId)) return;
        const box = handle.parentElement?.getBoundingClientRect();
        if (!box) return;
        const [u, v] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
        move(left + u * size, top - v * size);
      }}
      onKeyDown={(event) => {
        const direction = DIRECTIONS[event.key];
        if (!direction) return;
        event.preventDefault();
        const stride = (event.shiftKey ? SMALL_STRIDE : STRIDE) * size;
        move(x + direction[0] * stride, y + direction[1] * stride);
      }}
    >
      {children}
    </div>
  );
}
