import { counted, isObject } from '../../checks/schema.ts';
import { FileError, type FilePlace } from '../../errors.ts';

interface Limits {
  columns: number;
  cells: number;
}

/** The names of the columns, and the cells of each row as texts; missing ones are empty. */
export interface Cells {
  names: string[];
  rows: string[][];
}

const SHAPES =
  'an array of records [{ "a": 1 }, …], an array of arrays [["a"], [1], …] or an object of columns { "a": [1, …] }';

/** @throws {FileError} if the value is no table, or holds arrays or objects in place of values */
export function cellsOf(value: unknown, what: string, limits: Limits): Cells {
  const cells = new JsonCells(what, limits);
  if (Array.isArray(value)) {
    if (value.length === 0) throw cells.wrong('at least one row', value, 'an empty array');
    return Array.isArray(value[0]) ? cells.ofArrays(value) : cells.ofRecords(value);
  }
  if (isObject(value)) return cells.ofColumns(value);
  throw cells.wrong(SHAPES, value);
}

class JsonCells {
  readonly #what: string;
  readonly #limits: Limits;

  constructor(what: string, limits: Limits) {
    this.#what = what;
    this.#limits = limits;
  }

  ofRecords(records: unknown[]): Cells {
    const columns = new Map<string, number>();
    const keys = records.map((record, i) => {
      if (!isObject(record) || Array.isArray(record))
        throw this.wrong(i === 0 ? SHAPES : 'a record, as the first one is', record, undefined, `[${i}]`, {
          record: i + 1,
        });
      const own = Object.keys(record);
      for (const key of own) if (!columns.has(key)) columns.set(key, columns.size);
      return own;
    });
    this.#check(columns.size, records.length);
    const rows = records.map((record, i) => {
      const cells = new Array<string>(columns.size).fill('');
      for (const key of keys[i]) {
        const value = (record as Record<string, unknown>)[key];
        cells[columns.get(key) as number] = this.#cell(value, () => `[${i}].${key}`, {
          record: i + 1,
          column: key,
        });
      }
      return cells;
    });
    return { names: Array.from(columns.keys()), rows };
  }

  ofArrays(arrays: unknown[]): Cells {
    const first = arrays[0] as unknown[];
    const hasNames = first.length > 0 && first.every((name) => typeof name === 'string');
    const names = hasNames ? (first as string[]) : first.map((_, i) => `column ${i + 1}`);
    const given = hasNames ? arrays.slice(1) : arrays;
    this.#check(names.length, given.length);
    const rows = given.map((array, k) => {
      const i = hasNames ? k + 1 : k;
      const place = { record: k + 1 };
      if (!Array.isArray(array) || array.length !== names.length) {
        const got = Array.isArray(array) ? counted(array.length, 'value') : undefined;
        throw this.wrong(`an array of ${names.length} values`, array, got, `[${i}]`, place);
      }
      return array.map((value, j) => this.#cell(value, () => `[${i}][${j}]`, { ...place, column: names[j] }));
    });
    return { names, rows };
  }

  ofColumns(columns: Record<string, unknown>): Cells {
    const names = Object.keys(columns);
    if (names.length === 0) throw this.wrong(SHAPES, columns, 'an empty object');
    const keys = Array.isArray(columns[names[0]]) ? undefined : Object.keys(Object(columns[names[0]]));
    const lists = names.map((name) => {
      const column = columns[name];
      if (Array.isArray(column)) return column;
      if (!isObject(column) || !keys) throw this.wrong(SHAPES, column, undefined, name, { column: name });
      return keys.map((key) => column[key]);
    });
    const { length } = lists[0];
    this.#check(names.length, length);
    const uneven = lists.findIndex((list) => list.length !== length);
    if (uneven >= 0) {
      const got = `${lists[uneven].length}`;
      throw this.wrong(`${length} values, as '${names[0]}' has`, lists[uneven], got, names[uneven], {
        column: names[uneven],
      });
    }
    const rows = Array.from({ length }, (_, i) =>
      lists.map((list, j) =>
        this.#cell(list[i], () => `${names[j]}[${i}]`, { record: i + 1, column: names[j] }),
      ),
    );
    return { names, rows };
  }

  /** @param path where it stands in the value */
  wrong(expected: string, value: unknown, got?: string, path = '', place: FilePlace = {}): FileError {
    return new FileError(path ? `${this.#what} at ${path}` : this.#what, expected, value, place, got);
  }

  #cell(value: unknown, path: () => string, place: FilePlace): string {
    if (value === null || value === undefined) return '';
    if (value instanceof Date) return value.toJSON() ?? '';
    if (typeof value !== 'object') return String(value);
    const expected = 'a number, a text, true, false or null in each column of a row';
    throw this.wrong(expected, value, undefined, path(), place);
  }

  #check(columns: number, rows: number): void {
    const { columns: mostColumns, cells } = this.#limits;
    if (rows === 0) throw this.wrong('at least one row', rows, 'none');
    if (columns > mostColumns)
      throw this.wrong(`at most ${mostColumns} columns (limits.columns)`, columns, `${columns}`);
    if (rows * columns > cells)
      throw this.wrong(`at most ${cells} values (limits.cells)`, rows * columns, `${rows * columns}`);
  }
}
