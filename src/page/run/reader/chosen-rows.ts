import type { AnyDataset } from '../../../index.ts';
import type { ImageSize, TableReading } from '../../settings/study-data.ts';
import type { Counts } from './protocol.ts';

/** The rows of a choice. */
export interface ChosenRows {
  data: AnyDataset;
  counts: Counts;
  images?: ImageSize | undefined;
  reading?: TableReading | undefined;
}
