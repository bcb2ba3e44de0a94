import { signal } from '@preact/signals';

/** How a person has chosen to see the pictures, which stays so when they are taken away. */
export const chosen = {
  /** Whether less certain regions are paler. */
  confidence: signal(false),
  /** Whether the loss has a logarithmic axis. */
  logarithmic: signal(false),
  /** Points of a curve over which each one is averaged. */
  smoothing: signal(1),
};
