import { expect, test } from 'vitest';
import { OptionError } from '../errors.ts';
import { UnsupportedError } from '../training-errors.ts';
import { type ImageOptions, readImages } from './read-images.ts';

const SIZE = { width: 8, height: 8 };
const FILE = new File([], 'cat-1.png');

test('readImages says what it needs outside a browser', async () => {
  const error = await readImages([FILE], SIZE).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(UnsupportedError);
  expect(error.message).toMatch(
    /needs createImageBitmap and an OffscreenCanvas of 8 × 8 pixels, which only browsers have/,
  );
});

test.each<[string, unknown, unknown, string]>([
  [
    'no file',
    [],
    SIZE,
    'files: expected one or more image files, such as the files of an input element, but got none',
  ],
  ['a text', ['a.png'], SIZE, "files[0]: expected a File, but got 'a.png'"],
  ['one file', FILE, SIZE, 'files: expected one or more image files'],
  ['no size', [FILE], { width: 8 }, 'height: expected a whole number of at least 1, but got undefined'],
  ['another name', [FILE], { ...SIZE, colour: 3 }, "colour: expected the name 'channels' for this option"],
  [
    'two channels',
    [FILE],
    { ...SIZE, channels: 2 },
    'channels: expected 1 (grey) or 3 (red, green and blue)',
  ],
  [
    'no folder',
    [FILE],
    { ...SIZE, label: 'folder' },
    "files[0]: expected a file from a folder, but got 'cat-1.png'",
  ],
  [
    'no name',
    [new File([], '_1.png')],
    { ...SIZE, label: 'name' },
    "files[0]: expected a name that begins with letters or digits, but got '_1.png'",
  ],
  ['no text', [FILE], { ...SIZE, label: () => 7 }, 'label(files[0]): expected a text, but got 7'],
])('readImages refuses %s', async (_, files, options, message) => {
  const error = await readImages(files as File[], options as ImageOptions).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(OptionError);
  expect(error.message).toContain(message);
});
