import type { DateOrder } from '../table.ts';

/**
 * How a column of a table becomes features. Missing values become the means where rows with them are kept.
 * `dates` is the order of day and month in the table, in which other tables are read where theirs is not certain.
 */
export type FeatureEncoding =
  /** The number itself. */
  | { column: string; kind: 'number'; mean: number; dates?: DateOrder }
  /** 1 for the text true, 0 for false, in letters of any case. */
  | { column: string; kind: 'truth'; mean: number }
  /** A feature for each text: 1 for that text, 0 for others, also for unknown ones. */
  | { column: string; kind: 'category'; categories: string[]; means: number[] };

/** How a column of a table becomes the answers of a data set. */
export type LabelEncoding =
  /** The index of the text, or of the number as JavaScript writes it. */
  | { column: string; kind: 'classes'; classes: string[] }
  /** The number itself. */
  | { column: string; kind: 'values'; dates?: DateOrder };

/** What to do with rows that lack a value: leave them out, put the mean in its place, or throw an error. */
export type MissingRule = 'drop' | 'mean' | 'error';

/**
 * How rows of a table become rows of a data set: plain data, which can be kept with a trained network for
 * other tables with the same columns, in any order.
 */
export interface TableEncoding {
  features: FeatureEncoding[];
  label: LabelEncoding;
  missing: MissingRule;
}

/** The names of the features that a column becomes. */
export function namesOf(feature: FeatureEncoding): string[] {
  if (feature.kind !== 'category') return [feature.column];
  return feature.categories.map((text) => `${feature.column}=${text}`);
}
