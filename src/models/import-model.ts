import { FileError } from '../errors.ts';
import { bytesOf, startOf } from './formats/file-bytes.ts';
import { FORMATS, formatOf, type ModelFormat } from './formats/formats.ts';
import type { Model } from './model.ts';

/**
 * Reads a model from a file in any format of `exportModel` but `'javascript'`, which the bytes tell.
 * @param bytes the contents of the file; a Blob, such as a File that was dropped onto a page, too
 * @throws {FileError} if the file is of no such format, or damaged; the message says what was expected
 * @throws {OptionError} if `bytes` are none
 */
export async function importModel(bytes: ArrayBuffer | ArrayBufferView | Blob): Promise<Model> {
  const file = await bytesOf(bytes);
  const formats = (Object.keys(FORMATS) as ModelFormat[]).map(formatOf);
  const found = formats.find(({ reading }) => reading?.recognises(file));
  if (found?.reading) return found.reading.read(file);
  const readable = (Object.keys(FORMATS) as ModelFormat[]).filter((name) => formatOf(name).reading);
  // The modules that are written begin with a comment.
  const advice =
    file[0] === 0x2f ? 'A module of JavaScript runs by import(), and is not read back.' : undefined;
  throw new FileError('file', `a model as ${readable.join(' or ')}`, file, {}, startOf(file), advice);
}
