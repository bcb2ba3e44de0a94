import { signal } from '@preact/signals';

export const VIEWS = ['train', 'learn', 'inside', 'benchmark'] as const;
export type View = (typeof VIEWS)[number];

/**
 * A view, after a slash a place in it, and after a question mark the settings of the run; all in the
 * fragment, which no server sees.
 */
interface Address {
  view: View;
  settings: string;
  /** A section of Learn, or an operation of Inside, as it is written in an address. */
  place?: string | undefined;
}

/** The present address; Back and Forward change it. */
export const address = signal<Address>(named());

addEventListener('popstate', () => {
  address.value = named();
});

/** An address without a view means the first view. */
function named(): Address {
  const [path, ...rest] = location.hash.slice(1).split('?');
  const [name, place] = path.split('/');
  return { view: VIEWS.find((view) => view === name) ?? VIEWS[0], settings: rest.join('?'), place };
}

export function hashOf({ view, settings, place }: Address): string {
  return `#${view}${place ? `/${place}` : ''}${settings && `?${settings}`}`;
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
