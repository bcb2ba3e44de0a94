import { type Table, tableDataset } from '../../../tables/index.ts';
import { MOST_CLASSES } from '../../settings/settings.ts';
import type { ImageSize } from '../../settings/study-data.ts';
import type { ChosenRows } from './chosen-rows.ts';
import type { Choice, Counts } from './protocol.ts';
import { TooManyClasses } from './read-problem.ts';

/** The smallest picture that columns are taken for, in pixels along its side. */
const LEAST_SIDE = 4;

/** The rows of a table that a choice makes. */
export function tableRows(table: Table, { label, task, columns, missing }: Choice): ChosenRows {
  const features = columns.length > 0 ? { features: columns } : {};
  const made =
    task === 'values'
      ? tableDataset(table, { label, task, missing, ...features })
      : tableDataset(table, { label, task, missing, ...features });
  const { report, encoding, ...data } = made;
  if ('labels' in data && data.classes > MOST_CLASSES) throw new TooManyClasses(data.classes);
  const unused = report.columns.flatMap(({ column, use, reason }) =>
    use === 'unused' && reason ? [{ column, reason }] : [],
  );
  const images = imageSizeOf(data.featureNames);
  const counts: Counts = {
    rows: data.count,
    features: data.features,
    ...('labels' in data && { classes: data.classes }),
    dropped: report.dropped,
    filled: report.filled,
    spread: report.columns.filter(({ use }) => use === 'category').map(({ column }) => column),
    constant: report.columns.filter(({ constant }) => constant).map(({ column }) => column),
    unused,
    ...(images && { pixels: true }),
  };
  const { format } = table;
  const reading = format && { format, encoding };
  return { data, counts, images, reading };
}

/** Names of pixels: pixel0, px_12, p07 (row 0, column 7), 28x28. Other numbered columns may be anything. */
const PIXEL = /^(?:px|pixels?)[ _-]?\d+$|^p\d\d$|^\d+x\d+$/i;

/** The size of the images whose pixels are the features: a square number of columns that are called so. */
export function imageSizeOf(names: readonly string[] = []): ImageSize | undefined {
  const side = Math.sqrt(names.length);
  const square = Number.isInteger(side) && side >= LEAST_SIDE;
  return square && names.every((name) => PIXEL.test(name)) ? { width: side, height: side } : undefined;
}
