/** The pixels of each image of a drawing. The policy of the page lets no image have them as its address. */
const pixels = new WeakMap<Element, OffscreenCanvas>();

export const pixelsOf = (image: Element): OffscreenCanvas | undefined => pixels.get(image);

interface Props {
  canvas: OffscreenCanvas;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Pixels as a part of a drawing. */
export function Raster({ canvas, ...place }: Props) {
  return (
    <image
      ref={(image) => {
        if (image) pixels.set(image, canvas);
      }}
      preserveAspectRatio="none"
      {...place}
    />
  );
}

/** A canvas of a size with a drawing on it. */
export function drawn(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D) => void,
): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', {
    willReadFrequently: true,
  }) as unknown as CanvasRenderingContext2D | null;
  if (context) draw(context);
  return canvas;
}
