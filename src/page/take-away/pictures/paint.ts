import { pixelsOf } from './raster.tsx';
import { FONT } from './text-width.ts';

type Style = Readonly<Record<string, string>>;

const FIRST: Style = {
  fill: '#000',
  stroke: 'none',
  'stroke-width': '1',
  'stroke-dasharray': 'none',
  'stroke-linejoin': 'miter',
  'font-size': '16',
  'font-weight': '400',
  'text-anchor': 'start',
  'fill-opacity': '1',
};

/**
 * Paints a drawing that needs no style sheet. A browser would draw it as an image, which the policy of
 * the page does not allow.
 */
export function paint(context: CanvasRenderingContext2D, drawing: SVGSVGElement): void {
  for (const part of drawing.children) paintPart(context, part, styleOf(drawing, FIRST));
}

const styleOf = (element: Element, inherited: Style): Style =>
  Object.fromEntries(
    Object.entries(inherited).map(([name, value]) => [name, element.getAttribute(name) ?? value]),
  );

function paintPart(context: CanvasRenderingContext2D, element: Element, inherited: Style): void {
  if (!(element instanceof SVGGraphicsElement)) return;
  const style = styleOf(element, inherited);
  context.save();
  const matrix = element.transform.baseVal.consolidate()?.matrix;
  if (matrix) context.transform(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f);
  const number = (name: string) => Number(element.getAttribute(name));
  switch (element.tagName) {
    case 'g':
      for (const part of element.children) paintPart(context, part, style);
      break;
    case 'text':
      context.font = `${style['font-weight']} ${style['font-size']}px ${FONT}`;
      context.textAlign = ({ middle: 'center', end: 'right' } as const)[style['text-anchor']] ?? 'left';
      context.fillStyle = style.fill;
      context.fillText(element.textContent ?? '', number('x'), number('y'));
      break;
    case 'image': {
      const pixels = pixelsOf(element);
      context.imageSmoothingQuality = 'high';
      if (pixels) context.drawImage(pixels, number('x'), number('y'), number('width'), number('height'));
      break;
    }
    default:
      paintShape(context, outlineOf(element, number), style);
  }
  context.restore();
}

function paintShape(context: CanvasRenderingContext2D, outline: Path2D, style: Style): void {
  if (style.fill !== 'none') {
    context.fillStyle = style.fill;
    context.globalAlpha = Number(style['fill-opacity']);
    context.fill(outline);
    context.globalAlpha = 1;
  }
  if (style.stroke === 'none') return;
  context.strokeStyle = style.stroke;
  context.lineWidth = Number(style['stroke-width']);
  context.lineJoin = style['stroke-linejoin'] as CanvasLineJoin;
  const dashes = style['stroke-dasharray'];
  context.setLineDash(dashes === 'none' ? [] : dashes.split(/[\s,]+/).map(Number));
  context.stroke(outline);
}

function outlineOf(element: Element, number: (name: string) => number): Path2D {
  switch (element.tagName) {
    case 'path':
      return new Path2D(element.getAttribute('d') ?? '');
    case 'polygon':
      return new Path2D(`M${element.getAttribute('points')}Z`);
    case 'circle': {
      const circle = new Path2D();
      circle.arc(number('cx'), number('cy'), number('r'), 0, 2 * Math.PI);
      return circle;
    }
    case 'rect': {
      const rectangle = new Path2D();
      rectangle.roundRect(number('x'), number('y'), number('width'), number('height'), number('rx'));
      return rectangle;
    }
    default:
      throw new TypeError(`A drawing has no <${element.tagName}>, as that is not painted.`);
  }
}
