import { type AnyDataset, caseStudy, type Dataset, RandomState } from '../../../index.ts';
import type { NetworkOptions } from '../../settings/network.ts';
import { trainerOptions } from '../../settings/trainer-options.ts';
import type { BenchmarkOptions, OwnSizes, TrainedNetwork } from '../protocol.ts';
import type { MeasuredNetwork } from './results.ts';

/** Small updates, with which no network diverges. Their size does not change the time. */
const SMALL_RATE = 1e-3;
const OWN_CLASSES = 3;

/** A network to measure, and the networks that differ from it in the width of their hidden layers only. */
export interface Measurand {
  options: NetworkOptions;
  withUnits(hidden: number): NetworkOptions;
  facts: MeasuredNetwork;
}

/** @param trained the network of Train, if that is measured */
export function measurand({ model, own }: BenchmarkOptions, trained: TrainedNetwork | undefined): Measurand {
  if (model === 'train') return ofTrain(given(trained));
  const options = model === 'own' ? ownNetwork(given(own)) : caseStudy[model].options;
  const { data, l2 } = options;
  return {
    options,
    withUnits: (units) => ({
      data,
      ...(l2 !== undefined && { l2 }),
      hidden: [units],
      learningRate: SMALL_RATE,
    }),
    facts: { sizes: sizesOf(options), rows: data.count, batch: data.count },
  };
}

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The model lacks its sizes or its network.');
  return value;
}

function ofTrain({ settings, data, of }: TrainedNetwork): Measurand {
  const options = trainerOptions(settings, data);
  const layers = Math.max(1, settings.hidden.length);
  const { batchSize } = settings;
  return {
    options,
    withUnits: (units) => ({
      ...trainerOptions({ ...settings, hidden: new Array(layers).fill(units) }, data),
      learningRate: SMALL_RATE,
    }),
    facts: {
      sizes: sizesOf(options),
      rows: data.count,
      batch: batchSize > 0 ? Math.min(batchSize, data.count) : data.count,
      ...(of > data.count && { of }),
      settings,
    },
  };
}

/** A network on normal rows, whose classes lie around points of their own. */
function ownNetwork({ hidden, points, features }: OwnSizes) {
  const random = new RandomState(0);
  const centres = random.randn(OWN_CLASSES * features);
  const inputs = random.randn(points * features);
  const labels = Uint32Array.from({ length: points }, (_, row) => row % OWN_CLASSES);
  for (let i = 0; i < inputs.length; i++) {
    const label = labels[Math.floor(i / features)];
    inputs[i] += centres[label * features + (i % features)];
  }
  const data: Dataset = { inputs, labels, count: points, features, classes: OWN_CLASSES };
  return { data, hidden: [hidden], learningRate: SMALL_RATE, l2: 1e-3 };
}

function sizesOf({ data, hidden = [] }: { data: AnyDataset; hidden?: readonly number[] }): number[] {
  return [data.features, ...hidden, 'labels' in data ? data.classes : data.outputs];
}
