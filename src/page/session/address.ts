import { signal } from '@preact/signals';

export const VIEWS = ['train', 'inside', 'benchmark'] as const;
export type View = (typeof VIEWS)[number];

/**
 * A view and, after a question mark, the settings of the run; all in the fragment, which no server
 * sees.
 */
interface Address {
  view: View;
  settings: string;
}

/** The present address; Back and Forward change it. */
export const address = signal<Address>(named());

addEventListener('popstate', () => {
  address.value = named();
});

/** An address without a view means the first view. */
function named(): Address {
  const [name, ...rest] = location.hash.slice(1).split('?');
  return { view: VIEWS.find((view) => view === name) ?? VIEWS[0], settings: rest.join('?') };
}

export function hashOf({ view, settings }: Address): string {
  return `#${view}${settings && `?${settings}`}`;
}

/** Puts another address in the place of the present one. */
export function replaceAddress(next: Address): void {
  history.replaceState(null, '', hashOf(next));
  address.value = next;
}

/** Goes to an address and adds it to the history. */
export function goTo(next: Address): void {
  history.pushState(null, '', hashOf(next));
  address.value = next;
}
