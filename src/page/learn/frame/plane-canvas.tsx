import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { PICTURE } from '../../train/plane/regions-picture.ts';

interface Props {
  /** What is drawn, in words. */
  label: string;
  /** Draws the picture, `PICTURE` pixels along each side. */
  draw: (context: CanvasRenderingContext2D) => void;
  /** What lies over the picture, such as handles. */
  children?: ComponentChildren;
}

/** Light in every theme, because the data's colours are the same in every theme. */
const GROUND = '#f3f3f5';

/** A square picture of the plane. */
export function PlaneCanvas({ label, draw, children }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.fillStyle = GROUND;
    context.fillRect(0, 0, PICTURE, PICTURE);
    draw(context);
  }, [draw]);
  return (
    <div class="plane-canvas">
      <canvas ref={canvas} width={PICTURE} height={PICTURE} role="img" aria-label={label} />
      {children}
    </div>
  );
}
