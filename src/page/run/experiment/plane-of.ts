import { type AnyDataset, principalComponents } from '../../../index.ts';
import { planeThrough } from '../../settings/row-data.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Plane, StudyData } from '../../settings/study-data.ts';

/** The most rows, evenly spread, from which components are computed, and features. */
const MOST_ROWS = 20_000;
const MOST_FEATURES = 2048;

/** The plane of the principal components that was found last, and its rows. */
let last: { train: AnyDataset; plane: Plane } | undefined;

/** The plane of the settings through rows: of two features, or of the principal components. */
export async function planeOf(
  data: StudyData & { train: AnyDataset },
  { axes }: Pick<Settings, 'axes'>,
  device: GPUDevice | undefined,
): Promise<Plane> {
  const { train } = data;
  if (axes.length > 0 && axes.every((axis) => axis < train.features)) return planeThrough(data, { axes });
  if (last?.train !== train) last = { train, plane: await componentPlane(data, device) };
  return last.plane;
}

/** The plane of the two principal components; of the first two features where they are not found. */
async function componentPlane(
  data: StudyData & { train: AnyDataset },
  device: GPUDevice | undefined,
): Promise<Plane> {
  const { features, inputs, count } = data.train;
  if (features < 2 || features > MOST_FEATURES) return planeThrough(data, { axes: [0, 1] });
  const stride = Math.ceil(count / MOST_ROWS);
  const some =
    stride === 1
      ? inputs
      : Float64Array.from(
          { length: Math.floor(count / stride) * features },
          (_, i) => inputs[Math.floor(i / features) * stride * features + (i % features)],
        );
  const place = device ? { device } : { backend: 'cpu' as const };
  try {
    const { components, variances, total } = await principalComponents({ inputs: some, features }, place);
    const shares = Array.from(variances, (variance) => (total > 0 ? variance / total : 0));
    return planeThrough(data, { axes: [], components, shares });
  } catch (error) {
    console.info(error);
    return planeThrough(data, { axes: [0, 1] });
  }
}
