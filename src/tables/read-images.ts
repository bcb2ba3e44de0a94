import { size } from '../checks/numbers.ts';
import { type Check, isObject, oneOf, optional, readOptions, type Schema } from '../checks/schema.ts';
import { signal } from '../checks/signal.ts';
import { FileError, OptionError } from '../errors.ts';
import { allocatingArrays, checkLength } from '../limits.ts';
import { UnsupportedError } from '../training-errors.ts';

export interface ImageOptions {
  /** The size to which every image is drawn, whatever its own is. */
  width: number;
  height: number;
  /** 1 for grey, 3 for red, green and blue. Default 1. */
  channels?: 1 | 3;
  /**
   * What the label of an image is: the `folder` that it was chosen from (`cats/1.png`), the letters or else
   * digits that its `name` begins with (`cat-1.png`, `7_01.png`), or what a function says. Default: none.
   */
  label?: 'folder' | 'name' | ((file: File) => string);
  /** Ends the reading; the promise rejects with its reason. */
  signal?: AbortSignal;
}

/** Images of one size, as `arrayDataset` takes them. */
export interface Images {
  /** `count, height, width`; of colours also 3. */
  shape: number[];
  /** From 0, black, to 1, white; the colours of a pixel stand together. */
  data: Float32Array;
  /** The name of each file. */
  names: string[];
  /** The label of each image, if `label` is given. */
  labels?: string[];
}

type Label = Exclude<ImageOptions['label'], undefined>;

const label: Check<Label> = (value, name) =>
  typeof value === 'function' ? (value as Label) : oneOf('folder', 'name')(value, name);

const channels: Check<1 | 3> = (value, name) => {
  if (value === 1 || value === 3) return value;
  throw new OptionError(name, '1 (grey) or 3 (red, green and blue)', value);
};

interface Checked {
  width: number;
  height: number;
  channels: 1 | 3;
  label: Label | undefined;
  signal: AbortSignal | undefined;
}

const SCHEMA: Schema<Checked> = {
  width: size,
  height: size,
  channels: optional(channels, 1),
  label: optional(label),
  signal,
};

const SYNONYMS = { channels: ['colour', 'color', 'grey', 'gray'], label: ['labels', 'class', 'classes'] };

/** The share of red, green and blue in grey, by ITU-R BT.601, as Pillow has it. */
const GREY = [0.299, 0.587, 0.114];

/**
 * Reads image files of any format that the browser knows, in a page or a worker: each is stretched to one
 * size, on white where it is transparent.
 * @param files of a file input or a drop
 * @throws {UnsupportedError} outside a browser, without `createImageBitmap` and `OffscreenCanvas`
 * @throws {FileError} if a file is no image
 * @throws {OptionError} if there is no file, one has no label, or an option cannot be used
 */
export function readImages(
  files: Iterable<File>,
  options: ImageOptions & { label: Label },
): Promise<Images & { labels: string[] }>;
export function readImages(files: Iterable<File>, options: ImageOptions): Promise<Images>;
export async function readImages(files: Iterable<File>, options: ImageOptions): Promise<Images> {
  const checked = readOptions(options, SCHEMA, undefined, SYNONYMS);
  const { width, height, channels, label } = checked;
  const all = listOf(files);
  const labels = label && all.map((file, i) => labelOf(file, label, `files[${i}]`));
  const length = width * height * channels;
  checkLength(
    'images',
    all.length * length,
    Float32Array,
    'Use fewer images, or a smaller width and height.',
  );
  const draw = drawing(width, height);
  const data = allocatingArrays('the images', () => new Float32Array(all.length * length));
  for (const [i, file] of all.entries()) {
    checked.signal?.throwIfAborted();
    write(await draw(file), channels, data.subarray(i * length, (i + 1) * length));
  }
  checked.signal?.throwIfAborted();
  const shape = [all.length, height, width, ...(channels === 1 ? [] : [channels])];
  return { shape, data, names: all.map(({ name }) => name), ...(labels && { labels }) };
}

function listOf(files: unknown): File[] {
  const expected = 'one or more image files, such as the files of an input element';
  if (!isObject(files) || typeof (files as { [Symbol.iterator]?: unknown })[Symbol.iterator] !== 'function')
    throw new OptionError('files', expected, files);
  const all = Array.from(files as unknown as Iterable<File>);
  if (all.length === 0) throw new OptionError('files', expected, files, 'none');
  all.forEach((file, i) => {
    if (!isObject(file) || typeof file.arrayBuffer !== 'function' || typeof file.name !== 'string')
      throw new OptionError(`files[${i}]`, 'a File', file);
  });
  return all;
}

function labelOf(file: File, label: Label, option: string): string {
  if (typeof label === 'function') {
    const given: unknown = label(file);
    if (typeof given === 'string') return given;
    throw new OptionError(`label(${option})`, 'a text', given);
  }
  const path = file.webkitRelativePath || file.name;
  const found = label === 'folder' ? path.split('/').at(-2) : /^(?:\p{L}+|\p{N}+)/u.exec(file.name)?.[0];
  if (found) return found;
  const expected = label === 'folder' ? 'a file from a folder' : 'a name that begins with letters or digits';
  throw new OptionError(option, expected, file, `'${path}'`);
}

/** @returns a function that draws an image file to one size, as red, green, blue and opacity of each pixel */
function drawing(width: number, height: number): (file: File) => Promise<Uint8ClampedArray> {
  const isBrowser = typeof createImageBitmap === 'function' && typeof OffscreenCanvas === 'function';
  // Pixels that are always read back are drawn by the processor, with the same result on every machine.
  const context =
    isBrowser && new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new UnsupportedError(
      `readImages needs createImageBitmap and an OffscreenCanvas of ${width} × ${height} pixels, which only ` +
        'browsers have. Elsewhere, unpack the images to an array of numbers and give it to arrayDataset.',
    );
  }
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white';
  return async (file) => {
    const bitmap = await createImageBitmap(file).catch((error) => {
      const advice = 'Leave the file out, or save it as PNG.';
      throw new FileError(
        file.name,
        'an image that this browser can read',
        error,
        {},
        'another file',
        advice,
      );
    });
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    return context.getImageData(0, 0, width, height).data;
  };
}

/** Writes the pixels of an image, from 0 to 255 with opacity, as numbers from 0 to 1. */
function write(pixels: Uint8ClampedArray, channels: 1 | 3, into: Float32Array): void {
  for (let from = 0, to = 0; from < pixels.length; from += 4) {
    if (channels === 3) {
      for (let colour = 0; colour < 3; colour++) into[to++] = pixels[from + colour] / 255;
    } else {
      into[to++] = (GREY[0] * pixels[from] + GREY[1] * pixels[from + 1] + GREY[2] * pixels[from + 2]) / 255;
    }
  }
}
