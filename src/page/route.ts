import { signal } from '@preact/signals';

export type View = 'train' | 'benchmark';

export const VIEWS: Record<View, string> = { train: 'Train', benchmark: 'Benchmark' };

/** The view that the address names; Back and Forward change it. */
export const view = signal(named());

addEventListener('hashchange', () => {
  view.value = named();
});

/** Where the address names none, it is the first view. */
function named(): View {
  return location.hash === '#benchmark' ? 'benchmark' : 'train';
}
