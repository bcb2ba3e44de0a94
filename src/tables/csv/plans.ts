import { similarName } from '../../checks/names.ts';
import { OptionError } from '../../errors.ts';
import type { Notes } from '../table.ts';
import { type ColumnPlan, STRAY } from './column-builder.ts';
import type { MissingTexts } from './missing.ts';
import { commaNumber, commasNumber, type Marks, marksOf, type NumberReader, pointNumber } from './numbers.ts';
import { DATES, isoTime } from './times.ts';

export type Decimal = '.' | ',';

/** What a caller says of the columns of a file. */
interface Said {
  decimal?: Decimal | undefined;
  kinds: Readonly<Record<string, ColumnPlan['kind']>>;
}

/** What the numbers of a file tell of its decimal mark. */
export interface FileMarks {
  /** The mark, where it is known. */
  decimal: Decimal | undefined;
  /** Nothing tells whether `1.234` is a thousand, and other languages may have written the file. */
  unclear: boolean;
}

/**
 * The decimal mark of a file: the one of most numbers that tell; else the comma where cells stand apart
 * by semicolons, as they do where the comma is the decimal mark, but not where all marks are points as in `1.234`.
 */
export function guessDecimal(records: readonly string[][], delimiter: string): FileMarks {
  const counts: Record<NonNullable<Marks>, number> = {
    point: 0,
    commas: 0,
    comma: 0,
    points: 0,
    'comma-or-commas': 0,
    'point-or-points': 0,
  };
  for (const cell of records.flat()) {
    const marks = marksOf(cell);
    if (marks) counts[marks]++;
  }
  const difference = counts.comma + counts.points - counts.point - counts.commas;
  if (difference !== 0) return { decimal: difference > 0 ? ',' : '.', unclear: false };
  const unclear = delimiter !== ',' && counts.comma + counts.points + counts['comma-or-commas'] === 0;
  if (delimiter !== ';') return { decimal: undefined, unclear };
  return { decimal: unclear && counts['point-or-points'] > 0 ? '.' : ',', unclear };
}

/**
 * Finds out what each column holds.
 * @param records rows of the file
 * @param marks the decimal mark of the file
 * @throws {OptionError} if the caller has said something of a column that is not there
 */
export function guessPlans(
  names: readonly string[],
  records: readonly string[][],
  { decimal, unclear }: FileMarks,
  said: Said,
  missing: MissingTexts,
  notes: Notes,
): ColumnPlan[] {
  const known = new Set(names);
  for (const [name, kind] of Object.entries(said.kinds)) {
    if (known.has(name)) continue;
    const meant = similarName(name, names, {});
    const expected = meant ? `the name '${meant}' for this column` : 'the name of a column';
    throw new OptionError(`kinds.${name}`, expected, kind);
  }
  return names.map((name, i) => {
    const given = Object.hasOwn(said.kinds, name) ? said.kinds[name] : undefined;
    if (given === 'category') return { kind: 'category', read: pointNumber, certain: true };
    const cells: string[] = [];
    for (const record of records) {
      const cell = record[i];
      if (cell !== undefined && !missing.inNumbers(cell)) cells.push(cell);
    }
    const found = planOf(cells, decimal, said.decimal);
    if (found === 'uncertain' && given !== 'number') {
      notes.add('uncertain-number', name);
      return { kind: 'category', read: pointNumber };
    }
    const numbers: ColumnPlan = { kind: 'number', read: decimal === ',' ? commaNumber : pointNumber };
    let plan: ColumnPlan;
    if (found !== 'uncertain' && found) plan = found;
    // Without cells that tell, a column holds numbers; later texts make texts of it.
    else plan = cells.length === 0 || given === 'number' ? numbers : { kind: 'category', read: pointNumber };
    if (plan.kind === 'number')
      noteMarks(plan.read, cells, unclear, said.decimal, (reason) => notes.add(reason, name));
    return given === 'number' ? { ...plan, certain: true } : plan;
  });
}

/** Notes what the marks of a column of numbers were taken for, where that is no matter of course. */
function noteMarks(
  read: NumberReader,
  cells: readonly string[],
  unclear: boolean,
  said: Decimal | undefined,
  add: (reason: 'decimal-comma' | 'thousands-point' | 'unclear-point') => void,
): void {
  const has = (...wanted: Marks[]) => cells.some((cell) => wanted.includes(marksOf(cell)));
  if (read === commaNumber && cells.some((cell) => cell.includes(','))) add('decimal-comma');
  else if (read === commaNumber && has('points', 'point-or-points')) add('thousands-point');
  else if (read === pointNumber && unclear && !said && has('point-or-points')) add('unclear-point');
}

/** The plan of a column of numbers or points in time; undefined for texts, or if nothing tells. */
function planOf(
  cells: readonly string[],
  decimal: Decimal | undefined,
  said: Decimal | undefined,
): ColumnPlan | 'uncertain' | undefined {
  if (cells.length === 0) return undefined;
  const count = (read: NumberReader) =>
    cells.reduce((sum, cell) => sum + (Number.isNaN(read(cell)) ? 0 : 1), 0);
  const enough = (1 - STRAY) * cells.length;
  const fits = (read: NumberReader) => count(read) >= enough;
  const comma = decimal === ',' && fits(commaNumber);
  if (comma && (said || !cells.some((cell) => marksOf(cell) === 'point')))
    return { kind: 'number', read: commaNumber };
  if (fits(pointNumber)) return { kind: 'number', read: pointNumber };
  const marks = new Set(cells.map(marksOf));
  if (said !== ',' && fits(commasNumber) && (marks.has('commas') || decimal === '.' || said))
    return { kind: 'number', read: commasNumber };
  if (said !== '.' && fits(commaNumber)) {
    if (marks.has('comma') || marks.has('points')) return { kind: 'number', read: commaNumber };
    if (marks.has('comma-or-commas')) return 'uncertain';
  }
  return timePlan(count, enough);
}

/** The plan of a column of points in time. Of day and month one comes first for sure, or it is none. */
function timePlan(count: (read: NumberReader) => number, enough: number): ColumnPlan | undefined {
  if (count(isoTime) >= enough) return { kind: 'number', read: isoTime, time: true };
  const [days, months] = [count(DATES['day-first']), count(DATES['month-first'])];
  if (Math.max(days, months) < enough || days === months) return undefined;
  const dates = days > months ? 'day-first' : 'month-first';
  return { kind: 'number', read: DATES[dates], time: true, dates };
}
