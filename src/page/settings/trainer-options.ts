import {
  caseStudy,
  type Dataset,
  type LayerParameters,
  type Optimizer,
  RandomState,
  type TrainerOptions,
} from '../../index.ts';
import type { Settings } from './settings.ts';

/**
 * Normals that the notes' stream gives before the weights of the linear classifier, and of the
 * network.
 */
const DRAWN_BEFORE = { linear: 318, network: 324 };
const NOTES_DEVIATION = 0.01;

/** Adam's coefficients, as Kingma & Ba have them. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** A trainer's options without backend and device. */
export function trainerOptions(settings: Settings, data: Dataset): TrainerOptions {
  const { hidden, initialization, deviation, weightSeed, learningRate, l2, batchSize, precision } = settings;
  const sizes = [data.features, ...hidden, data.classes];
  return {
    data,
    hidden: [...hidden],
    learningRate,
    l2,
    optimizer: optimizerOf(settings),
    ...(batchSize > 0 && { batchSize }),
    precision,
    seed: weightSeed,
    ...(initialization === 'notes'
      ? { parameters: notesParameters(sizes) }
      : { initialization: initialization === 'normal' ? deviation : initialization }),
  };
}

function optimizerOf({ optimizer, momentum }: Settings): Optimizer {
  if (optimizer === 'adam') return { name: 'adam', ...ADAM };
  return { name: 'sgd', momentum: optimizer === 'momentum' ? momentum : 0 };
}

/** Weights drawn from the notes' random stream, for any network. */
function notesParameters(sizes: readonly number[]): LayerParameters[] {
  const random = new RandomState(0);
  random.randn(sizes.length === 2 ? DRAWN_BEFORE.linear : DRAWN_BEFORE.network);
  return sizes.slice(1).map((fanOut, layer) => ({
    weights: random.randn(sizes[layer] * fanOut).map((normal) => normal * NOTES_DEVIATION),
    biases: new Float64Array(fanOut),
  }));
}

export type Study = keyof typeof caseStudy;

/** The settings that make a run one of the notes'; all others are free. */
export function notesSettings(study: Study) {
  const { options, steps } = caseStudy[study];
  return {
    shape: 'spiral',
    classes: 3,
    perClass: 100,
    noise: 0.2,
    dataSeed: 0,
    testShare: 0,
    edits: [],
    hidden: options.hidden ?? [],
    initialization: 'notes',
    learningRate: options.learningRate,
    l2: options.l2 ?? 0,
    optimizer: 'sgd',
    batchSize: 0,
    stopStep: steps,
  } as const satisfies Partial<Settings>;
}

/** The run of the notes that the settings repeat, if any. */
export function studyOf(settings: Settings): Study | undefined {
  return (['linear', 'network'] as const).find((study) =>
    Object.entries(notesSettings(study)).every(
      ([key, value]) =>
        key === 'stopStep' || JSON.stringify(settings[key as keyof Settings]) === JSON.stringify(value),
    ),
  );
}
