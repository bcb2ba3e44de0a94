import { CsvReading } from './csv/csv-reading.ts';
import { type CsvOptions, csvOptions } from './csv/options.ts';
import type { ByteSource } from './source.ts';
import { Notes, type Table } from './table.ts';
import { TextSource } from './text/text-source.ts';

/**
 * Reads a table from a text with a record a line, as spreadsheets and programs write it: CSV, TSV and
 * their kin, also packed by gzip. The file is read in pieces; only the numbers stay in memory.
 *
 * Found out, unless an option tells: the delimiter (`,` `;` tab `|`, or spaces), the encoding (UTF-8,
 * UTF-16, else EUC-KR or Windows-1252), whether there is a header, the decimal mark, and what each column holds: numbers,
 * points in time (ISO 8601; day, month and year where their order is certain; read as milliseconds since
 * the beginning of 1970, UTC), or texts. A column in which at most one value in twenty is no number is a
 * column of numbers, and these values are missing. Records with too few values get missing ones at the
 * end; those with too many are skipped. `notes` of the table tell all of it.
 *
 * @param source the text, or where its bytes come from
 * @throws {FileError} if the source is no such text (an .xlsx workbook, for example), has no rows, ends
 * within quotes or exceeds `limits`
 * @throws {OptionError} if an option or the source cannot be used
 * @throws the signal's reason after an abort
 */
export async function readCsv(source: string | ByteSource, options: CsvOptions = {}): Promise<Table> {
  const checked = csvOptions(options);
  const notes = new Notes();
  const text = new TextSource(source, checked, notes, 'a text with a record a line (CSV)');
  const reading = new CsvReading(checked, text.what, notes);
  for await (const piece of text.pieces(() => reading.rows)) reading.push(piece);
  const table = await reading.end(text.encoding, () => text.pause());
  text.report(table.rows);
  return table;
}
