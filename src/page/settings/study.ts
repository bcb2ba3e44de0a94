import { caseStudy } from '../../index.ts';
import { DEFAULTS, type Settings } from './settings.ts';

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
    features: DEFAULTS.features,
    hidden: options.hidden ?? [],
    initialization: 'notes',
    activation: 'relu',
    dropout: 0,
    loss: 'cross-entropy',
    classWeights: [],
    learningRate: options.learningRate,
    schedule: 'constant',
    warmup: 0,
    l2: options.l2 ?? 0,
    l1: 0,
    weightDecay: 0,
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
