import { type Column, MISSING, type Table } from '../../../src/tables/index.ts';

/** The cells of a column: numbers, texts, and `null` where they are missing. */
export function cellsOf(column: Column): (number | string | null)[] {
  return column.kind === 'number'
    ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
    : Array.from(column.values, (code) => (code === MISSING ? null : column.categories[code]));
}

/** The columns of a table by name. */
export function shown({ columns }: Pick<Table, 'columns'>): Record<string, (number | string | null)[]> {
  return Object.fromEntries(columns.map((column) => [column.name, cellsOf(column)]));
}

/** The messages of a table's notes. */
export const messages = ({ notes }: Pick<Table, 'notes'>) => notes.map(({ message }) => message);
