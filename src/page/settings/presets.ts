import { DEFAULTS, type Settings } from './settings.ts';
import { notesSettings } from './trainer-options.ts';

export const PRESETS = ['network', 'linear', 'overfit', 'rate', 'dead', 'zero', 'deep', 'adam'] as const;

/** Settings that show an effect. The texts name each preset and tell what to look for. */
export type Preset = (typeof PRESETS)[number];

const PRESET_SETTINGS: Record<Preset, Partial<Settings>> = {
  network: notesSettings('network'),
  linear: notesSettings('linear'),
  // Ten points a class to learn from, and far more to see that it has learned them by heart.
  overfit: {
    perClass: 100,
    classes: 2,
    noise: 0.5,
    testShare: 0.9,
    hidden: [64, 64],
    initialization: 'he',
    learningRate: 0.3,
    l2: 0,
    stopStep: 5000,
  },
  rate: { hidden: [100], initialization: 'he', learningRate: 3, l2: 0.003, stopStep: 20_000 },
  dead: { hidden: [24], initialization: 'normal', deviation: 1, learningRate: 6, l2: 0, stopStep: 2000 },
  zero: { hidden: [24], initialization: 'normal', deviation: 0, stopStep: 1000 },
  deep: {
    shape: 'circles',
    hidden: [4, 4, 4, 4],
    classes: 2,
    noise: 0.1,
    initialization: 'he',
    weightSeed: 2,
    learningRate: 0.1,
    l2: 0,
    stopStep: 2000,
  },
  adam: { hidden: [32], initialization: 'he', optimizer: 'adam', learningRate: 0.01, l2: 0, stopStep: 2000 },
};

export function presetSettings(preset: Preset): Settings {
  return { ...DEFAULTS, ...PRESET_SETTINGS[preset] };
}
