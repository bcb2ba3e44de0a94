import { FileError } from '../../errors.ts';

interface Foreign {
  got: string;
  advice: string;
}

const SHEET =
  'Save the sheet as CSV (in Excel: File, Save As, CSV UTF-8; in LibreOffice: File, Save As, Text CSV) and read that.';
const TABLE = 'Save the table as CSV and read that.';

/** First bytes of files that are no text, as Latin-1. */
const SIGNATURES: [start: string, got: string, advice: string][] = [
  [
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    'an old workbook of Excel (.xls) or another old document of Office',
    SHEET,
  ],
  ['%PDF', 'a PDF document', TABLE],
  ['\x89PNG', 'a PNG image', 'readImages reads images.'],
  ['\xff\xd8\xff', 'a JPEG image', 'readImages reads images.'],
  ['GIF8', 'a GIF image', 'readImages reads images.'],
  ['\x93NUMPY', 'an array of NumPy (.npy)', 'readNpy reads it.'],
  ['\x89HDF', 'an HDF5 file', 'Write its table as CSV, with pandas for example, and read that.'],
  ['PAR1', 'a Parquet file', 'Write its table as CSV, with pandas for example, and read that.'],
  ['ARROW1', 'an Arrow file', 'Write its table as CSV, with pandas for example, and read that.'],
  ['SQLite format 3', 'a database of SQLite', 'Export a table of it as CSV and read that.'],
  ['{\\rtf', 'an RTF document', TABLE],
  ['7z\xbc\xaf', 'a 7z archive', 'Unpack it and read the table in it.'],
  ['Rar!', 'a RAR archive', 'Unpack it and read the table in it.'],
  ['BZh', 'a bzip2 file', 'Unpack it and read the table in it.'],
  ['\xfd7zXZ', 'an xz file', 'Unpack it and read the table in it.'],
  ['\x28\xb5\x2f\xfd', 'a zstd file', 'Unpack it and read the table in it.'],
];

/**
 * Refuses a file that is known by its first bytes to be no text.
 * @throws {FileError} with what to do instead
 */
export function refuseForeign(head: Uint8Array, what: string, expected: string): void {
  const start = latin1(head);
  const found = start.startsWith('PK\x03\x04') ? archive(start) : foreign(start);
  if (found) throw new FileError(what, expected, start.slice(0, 8), {}, found.got, found.advice);
}

/**
 * Refuses a text with a character NUL, as files have that are no text.
 * @param line the line at which the text begins, or shortly before
 * @throws {FileError} with what to do instead
 */
export function refuseNul(text: string, what: string, line = 1): void {
  const nul = text.indexOf('\0');
  if (nul < 0) return;
  const place = { line: line + text.slice(0, nul).split(/\r\n|\n|\r/).length - 1 };
  throw new FileError(what, 'a text', '\0', place, 'a character NUL, as in files that are no text', TABLE);
}

/**
 * Refuses a text that is known by its beginning to be no table.
 * @throws {FileError} with what to do instead
 */
export function refuseOtherText(text: string, what: string): void {
  const start = text.slice(0, 200).trimStart();
  const expected = 'a text with a record a line (CSV)';
  if (/^<(?:!doctype html|html|\?xml)/i.test(start))
    throw new FileError(
      what,
      expected,
      start,
      {},
      'a page or document of HTML or XML',
      'Check the address, or save the table as CSV.',
    );
  if (/^(?:\[\s*[[{]|\{\s*"[^"\r\n]*"\s*:)/.test(start))
    throw new FileError(what, expected, start, {}, 'JSON', 'readJson reads it.');
  // Lines of comments come first.
  if (/^(?:%.*[\r\n]|\s)*@relation\s/i.test(text.slice(0, 2 ** 16)))
    throw new FileError(
      what,
      expected,
      start,
      {},
      'an ARFF file, as Weka has them',
      'Replace all up to @data by a line with the names of the columns, and read that.',
    );
}

function foreign(start: string): Foreign | undefined {
  const found = SIGNATURES.find(([signature]) => start.startsWith(signature));
  return found && { got: found[1], advice: found[2] };
}

/** A zip file, by the names of its first parts. */
function archive(start: string): Foreign {
  if (/\[Content_Types\]\.xml|_rels\/|xl\/|docProps\//.test(start)) {
    const kind = /word\//.test(start) ? 'a document of Word (.docx)' : 'a workbook of Excel (.xlsx)';
    return { got: kind, advice: SHEET };
  }
  if (start.includes('opendocument')) return { got: 'a document of LibreOffice (.ods)', advice: SHEET };
  if (/\.npy/.test(start)) return { got: 'arrays of NumPy (.npz)', advice: 'readNpz reads it.' };
  return { got: 'a zip archive', advice: 'Unpack it and read the table in it.' };
}

function latin1(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4096), (byte) => String.fromCharCode(byte)).join('');
}
