import { render, type VNode } from 'preact';
import { withTexts } from '../files/png.ts';
import { bake } from './bake.ts';
import { paint } from './paint.ts';
import { pixelsOf } from './raster.tsx';

const SVG = 'http://www.w3.org/2000/svg';
const XLINK = 'http://www.w3.org/1999/xlink';
const DUBLIN_CORE = 'http://purl.org/dc/elements/1.1/';

export const COLOURS = ['light', 'dark'] as const;
export type Colours = (typeof COLOURS)[number];

/** What a picture tells of itself. */
export interface Told {
  title: string;
  description: string;
  /** The address of the page that shows it. */
  link: string;
}

/**
 * A drawing that needs nothing of the page.
 * @param drawing an `<svg>`
 */
export function drawingOf(drawing: VNode, colours: Colours): SVGSVGElement {
  const place = document.createElement('div');
  place.hidden = true;
  // The style sheets give each drawing the colours of its own theme.
  place.className = colours;
  document.body.append(place);
  try {
    render(drawing, place);
    const svg = place.querySelector('svg') as SVGSVGElement;
    bake(svg);
    return svg;
  } finally {
    place.remove();
  }
}

/** Paints a drawing as wide as a canvas of a width, in pixels. */
export function painted(drawing: SVGSVGElement, width: number): OffscreenCanvas {
  const [across, down] = ['width', 'height'].map((name) => Number(drawing.getAttribute(name)));
  const scale = width / across;
  const canvas = new OffscreenCanvas(width, Math.round(down * scale));
  const context = canvas.getContext('2d', {
    willReadFrequently: true,
  }) as unknown as CanvasRenderingContext2D | null;
  context?.scale(scale, scale);
  if (context) paint(context, drawing);
  return canvas;
}

/** A drawing as a PNG file of a width in pixels. */
export async function pngOf(
  drawing: SVGSVGElement,
  width: number,
  { title, description, link }: Told,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await painted(drawing, width).convertToBlob({ type: 'image/png' });
  return withTexts(new Uint8Array(await file.arrayBuffer()), {
    Title: title,
    Description: description,
    URL: link,
    Software: 'spiralnet',
  });
}

/** A drawing as an SVG file that refers to no other. */
export async function svgOf(drawing: SVGSVGElement, { title, description, link }: Told): Promise<string> {
  // A document without a window loads nothing, so that the policy of the page has nothing to refuse.
  const file = document.implementation.createDocument(SVG, 'svg');
  const copy = file.importNode(drawing, true);
  const images = Array.from(drawing.querySelectorAll('image'));
  const addresses = await Promise.all(images.map(addressOf));
  copy.querySelectorAll('image').forEach((image, i) => {
    image.setAttributeNS(XLINK, 'xlink:href', addresses[i]);
  });
  const metadata = file.createElementNS(SVG, 'metadata');
  for (const [name, text] of Object.entries({ title, description, source: link, creator: 'spiralnet' }))
    metadata.append(told(file, DUBLIN_CORE, `dc:${name}`, text));
  copy.prepend(told(file, SVG, 'title', title), told(file, SVG, 'desc', description), metadata);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

function told(file: Document, namespace: string, name: string, text: string): Element {
  const element = file.createElementNS(namespace, name);
  element.textContent = text;
  return element;
}

/** The pixels of an image as an address that holds all of them. */
async function addressOf(image: Element): Promise<string> {
  const file = await pixelsOf(image)?.convertToBlob({ type: 'image/png' });
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file ?? new Blob());
  });
}
