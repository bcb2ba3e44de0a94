import { type Column, guessTask, MISSING, type Table } from '../../../tables/index.ts';
import type { Choice, Preview, PreviewColumn } from './protocol.ts';

/** Rows that a person sees. */
const SHOWN = 6;
/** Numbers of more kinds than this are not counted. */
const MOST_KINDS = 1000;

/** Names that a label often has. */
const LABEL_NAME =
  /^(labels?|class(es)?|targets?|y|species|variety|category|kind|type|outcome|diagnosis|survived|quality|result|digit|레이블|라벨|클래스|정답|결과)$/i;

/** What a person sees of a table. */
export function previewOf(table: Table, name: string, sha256: string): Preview {
  const columns = table.columns.map(describe);
  const head = Array.from({ length: Math.min(SHOWN, table.rows) }, (_, row) =>
    table.columns.map((column) => textAt(column, row)),
  );
  const { rows, skipped, notes } = table;
  return { name, sha256, rows, columns, head, skipped, notes, guess: guess(columns, rows) };
}

function describe(column: Column): PreviewColumn {
  const { name } = column;
  const task = guessTask(column);
  if (column.kind === 'number')
    return { name, kind: column.time ? 'date' : 'number', ...kindsIn(column.values, Number.isNaN), task };
  const { missing } = kindsIn(column.values, (code) => code === MISSING);
  return { name, kind: 'text', kinds: column.categories.length, missing, task };
}

/** How many different values a column has, and how many rows without one. */
function kindsIn(values: Float64Array | Uint32Array, isMissing: (value: number) => boolean) {
  const found = new Set<number>();
  let missing = 0;
  for (const value of values) {
    if (isMissing(value)) missing++;
    else if (found.size <= MOST_KINDS) found.add(value);
  }
  return { kinds: found.size > MOST_KINDS ? undefined : found.size, missing };
}

function textAt(column: Column, row: number): string {
  if (column.kind === 'category') return column.categories[column.values[row]] ?? '';
  const value = column.values[row];
  if (Number.isNaN(value)) return '';
  // Dates have no time of day.
  return column.time
    ? new Date(value)
        .toISOString()
        .replace(/T00:00:00\.000Z$|(\.000)?Z$/, '')
        .replace('T', ' ')
    : String(value);
}

/** What is probably meant: as the network learns a label from all other columns. */
function guess(columns: readonly PreviewColumn[], rows: number): Choice {
  const able = columns.filter(({ kinds = rows }) => kinds > 1);
  const { name, task } = guessLabel(able, rows) ?? columns[columns.length - 1];
  return { label: name, task, columns: [], missing: 'drop' };
}

/** A column that is called so; else one that is no date, if there is one. */
function guessLabel(columns: readonly PreviewColumn[], rows: number): PreviewColumn | undefined {
  const named = columns.filter(({ name }) => LABEL_NAME.test(name.trim()));
  if (named.length > 0) return named[named.length - 1];
  const undated = columns.filter(({ kind }) => kind !== 'date');
  return guessUnnamed(undated.length > 0 ? undated : columns, rows);
}

/**
 * The last column, if it has classes; else the only text, or a first column of classes; else the
 * last one.
 */
function guessUnnamed(columns: readonly PreviewColumn[], rows: number): PreviewColumn | undefined {
  const last = columns[columns.length - 1];
  const classed = ({ task, kinds = rows }: PreviewColumn) =>
    task === 'classes' && kinds <= Math.max(2, rows / 2);
  if (!last || classed(last)) return last;
  const texts = columns.filter((column) => column.kind === 'text' && classed(column));
  if (texts.length === 1) return texts[0];
  const [first, ...others] = columns;
  return classed(first) && others.every(({ task }) => task === 'values') ? first : last;
}
