/** Text in rows and columns. The first column holds words, the others numbers. */
export interface Table {
  title: string;
  header: string[];
  rows: string[][];
  /** Lines below the table. */
  notes: string[];
}

/** The table as text for a terminal. */
export function toText({ title, header, rows, notes }: Table): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column].length)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return [title, ...[header, ...rows].map(line), ...notes].join('\n');
}

export function toMarkdown({ title, header, rows, notes }: Table): string {
  const line = (row: string[]) => `| ${row.join(' | ')} |`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  const list = notes.length > 0 ? ['', ...notes.map((note) => `- ${note}`)] : [];
  return [`## ${title}`, '', ...[header, rule, ...rows].map(line), ...list].join('\n');
}

/** Three significant digits, without an exponent. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(100, Math.max(0, 2 - magnitude)));
}
