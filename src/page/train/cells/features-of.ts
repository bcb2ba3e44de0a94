import type { FloatArray } from '../../../index.ts';
import type { StudyData } from '../../settings/study-data.ts';

/** The features of a training or test row, as they are in the file where rows are loaded. */
export function featuresOf(
  { train, test, loaded }: Pick<StudyData, 'train' | 'test' | 'loaded'>,
  part: 'train' | 'test',
  row: number,
): FloatArray {
  const data = loaded ? loaded.rows.data : part === 'train' ? train : test;
  const at = loaded ? loaded[part][row] : row;
  if (!data) return new Float32Array();
  const { inputs, features } = data;
  return inputs.slice(at * features, (at + 1) * features);
}
