import type { TableEncoding } from '../../tables/dataset/encoding.ts';
import type { Changes, RegressionOptions, TrainerOptions } from '../../types.ts';

/** The languages of {@link exportCode}. */
export type CodeLanguage = 'numpy' | 'pytorch' | 'spiralnet';

/** The data sets with a label at each point, by the names of their functions. */
export type ClassGenerator = 'spiral' | 'circles' | 'moons' | 'blobs' | 'xor' | 'chequerboard';

/** The data sets with a value at each point. */
export type SurfaceGenerator = 'plane' | 'hills' | 'wave';

/**
 * A number that a network gets of the point (x, y). `'x2'`: x²; `'xy'`: x·y; `'sinx'`: sin πx; `'r'`: the
 * distance from the origin; `'angle'`: from the positive x axis, from −π to π.
 */
export type PointFeature = 'x' | 'y' | 'x2' | 'y2' | 'xy' | 'sinx' | 'siny' | 'r' | 'angle';

/** Rows that `split` keeps for testing. */
export interface CodeTest {
  /** Their share, from 0 to below 1. */
  share: number;
  /** The seed of `split`. Default 0. */
  seed?: number;
}

/** Points that a function of the library makes, with its options and their defaults. */
export interface GeneratedData {
  /** `'plane'` and `'tiltedPlane'` are the same; `'caseStudy'` has the points of the notes. */
  generator: ClassGenerator | SurfaceGenerator | 'tiltedPlane' | 'caseStudy';
  /** Of a class generator. */
  perClass?: number;
  classes?: number;
  /** Of a surface. */
  count?: number;
  noise?: number;
  seed?: number;
  /** The columns that are made of each point. Default x and y. */
  features?: PointFeature[];
  test?: CodeTest;
}

/** How a file of text is read. */
export interface CodeFormat {
  /** The character between columns; a space stands for any number of spaces and tabs. Default `','`. */
  delimiter?: string;
  /** The mark before the decimals. Default `'.'`. */
  decimal?: '.' | ',';
  /** Whether the first record is the names of the columns, which else are `column 1` and so on. Default true. */
  header?: boolean;
  /** Default UTF-8. */
  encoding?: string;
}

/** A table in a file of text, which the script reads. */
export interface FileData {
  /** The name of the file. */
  file: string;
  /** The SHA-256 of the file, as 64 hexadecimal digits; the script stops if the file has another one. */
  sha256: string;
  /**
   * The column with the classes, or with the target of a regression: its name, or its index, which counts
   * from the end if it is negative.
   */
  label: string | number;
  /**
   * How the columns become rows: `encoding` of the data set that `tableDataset` made. Default: that of
   * `options.data`, if it is such a data set. Without it the features are numbers, and rows with a missing
   * value are left out.
   */
  encoding?: TableEncoding;
  /** The names of the columns that are inputs; default: those of the encoding, else all but the label. */
  features?: string[];
  /** How the text is to be read, as the `format` of a table that `readCsv` gave says it. */
  format?: CodeFormat;
  /**
   * Whether the columns are scaled as `standardize` scales them, by the training rows; with `targets` the
   * target of a regression, too. Default false.
   */
  scaling?: boolean | { targets?: boolean };
  test?: CodeTest;
}

/** The handwritten digits of `spiralnet/data`, which scripts of Python take from scikit-learn. */
export interface DigitsData {
  generator: 'digits';
  /** Whether pixels are divided by 16, the largest, so that they are from 0 to 1. Default false. */
  scaling?: boolean;
  test?: CodeTest;
}

type WithoutData<Options extends { data: unknown }> = Omit<Options, 'data'> & Partial<Pick<Options, 'data'>>;

/** A run for {@link exportCode}: its options, its length, its data, and the changes on the way. */
export interface CodeRun {
  /**
   * The options of `createTrainer`. Those of the backend play no part. With a file as data, `data`
   * may be left out: then the loss `'squared-error'` makes the run a regression.
   */
  options: WithoutData<TrainerOptions> | WithoutData<RegressionOptions>;
  /** The number of updates. */
  steps: number;
  /** A loss is printed before the update of every step that this number divides. */
  every: number;
  /** Whether the loss after the last update is printed too. */
  last?: boolean;
  /**
   * Where the rows come from. By default the rows of `options.data`, which the script then contains:
   * at most 6,000 numbers.
   */
  data?: GeneratedData | DigitsData | FileData | TrainerOptions['data'] | RegressionOptions['data'];
  /** The changes of `trainer.set`, each with the number of updates that were applied before it. */
  changes?: (Changes & { step: number })[];
  /**
   * A file that `exportModel(trainer, 'npz')` wrote, from which the script takes the starting weights:
   * for more numbers than a script may contain.
   */
  weights?: string;
}
