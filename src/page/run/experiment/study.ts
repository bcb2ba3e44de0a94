import { lacksPointKit, loadPointKit, planeData } from '../../settings/plane-data.ts';
import type { Settings } from '../../settings/settings.ts';
import { type RowSet, rowsKey, type StudyData } from '../../settings/study-data.ts';
import type { Data } from './pictures.ts';

/** The data of a run, without the plane of loaded rows. Without the rows of the settings they are empty. */
export async function studyData(settings: Settings, rows: RowSet | undefined): Promise<StudyData> {
  if (lacksPointKit(settings)) await loadPointKit();
  if (!rows || rows.key !== rowsKey(settings)) return planeData(settings);
  const { divide, rowData } = await import('../../settings/row-data.ts');
  return rowData(divide(rows, settings), undefined);
}

/** The same data over the plane of the settings. */
export async function overPlane(
  data: Data,
  settings: Settings,
  device: GPUDevice | undefined,
): Promise<Data> {
  if (!data.loaded) return data;
  const { planeOf } = await import('./plane-of.ts');
  const { rowData } = await import('../../settings/row-data.ts');
  const { train, loaded } = data;
  return { ...rowData({ ...data, train, loaded }, await planeOf(data, settings, device)), train };
}
