/** A column as a test writes it; `null` is a missing value. */
export interface WrittenColumn {
  name: string;
  cells: (number | string | null)[];
}

/** How a strict writer writes a table. */
export interface Writing {
  delimiter: string;
  newline: '\n' | '\r\n' | '\r';
  decimal: '.' | ',';
  encoding: 'utf-8' | 'utf-8 with BOM' | 'utf-16le' | 'utf-16be';
  quotes: 'needed' | 'always';
  /** Whether the last line has an end. */
  closed: boolean;
}

/** Writes a table as RFC 4180 has it: what needs quotes has them, and quotes in quotes are doubled. */
export function writeCsv(columns: readonly WrittenColumn[], writing: Writing): string {
  const { delimiter, newline, decimal, quotes, closed } = writing;
  const special = (text: string) => text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text);
  const cell = (value: number | string | null) => {
    if (value === null) return '';
    const text = typeof value === 'number' ? String(value).replace('.', decimal) : value;
    if (quotes === 'needed' && !special(text)) return text;
    return `"${text.replaceAll('"', '""')}"`;
  };
  const rows = columns[0].cells.map((_, row) => columns.map(({ cells }) => cells[row]));
  const records = [columns.map(({ name }) => name), ...rows];
  return records.map((record) => record.map(cell).join(delimiter)).join(newline) + (closed ? newline : '');
}

/** The bytes of a text. UTF-16 begins with its mark. */
export function encodeText(text: string, encoding: Writing['encoding']): Uint8Array<ArrayBuffer> {
  if (encoding === 'utf-8') return new TextEncoder().encode(text);
  const marked = `\ufeff${text}`;
  if (encoding === 'utf-8 with BOM') return new TextEncoder().encode(marked);
  const bytes = new DataView(new ArrayBuffer(2 * marked.length));
  for (let i = 0; i < marked.length; i++)
    bytes.setUint16(2 * i, marked.charCodeAt(i), encoding === 'utf-16le');
  return new Uint8Array(bytes.buffer);
}

/** A stream of bytes, cut into pieces of these sizes, which are repeated. */
export function streamOf(bytes: Uint8Array, sizes: readonly number[]): ReadableStream<Uint8Array> {
  let [at, i] = [0, 0];
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const size = sizes[i++ % sizes.length];
      controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}
