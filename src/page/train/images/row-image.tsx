import { useEffect, useRef } from 'preact/hooks';
import type { ImageSize } from '../../settings/study-data.ts';
import { drawUnit, type UnitKind } from '../network/unit-picture.ts';

interface Props {
  /** `width × height` numbers, row by row: paper is 0. */
  pixels: Float32Array;
  size: ImageSize;
  /** What is seen. */
  label: string;
}

/** The image of a row whose features are pixels. */
export function RowImage({ pixels, size: { width }, label }: Props) {
  const most = pixels.reduce((most, pixel) => Math.max(most, pixel), 0);
  return <PixelPicture values={pixels} width={width} unit={{ kind: 'image' }} most={most} label={label} />;
}

interface PictureProps {
  /** Row by row. */
  values: Float32Array;
  width: number;
  /** What decides the colours. */
  unit: UnitKind;
  /** The number that is drawn in full colour. */
  most: number;
  /** What is seen. */
  label: string;
}

/** Numbers as an image, a pixel each: white is 0. */
export function PixelPicture({ values, width, unit, most, label }: PictureProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const height = values.length / width;
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) drawUnit(context, values, unit, most, width);
  }, [values, most, width]);
  return (
    <canvas ref={canvas} class="row-image" width={width} height={height} role="img" aria-label={label} />
  );
}
