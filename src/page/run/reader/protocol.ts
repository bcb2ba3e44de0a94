import type { AnyDataset } from '../../../index.ts';
import type { Note, UnusedReason } from '../../../tables/index.ts';
import type { TrainingFile } from '../../settings/resumption.ts';
import type { TableChoice } from '../../settings/settings.ts';
import type { ImageSize, TableReading } from '../../settings/study-data.ts';

/** What a person learns from a table; without columns, from all that seem to be features. */
export type Choice = Omit<TableChoice, 'name' | 'sha256'>;

/** The page's messages to the reader. To end its work, the page ends the reader. */
export type ReaderCommand =
  | { type: 'read'; files: readonly File[] }
  /** Makes rows of what was read; an answer names the number of its choice. */
  | { type: 'choose'; number: number; choice: Choice }
  /** Hands over the rows of the last choice; the reader keeps nothing. */
  | { type: 'take' };

export interface PreviewColumn {
  name: string;
  kind: 'number' | 'text' | 'date';
  /** Different texts or numbers; undefined if there are very many. */
  kinds: number | undefined;
  /** Rows without a value. */
  missing: number;
  /** What the column probably holds, if it is learned. */
  task: Choice['task'];
}

/** What has been read, as far as a person needs to see it. */
export interface Preview {
  name: string;
  /** SHA-256 of the file in hexadecimal digits; empty where the connection is not secure. */
  sha256: string;
  rows: number;
  /** None of images. */
  columns: readonly PreviewColumn[];
  /** The first rows as texts; empty where a value is missing. */
  head: readonly (readonly string[])[];
  /** Records of the file that are no rows; `notes` say why, and what else was decided. */
  skipped: number;
  notes: readonly Note[];
  images?: ImageSize & {
    /** The first images, from 0 (black) to 255, one after the other; and what they show. */
    pixels: Uint8ClampedArray;
    shown: readonly string[];
  };
  /** What is probably meant. */
  guess: Choice;
}

/** The rows that a choice makes. */
export interface Counts {
  rows: number;
  features: number;
  /** Absent for values. */
  classes?: number;
  /** Rows that are left out, as a value is missing, and values that are filled with the mean. */
  dropped: number;
  filled: number;
  /** Columns that become a feature for each of their texts. */
  spread: readonly string[];
  /** Columns that have the same value in all rows. */
  constant: readonly string[];
  unused: readonly { column: string; reason: UnusedReason }[];
  /** The features are the pixels of images. */
  pixels?: true;
}

/** Why a file cannot be read, or a choice not be made; the page has a sentence for each kind. */
export interface ReadProblem {
  kind:
    | 'spreadsheet'
    | 'untrained'
    | 'rate'
    | 'damaged'
    | 'several'
    | 'unlabelled'
    | 'table'
    | 'label'
    | 'values'
    | 'features'
    | 'gaps'
    | 'classes'
    | 'memory'
    | 'unreadable'
    | 'frame'
    | 'worker'
    | 'unknown';
  /** Where in the file, and the value there. */
  line?: number | undefined;
  record?: number | undefined;
  column?: string | undefined;
  value?: string | undefined;
  /** The library's own words, in English. */
  detail?: string | undefined;
}

/** The reader's messages to the page. */
export type ReaderReport =
  | { type: 'progress'; bytes: number; total: number; rows: number }
  | { type: 'preview'; preview: Preview }
  /** The file is a run, which goes on; the reader keeps nothing. */
  | { type: 'training'; training: TrainingFile }
  /** The answer to a choice: its rows, or why there are none. */
  | { type: 'chosen'; number: number; counts?: Counts; problem?: ReadProblem }
  | {
      type: 'taken';
      data: AnyDataset;
      /** The same in buffers of their own, for the worker of the run. */
      twin: AnyDataset;
      images?: ImageSize | undefined;
      reading?: TableReading | undefined;
    }
  | { type: 'problem'; problem: ReadProblem };
