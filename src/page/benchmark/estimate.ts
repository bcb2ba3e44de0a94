import { isIsolated, machineOf, Program } from '../run/benchmark/program.ts';
import type { MeasuredNetwork } from '../run/benchmark/results.ts';
import type { AdapterReport, BenchmarkOptions, OwnSizes } from '../run/protocol.ts';
import { DEFAULTS, type Range, type Settings } from '../settings/settings.ts';
import { notesSettings } from '../settings/study.ts';
import type { StudyData } from '../settings/study-data.ts';
import { sizesOf } from '../settings/work.ts';

/** The sizes that a person may choose. */
export const OWN_RANGES: Record<keyof OwnSizes, Range> = {
  hidden: { min: 1, max: 1024, whole: true },
  points: { min: 10, max: 5000, whole: true },
  features: { min: 1, max: 784, whole: true },
};

/** About the seconds of a benchmark on a usual laptop; undefined where there is nothing to measure. */
export function expectedSeconds(
  options: Required<BenchmarkOptions>,
  train: { settings: Settings; data: StudyData },
  adapter: AdapterReport | undefined,
): number | undefined {
  const network = networkOf(options, train);
  if (!network) return undefined;
  const machine = machineOf(measuredOf(adapter), navigator.hardwareConcurrency, isIsolated());
  return new Program(options.pace, network, machine).milliseconds / 1000;
}

/** The adapter that the benchmark will have. Train may be on the CPU though there is a GPU. */
function measuredOf(adapter: AdapterReport | undefined): Pick<AdapterReport, 'backend' | 'software'> {
  if (!adapter) return { backend: 'webgpu', software: false };
  const { backend, software, reason } = adapter;
  return { backend: reason === 'chosen' || reason === 'faster' ? 'webgpu' : backend, software };
}

function networkOf(
  { model, own }: Required<BenchmarkOptions>,
  { settings, data }: { settings: Settings; data: StudyData },
): Pick<MeasuredNetwork, 'sizes' | 'batch'> | undefined {
  if (model === 'own') return { sizes: [own.features, own.hidden, DEFAULTS.classes], batch: own.points };
  if (model === 'train') {
    if (!data.train) return undefined;
    const { batchSize } = settings;
    const rows = data.train.count;
    return { sizes: sizesOf(settings, data), batch: batchSize > 0 ? Math.min(batchSize, rows) : rows };
  }
  const { features, hidden, classes, perClass } = notesSettings(model);
  return { sizes: [features.length, ...hidden, classes], batch: classes * perClass };
}
