export { Scaling, type ScalingData, standardize } from '../data/scaling.ts';
export { FileError, type FilePlace } from '../errors.ts';
export {
  arrayDataset,
  type ImageSize,
  type InputArray,
  type LabelArray,
  type LabelledArrays,
  type RowArray,
  type TargetArrays,
} from './array-dataset.ts';
export type { CsvOptions, ReadLimits } from './csv/options.ts';
export type {
  FeatureEncoding,
  LabelEncoding,
  MissingRule,
  TableEncoding,
} from './dataset/encoding.ts';
export { guessTask } from './dataset/label.ts';
export type { ColumnReport, DatasetReport, UnusedReason } from './dataset/report.ts';
export {
  type DatasetOptions,
  type EncodedRows,
  encodeRows,
  type TableClasses,
  type TableExtras,
  type TableValues,
  tableDataset,
} from './dataset/table-dataset.ts';
export { digits } from './digits.ts';
export type { NpyArray, NumberArray } from './numpy/npy-array.ts';
export { readNpy } from './numpy/read-npy.ts';
export { type NpzOptions, readNpz } from './numpy/read-npz.ts';
export { writeNpy } from './numpy/write-npy.ts';
export { writeNpz } from './numpy/write-npz.ts';
export { readCsv } from './read-csv.ts';
export { type IdxArray, readIdx } from './read-idx.ts';
export { type ImageOptions, type Images, readImages } from './read-images.ts';
export { type JsonOptions, type JsonTable, readJson } from './read-json.ts';
export type { ByteSource } from './source.ts';
export {
  type CategoryColumn,
  type Column,
  type DateOrder,
  MISSING,
  type Note,
  type NotePlace,
  type NoteReason,
  type NumberColumn,
  type Table,
  type TextFormat,
} from './table.ts';
export type { ReadProgress } from './text/text-source.ts';
