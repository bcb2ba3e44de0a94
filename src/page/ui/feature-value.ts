import { isTimed, type RowSet } from '../settings/study-data.ts';
import { formatRaw } from './format.ts';
import { formatTime } from './ticks.ts';

/** A feature of a row, as its file has it. */
export const formatFeature = (rows: RowSet, feature: number, value: number): string =>
  isTimed(rows, feature) ? formatTime(value) : formatRaw(value);
