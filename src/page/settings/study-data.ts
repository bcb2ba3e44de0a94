import type { AnyDataset, FloatArray } from '../../index.ts';
import type { TableEncoding, TextFormat } from '../../tables/index.ts';
import type { PlotRange, Point } from './plane.ts';
import type { Settings } from './settings.ts';

/** Pixels along the sides of an image whose pixels are the features of a row, row by row. */
export interface ImageSize {
  width: number;
  height: number;
}

/**
 * Rows that are loaded and not generated, in raw units. A link cannot hold them: the page keeps them,
 * and posts them to the worker.
 */
export interface RowSet {
  /** {@link rowsKey} of the settings that describe them. */
  key: string;
  data: AnyDataset;
  images?: ImageSize;
  reading?: TableReading;
  /** The names of the columns that are points in time, in milliseconds since 1970. */
  times?: readonly string[];
}

/** Whether a feature of rows is a point in time. */
export const isTimed = ({ data, times }: RowSet, feature: number): boolean =>
  times?.includes(data.featureNames?.[feature] ?? '') ?? false;

/** How a table of text becomes rows. */
export interface TableReading {
  format: TextFormat;
  encoding: TableEncoding;
}

/** The most sets of rows that are kept: a person may go back to the one before. */
const KEPT = 3;

/** Adds rows to those that are kept, the newest last. */
export const withRows = (kept: readonly RowSet[], rows: RowSet): readonly RowSet[] =>
  [...kept.filter(({ key }) => key !== rows.key), rows].slice(-KEPT);

/** What rows the settings need; undefined if they are generated. */
export function rowsKey({ shape, table }: Pick<Settings, 'shape' | 'table'>): string | undefined {
  if (shape !== 'table') return shape === 'digits' ? shape : undefined;
  if (!table) return shape;
  const { name, sha256, label, task, missing, columns } = table;
  return `table ${JSON.stringify([name, sha256, label, task, missing, columns])}`;
}

/**
 * A plane through the space of the features, as the network gets them: the row at (x, y) is origin +
 * x·u + y·v. All rows lie between −1 and 1 in both directions.
 */
export interface Plane {
  /** Another number for another plane. */
  id: number;
  origin: Float64Array;
  u: Float64Array;
  v: Float64Array;
  /** The features along u and v; without any, the principal components. */
  axes: readonly number[];
  /** The parts of all variance that lie along the principal components. */
  shares?: readonly number[];
}

/** A feature, an output or a class in the units of the loaded rows: `raw = mean + deviation · scaled`. */
export interface Units {
  mean: number;
  deviation: number;
}

/** Units in which nothing is scaled. */
export const PLAIN: Units = { mean: 0, deviation: 1 };

/** What loaded rows have beside what all data have. */
export interface LoadedData {
  rows: RowSet;
  /** The rows of the training and the test data in `rows`. */
  train: Uint32Array;
  test: Uint32Array;
  /** Of each feature, and of the values of a regression; mean 0 and deviation 1 without scaling. */
  units: readonly Units[];
  valueUnits: Units;
  /** Of images: the mean of the training images, and the largest pixel of all, as they are in the file. */
  pixels?: { mean: Float32Array; most: number };
  plane: Plane | undefined;
}

/** What a network is trained on, and how it is drawn over a plane. */
export interface StudyData {
  /** As the network gets them; absent where there are no rows. */
  train: AnyDataset | undefined;
  test: AnyDataset | undefined;
  /** Where the rows lie in the plane, in their order; of very many, evenly chosen ones. Without a plane none. */
  points: { train: Point[]; test: Point[] };
  /** The part of the plane that is drawn. */
  range: PlotRange;
  /**
   * What the network gets at points of the plane.
   * @param points `count × 2`
   * @returns `count × inputs`
   */
  inputsAt<Rows extends FloatArray>(points: Rows): Rows;
  /** The names of the network's inputs. */
  inputs: readonly string[];
  /** Classes, or the values of a row. */
  outputs: number;
  classNames?: readonly string[] | undefined;
  /** The value that is drawn white, and how far from it colours are full. */
  colours: Units;
  loaded?: LoadedData;
}

/** Loaded rows, divided into training and test rows, before they are drawn over a plane. */
export type Divided = Omit<StudyData, 'points' | 'range' | 'inputsAt' | 'loaded'> & {
  train: AnyDataset;
  loaded: Omit<LoadedData, 'plane'>;
};

/** Divided rows on their way to the page, which has the rows themselves. */
export type DividedRows = Omit<Divided, 'loaded'> & { loaded: Omit<Divided['loaded'], 'rows'> };

/** What the division of rows depends on. */
export const divisionKey = (
  { key }: RowSet,
  { testShare, dataSeed, scaled }: Pick<Settings, 'testShare' | 'dataSeed' | 'scaled'>,
): string => JSON.stringify([key, testShare, dataSeed, scaled]);

/** The classes of a data set, or the values of a row. */
export const outputsOf = (data: AnyDataset): number => ('labels' in data ? data.classes : data.outputs);

/** A data set with arrays of its own. */
export const copied = (data: AnyDataset): AnyDataset =>
  'labels' in data
    ? { ...data, inputs: data.inputs.slice(), labels: data.labels.slice() }
    : { ...data, inputs: data.inputs.slice(), targets: data.targets.slice() };

/** The buffers of a data set, which can be handed over. */
export const buffersOf = (data: AnyDataset): ArrayBuffer[] =>
  [data.inputs, 'labels' in data ? data.labels : data.targets].map(({ buffer }) => buffer as ArrayBuffer);
