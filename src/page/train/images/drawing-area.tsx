import type { RefObject } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { imageTexts } from '../../texts/images/images.ts';

/** Pixels along a side of the drawing, and across a line. */
export const SIDE = 256;
const LINE = 34;
/** Pixels that the keyboard's cursor moves by. */
const STRIDE = 16;
const SMALL_STRIDE = 4;

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Position {
  x: number;
  y: number;
}

interface Props {
  canvas: RefObject<HTMLCanvasElement | null>;
  onDraw: () => void;
}

/** A square to draw in with a pointer or the keyboard. */
export function DrawingArea({ canvas, onDraw }: Props) {
  const { drawing: words } = imageTexts.value;
  const [cursor, setCursor] = useState<Position>();
  const [down, setDown] = useState(false);
  /** Where the pointer's line ends. */
  const last = useRef<Position | undefined>(undefined);
  const draw = (from: Position, to: Position) => {
    const context = canvas.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    Object.assign(context, { lineWidth: LINE, lineCap: 'round', lineJoin: 'round' });
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    onDraw();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const from = cursor ?? { x: SIDE / 2, y: SIDE / 2 };
    const direction = DIRECTIONS[event.key];
    if (direction) {
      const stride = event.shiftKey ? SMALL_STRIDE : STRIDE;
      const to = within({ x: from.x + direction[0] * stride, y: from.y + direction[1] * stride });
      setCursor(to);
      if (down) draw(from, to);
    } else if (event.key === ' ') {
      setCursor(from);
      setDown(!down);
      if (!down) draw(from, from);
    } else return;
    event.preventDefault();
  };
  const rest = () => {
    setCursor(undefined);
    setDown(false);
  };
  const place = cursor && { left: `${(100 * cursor.x) / SIDE}%`, top: `${(100 * cursor.y) / SIDE}%` };
  return (
    <div
      class="drawing-area"
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard draws, too
      tabIndex={0}
      aria-label={words.canvas}
      aria-describedby="drawing-hint"
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        rest();
        last.current = positionOf(event);
        draw(last.current, last.current);
      }}
      onPointerMove={(event) => {
        if (!last.current) return;
        const to = positionOf(event);
        draw(last.current, to);
        last.current = to;
      }}
      onLostPointerCapture={() => {
        last.current = undefined;
      }}
      onBlur={rest}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} width={SIDE} height={SIDE} />
      {place && <span class={down ? 'pen down' : 'pen'} style={place} aria-hidden="true" />}
      <span class="hidden" role="status">
        {cursor && words.pen(down)}
      </span>
    </div>
  );
}

function positionOf(event: PointerEvent): Position {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  return within({
    x: ((event.clientX - box.left) / box.width) * SIDE,
    y: ((event.clientY - box.top) / box.height) * SIDE,
  });
}

const within = ({ x, y }: Position): Position => ({
  x: Math.min(Math.max(x, 0), SIDE),
  y: Math.min(Math.max(y, 0), SIDE),
});
